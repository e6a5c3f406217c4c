import { beforeEach, describe, expect, test } from "vitest";

import { Drafts, type Keep } from "@/actions/draft";

class Memory implements Keep {
  private readonly held = new Map<string, string>();
  getItem = (key: string): string | null => this.held.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.held.set(key, value);
  removeItem = (key: string): void => void this.held.delete(key);
}

let keep: Memory;
let drafts: Drafts;
let made = 0;
const fresh = (): string => `id-${++made}`;

beforeEach(() => {
  keep = new Memory();
  drafts = new Drafts(keep);
  made = 0;
});

describe("an action's draft", () => {
  test("survives a reload", () => {
    drafts.type("i1", "return", { reason: "不属于本单位" });
    expect(new Drafts(keep).read("i1", "return").values).toEqual({ reason: "不属于本单位" });
  });

  test("the same body sent again goes under the same id, also after a reload", () => {
    const first = drafts.idFor("i1", "return", { reason: "a" }, fresh);
    expect(new Drafts(keep).idFor("i1", "return", { reason: "a" }, fresh)).toBe(first);
  });

  test("another body is another action", () => {
    const first = drafts.idFor("i1", "return", { reason: "a" }, fresh);
    expect(drafts.idFor("i1", "return", { reason: "b" }, fresh)).not.toBe(first);
  });

  test("a refused one keeps its text and gets a new id", () => {
    drafts.type("i1", "return", { reason: "a" });
    const first = drafts.idFor("i1", "return", { reason: "a" }, fresh);
    drafts.refused("i1", "return");
    expect(drafts.read("i1", "return").values).toEqual({ reason: "a" });
    expect(drafts.idFor("i1", "return", { reason: "a" }, fresh)).not.toBe(first);
  });

  test("is gone once the server has it", () => {
    drafts.type("i1", "return", { reason: "a" });
    drafts.done("i1", "return");
    expect(drafts.read("i1", "return").values).toEqual({});
  });

  test("a storage that refuses costs the copy and nothing else", () => {
    const full = new Drafts({ getItem: () => null, removeItem: () => undefined, setItem: () => { throw new Error("full"); } });
    expect(full.idFor("i1", "accept", {}, fresh)).toBe("id-1");
  });
});
