import { describe, expect, test } from "vitest";

import { sorted } from "@/stores/order";
import { anIncident, due } from "./fixture";

const late = anIncident({ id: "late", number: "1", next_deadline: due("2026-11-22T05:00:00Z") });
const soon = anIncident({ id: "soon", number: "2", severity: 2, next_deadline: due("2026-11-22T07:00:00Z") });
const none = anIncident({ id: "none", number: "3", severity: 1, received_at: "2026-11-22T09:00:00Z" });

describe("the order of the list", () => {
  test("what runs out first stands first, and what has no limit last", () => {
    expect(sorted([none, soon, late], "due").map(({ id }) => id)).toEqual(["late", "soon", "none"]);
  });

  test("by weight, the limit decides between equals", () => {
    const other = anIncident({ id: "other", severity: 2, next_deadline: due("2026-11-22T06:30:00Z") });
    expect(sorted([late, soon, none, other], "severity").map(({ id }) => id)).toEqual(["none", "other", "soon", "late"]);
  });

  test("the newest first is by the time of receipt", () => {
    expect(sorted([late, none], "newest")[0]?.id).toBe("none");
  });

  test("equal ones stand by number, whatever order they came in", () => {
    const a = anIncident({ id: "a", number: "7" });
    const b = anIncident({ id: "b", number: "8" });
    expect(sorted([b, a], "due")).toEqual(sorted([a, b], "due"));
  });
});
