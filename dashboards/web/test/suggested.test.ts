import { beforeEach, expect, test, vi } from "vitest";

import type { IncidentDetail, Similar, Status } from "@/types";
import { anIncident } from "./fixture";

const server = vi.hoisted(() => ({ detail: vi.fn() }));
vi.mock("@/api/endpoints", () => ({ api: server }));

const { reload } = await import("@/stores/detail");
const { settle } = await import("@/stores/incidents");
const { selected } = await import("@/stores/selection");
const { mayRepeat, suggested } = await import("@/stores/similar");

const alike = (id: string, status?: Status): Similar => ({ id, number: `n-${id}`, score: 0.7, away_m: 5, days: 0, status });

async function opened(similar: Similar[]): Promise<void> {
  const own = anIncident({ id: "own" });
  server.detail.mockResolvedValue({ ...own, journal: [], possible: [], why: { similar } } as unknown as IncidentDetail);
  selected.value = "own";
  await reload();
}

beforeEach(() => vi.clearAllMocks());

test("what has ended is not offered as a repeat, and what moved on is told as it is now", async () => {
  await opened([alike("ended", "closed"), alike("moving", "dispatched"), alike("unknown")]);
  settle(anIncident({ id: "moving", status: "accepted", unit_name: "城管队", journal_no: 3 }));
  expect(suggested("own").map(({ id, status, unit_name }) => [id, status, unit_name])).toEqual([
    ["moving", "accepted", "城管队"], ["unknown", undefined, undefined],
  ]);
  expect(suggested("another")).toEqual([]);
  settle(anIncident({ id: "moving", status: "cancelled", journal_no: 4 }));
  expect(suggested("own").map(({ id }) => id)).toEqual(["unknown"]);
});

test("a row is marked while something that it may repeat is open", () => {
  const row = anIncident({ id: "row", likely_repeats: ["gone", "there"] });
  settle(anIncident({ id: "there", journal_no: 1 }));
  expect(mayRepeat(row)).toBe(true);
  settle(anIncident({ id: "there", journal_no: 2, status: "merged" }));
  expect(mayRepeat(row)).toBe(false);
  expect(mayRepeat(anIncident())).toBe(false);
});
