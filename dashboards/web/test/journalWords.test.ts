import { describe, expect, test } from "vitest";

import { otherIncident, requestOf, whoOf } from "@/text/journalWords";
import type { Task } from "@/types";

const entry = (type: string, data: Record<string, unknown>) => ({ no: 1, type, at: "2026-11-22T06:00:00Z", data });

describe("a journal entry", () => {
  test("of a merger names the other incident, on both sides", () => {
    expect(otherIncident(entry("merged", { into: "i2" }))).toBe("i2");
    expect(otherIncident(entry("child_joined", { child: "i1" }))).toBe("i1");
    expect(otherIncident(entry("linked_by", { later: "i3" }))).toBe("i3");
    expect(otherIncident(entry("raised", { by: "i3" }))).toBe("i3");
    expect(otherIncident(entry("accepted", { into: "i2" }))).toBeNull();
  });
});

test("a person is named with the unit, a unit once, and who has no name by what they are", () => {
  const say = { unit: (code: string) => ({ u1: "环卫所" })[code] ?? code, role: (role: string) => `role ${role}` };
  expect(whoOf({ id: "1", name: "李强", role: "unit", unit: "u1" }, say)).toBe("李强（环卫所）");
  expect(whoOf({ id: "1", name: "环卫所", role: "unit", unit: "u1" }, say)).toBe("环卫所");
  expect(whoOf({ id: "1", role: "unit", unit: "u1" }, say)).toBe("环卫所");
  expect(whoOf({ id: "1", role: "machine" }, say)).toBe("role machine");
  expect(whoOf(null, say)).toBe("");
});

describe("the request that a decision answers", () => {
  const desk: Task = {
    no: 2, role: "desk", unit: "desk", unit_name: null, status: "offered", offered_at: null, accepted_at: null, done_at: null, deadlines: [],
    doubts: ["extension_asked"], asked: "5",
  };
  const asked = { ...entry("extension_asked", { days: 3, reason: "等配件" }), actor: { id: "u", name: "王某", role: "unit" } };

  test("says how much, why and who, of the newest one", () => {
    const journal = [entry("extension_asked", { days: 9, reason: "旧" }), asked];
    expect(requestOf("decide_extension", { journal, tasks: [] })).toMatchObject({ kind: "extension", amount: "3", reason: "等配件", who: "王某" });
    const pause = entry("suspension_asked", { until: "2026-12-01T00:00:00+08:00", reason: "等法院" });
    expect(requestOf("decide_suspension", { journal: [pause], tasks: [] })?.amount).toBe("2026-12-01T00:00:00+08:00");
  });

  test("is known by the desk's task where the journal lacks it", () => {
    expect(requestOf("decide_extension", { journal: [], tasks: [desk] })?.amount).toBe("5");
    expect(requestOf("decide_suspension", { journal: [], tasks: [desk] })).toBeNull();
  });

  test("is no part of other forms", () => {
    expect(requestOf("dispatch", { journal: [asked], tasks: [desk] })).toBeNull();
  });
});
