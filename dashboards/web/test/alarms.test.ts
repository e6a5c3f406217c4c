import { expect, it } from "vitest";

import type { Alarms, UnitAlarm } from "@/api/endpoints";
import { badge } from "@/stores/alarms";

const unit = (now: boolean): UnitAlarm => ({
  unit: "u", name: "派出所", now, from: "2026-11-28T00:00:00+08:00", until: "2026-11-30T00:00:00+08:00",
  stands_in: null, stands_in_name: null, leader: "所长", count: 0, grids: [], text_zh: "",
});
const found = (units: UnitAlarm[], grids: number[] = []): Alarms => ({
  as_of: "", look_ahead_days: 7, units, grids: grids.map((count) => ({ missing: ["派出所"], count, grids: [], text_zh: "" })),
});

it("says nothing while everybody is there, or while nothing is known", () => {
  expect(badge(null)).toBeNull();
  expect(badge(found([]))).toBeNull();
});

it("tells those of now from those of later, and counts grids", () => {
  expect(badge(found([unit(true), unit(false), unit(false)], [3, 4]))).toEqual({ now: 1, ahead: 2, grids: 7 });
});
