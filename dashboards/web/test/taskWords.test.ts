import { describe, expect, test } from "vitest";

import { endOf, inOrder, isPromise, momentsOf } from "@/text/taskWords";
import type { Deadline, Task } from "@/types";

const [OFFERED, ACCEPTED, ENDED] = ["2026-11-22T06:00:00Z", "2026-11-22T07:00:00Z", "2026-11-22T15:01:00Z"] as const;
const task = (change: Partial<Task>): Task => ({
  no: 1, role: "lead", unit: "1", unit_name: "一", status: "returned", offered_at: OFFERED, accepted_at: ACCEPTED, done_at: ENDED, deadlines: [], ...change,
});
const clock = (kind: string, ended_at: string | null): Deadline => ({ kind, due_at: ENDED, started_at: OFFERED, limit_text: "4 WH", ended_at });

describe("a task that was given up", () => {
  test("ended as returned or withdrawn, never as done", () => {
    expect(momentsOf(task({}))).toEqual([["offered", OFFERED], ["accepted", ACCEPTED], ["returned", ENDED]]);
    expect(momentsOf(task({ status: "withdrawn", accepted_at: null }))).toEqual([["offered", OFFERED], ["withdrawn", ENDED]]);
    expect(momentsOf(task({ status: "done" })).at(-1)).toEqual(["done", ENDED]);
  });

  test("keeps as met what was met before", () => {
    expect(endOf(clock("accept", ACCEPTED), task({}))).toBe("met");
    expect(endOf(clock("contact", ACCEPTED), task({}))).toBe("met");
    expect(endOf(clock("accept", ENDED), task({ accepted_at: null }))).toBe("lifted");
    expect(endOf(clock("contact", ENDED), task({}))).toBe("lifted");
  });

  test("leaves the promise to the reporter running", () => {
    expect(isPromise(clock("finish", null), task({}))).toBe(true);
    expect(isPromise(clock("finish", ENDED), task({}))).toBe(false);
    expect(isPromise(clock("finish", null), task({ status: "accepted" }))).toBe(false);
    expect(isPromise(clock("contact", null), task({}))).toBe(false);
  });
});

test("who is answerable stands above who helps, and what goes on above what is over", () => {
  const order = inOrder([
    task({ no: 1, status: "returned" }), task({ no: 2, status: "accepted" }), task({ no: 3, role: "joint", status: "offered" }),
    task({ no: 4, role: "joint", status: "accepted" }), task({ no: 5, role: "desk", status: "offered" }), task({ no: 6, role: "desk", status: "done" }),
  ]);
  expect(order.map(({ no }) => no)).toEqual([2, 5, 4, 3, 1, 6]);
});
