/** What an incident may repeat: of triage, or found for whoever sits here and nobody else. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nextTick } from "vue";

import type { IncidentDetail, Similar } from "@/types";
import { anIncident } from "./fixture";

const server = vi.hoisted(() => {
  const nothing = { getItem: (): null => null, setItem: (): void => undefined, removeItem: (): void => undefined };
  Object.assign(globalThis, { localStorage: nothing, sessionStorage: nothing });
  return { detail: vi.fn(), explain: vi.fn() };
});
vi.mock("@/api/endpoints", () => ({ api: server }));
vi.mock("@/stores/settings", () => ({ t: (key: string) => key, term: (_: string, key: string) => key }));

const { reload } = await import("@/stores/detail");
const { identity } = await import("@/stores/identity");
const { followPast } = await import("@/stores/past");
const { selected } = await import("@/stores/selection");
const { joinable, likely, suggested } = await import("@/stores/similar");

const other = (number: string, may_merge?: boolean): Similar => ({ id: number, number, score: 0.7, away_m: 20, days: 1, may_merge });
const numbers = (found: Similar[]): string[] => found.map(({ number }) => number);

async function show(similar: Similar[]): Promise<void> {
  const full: IncidentDetail = {
    ...anIncident(), text: null, address: null, reporter: null, external: null, journal: [], why: { similar }, flags: [],
    possible: ["merge"], category_choices: [], grid_choices: [],
  };
  server.detail.mockResolvedValue(full);
  selected.value = full.id;
  await reload();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  likely.value = null;
});
afterEach(() => { vi.useRealTimers(); });

test("where triage found nothing, what is found now is offered; what may not be joined is shown and not joined", async () => {
  await show([]);
  likely.value = { of: "i1", found: [other("a", false), other("b", true)] };
  expect(numbers(suggested("i1"))).toEqual(["a", "b"]);
  expect(numbers(joinable("i1"))).toEqual(["b"]);
});

test("what was found for another incident is not shown, and what triage found comes first", async () => {
  await show([]);
  likely.value = { of: "i2", found: [other("a")] };
  expect(suggested("i1")).toEqual([]);
  await show([other("t")]);
  likely.value = { of: "i1", found: [other("a")] };
  expect(numbers(joinable("i1"))).toEqual(["t"]);
});

test("whoever sits down instead sees nothing of what the desk was shown, and is asked for anew", async () => {
  server.explain.mockImplementation((_: string, { role }: { role: string }) => Promise.resolve({ past: [], likely: role === "desk" ? [other("a")] : [] }));
  identity.value = "desk";
  await show([]);
  const stop = followPast();
  await vi.advanceTimersByTimeAsync(300);
  expect(numbers(suggested("i1"))).toEqual(["a"]);
  identity.value = "unit:99010110130001";
  await nextTick();
  expect(suggested("i1")).toEqual([]);
  await vi.advanceTimersByTimeAsync(300);
  expect(server.explain.mock.lastCall?.slice(0, 2)).toEqual(["i1", expect.objectContaining({ role: "unit", unit: "99010110130001" })]);
  expect(suggested("i1")).toEqual([]);
  stop();
});
