import { describe, expect, test } from "vitest";

import { ACTION_KEYS, CATALOG, inOrder } from "@/actions/catalog";
import { GO, resolve, type KeyState } from "@/keys/keymap";

const rest: KeyState = { afterG: false };
const press = (key: string, state = rest, change = {}) => resolve(state, { key, typing: false, modified: false, ...change });

describe("the key map", () => {
  test("every action has a key of its own, which is neither a movement nor g", () => {
    const keys = Object.values(ACTION_KEYS);
    expect(new Set(keys).size).toBe(keys.length);
    for (const taken of ["j", "k", "g", "/", "?", "1", "2", "3"]) expect(keys).not.toContain(taken);
  });

  test("a letter is its action", () => {
    for (const [action, { key }] of Object.entries(CATALOG)) expect(press(key).command).toEqual({ type: "act", action });
  });

  test("g and a letter go somewhere, and the letter alone does not", () => {
    const afterG = press("g");
    expect(afterG.command).toBeNull();
    expect(press("u", afterG.state)).toEqual({ command: { type: "go", where: "unsure" }, state: rest });
    expect(press("u").command).toEqual({ type: "act", action: "ask_suspension" });
    expect(Object.keys(GO)).not.toContain("g");
  });

  test("g b goes to the boundaries", () => {
    expect(press("b", press("g").state).command).toEqual({ type: "go", where: "boundaries" });
  });

  test("g and a letter that leads nowhere does nothing", () => {
    expect(press("#", press("g").state)).toEqual({ command: null, state: rest });
  });

  test("while somebody types, only Escape is ours", () => {
    expect(press("d", rest, { typing: true }).command).toBeNull();
    expect(press("Escape", rest, { typing: true }).command).toEqual({ type: "escape" });
  });

  test("the browser's own shortcuts stay its own", () => {
    expect(press("r", rest, { modified: true }).command).toBeNull();
  });

  test("digits choose", () => {
    expect(press("2").command).toEqual({ type: "choose", n: 2 });
  });
});

test("actions stand in the catalogue's order, and unknown ones are left out", () => {
  expect(inOrder(["merge", "teleport", "dispatch"])).toEqual(["dispatch", "merge"]);
});
