import { expect, test } from "vitest";

import { assignedWords } from "@/text/assigned";

test("a unit is named, by its number where it has no name", () => {
  expect(assignedWords({ unit: "U1", unit_name: "城管中队", joint: [] }, null)).toEqual({ key: "assign.suggested", params: { unit: "城管中队" } });
  expect(assignedWords({ unit: "U1", unit_name: null, joint: [] }, "001")).toEqual({ key: "assign.suggested", params: { unit: "U1" } });
});

test("that no rule names a unit is said only of a place that is known", () => {
  expect(assignedWords({ unit: null, unit_name: null, joint: [] }, null).key).toBe("assign.gridFirst");
  expect(assignedWords({ unit: null, unit_name: null, joint: [] }, "001").key).toBe("assign.none");
});
