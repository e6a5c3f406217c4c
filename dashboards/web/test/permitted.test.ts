import { describe, expect, test } from "vitest";

import { permitted } from "@/actions/permitted";
import type { Actor, Task } from "@/types";
import { anIncident } from "./fixture";

const desk: Actor = { id: "desk-1", role: "desk" };
const unit: Actor = { id: "unit:1", role: "unit", unit: "1" };
const task = (change: Partial<Task>): Task => ({
  no: 1, role: "lead", unit: "1", unit_name: "一", status: "offered", offered_at: null, accepted_at: null, done_at: null, deadlines: [], ...change,
});

describe("whom a button is offered to", () => {
  test("the desk sends out and decides, and does not accept for a unit", () => {
    const incident = anIncident({ tasks: [task({})] });
    expect(permitted("dispatch", incident, desk)).toBe(true);
    expect(permitted("accept", incident, desk)).toBe(false);
  });

  test("a unit acts on its own open task only", () => {
    expect(permitted("accept", anIncident({ tasks: [task({})] }), unit)).toBe(true);
    expect(permitted("accept", anIncident({ tasks: [task({ unit: "2" })] }), unit)).toBe(false);
    expect(permitted("return", anIncident({ tasks: [task({ status: "withdrawn" })] }), unit)).toBe(false);
  });

  test("a joint unit does not ask for more time", () => {
    const incident = anIncident({ tasks: [task({ role: "joint", status: "accepted" })] });
    expect(permitted("resolve", incident, unit)).toBe(true);
    expect(permitted("ask_extension", incident, unit)).toBe(false);
  });

  test("nobody verifies what their own unit handled", () => {
    expect(permitted("verify", anIncident({ tasks: [task({ status: "done" })] }), unit)).toBe(false);
    expect(permitted("verify", anIncident({ tasks: [task({ unit: "2", status: "done" })] }), unit)).toBe(true);
  });
});
