import { describe, expect, test } from "vitest";

import { ruleAgainst, whoInstead } from "@/actions/whyNot";
import type { IncidentDetail, Task } from "@/types";
import { anIncident } from "./fixture";

const task = (change: Partial<Task>): Task => ({
  no: 1, role: "lead", unit: "1", unit_name: "一队", status: "accepted", offered_at: null, accepted_at: null, done_at: null, deadlines: [], ...change,
});
const full = (change: Partial<IncidentDetail>): IncidentDetail => ({
  ...anIncident(), text: null, address: null, reporter: null, external: null, journal: [], why: null, flags: [], possible: [], category_choices: [], grid_choices: [], ...change,
});

describe("a key that does nothing says", () => {
  test("to whom the action belongs", () => {
    const incident = full({ tasks: [task({}), task({ no: 2, role: "joint", unit_name: "二队", status: "offered" })] });
    expect(whoInstead("verify", incident).key).toBe("who.verify");
    expect(whoInstead("dispatch", incident).key).toBe("who.desk");
    expect(whoInstead("cancel", incident).key).toBe("who.reporter");
    expect(whoInstead("progress", incident).key).toBe("who.both");
    expect(whoInstead("resolve", incident)).toEqual({ key: "who.unit", params: { unit: "一队、二队" } });
    expect(whoInstead("accept", incident)).toEqual({ key: "who.unit", params: { unit: "二队" } });
    expect(whoInstead("ask_extension", incident)).toEqual({ key: "who.unit", params: { unit: "一队" } });
  });

  test("which rule stands against it", () => {
    const urgent = full({ limit_class: "A", why: { limits: { may_return: false, may_extend: false } } });
    expect(ruleAgainst("return", urgent)).toEqual({ key: "rule.noReturn", params: { class: "A" } });
    expect(ruleAgainst("ask_extension", full({ ...urgent, status: "accepted" }))?.key).toBe("rule.noExtension");
    expect(ruleAgainst("return", full({ tasks: [task({ designated: true })] }))?.key).toBe("rule.designated");
    expect(ruleAgainst("ask_extension", full({ status: "accepted", extended: true }))?.key).toBe("rule.extendedOnce");
  });

  test("nothing of rules where it is the status", () => {
    const ended = full({ status: "closed", limit_class: "A", why: { limits: { may_return: false } } });
    expect(ruleAgainst("return", ended)).toBeNull();
  });
});
