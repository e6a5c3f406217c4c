import { expect, test } from "vitest";

import { again } from "@/actions/again";
import type { Task } from "@/types";

const task = (change: Partial<Task>): Task => ({
  no: 1, role: "lead", unit: "1", unit_name: "一队", status: "accepted", offered_at: null, accepted_at: null, done_at: null, deadlines: [], ...change,
});

test("the unit that holds it is named, with those whose tasks go too", () => {
  const tasks = [task({ status: "offered" }), task({ no: 2, role: "joint", unit: "2", unit_name: "二队" }), task({ no: 3, role: "joint", unit: "3", unit_name: "三队", status: "done" })];
  expect(again("1", { tasks })).toEqual({ unit: "一队", joint: ["二队"] });
});

test("another unit, a helper, or a task that is over is no second dispatch", () => {
  expect(again("9", { tasks: [task({})] })).toBeNull();
  expect(again("1", { tasks: [task({ status: "returned" })] })).toBeNull();
  expect(again("2", { tasks: [task({}), task({ no: 2, role: "joint", unit: "2" })] })).toBeNull();
  expect(again(undefined, { tasks: [] })).toBeNull();
});
