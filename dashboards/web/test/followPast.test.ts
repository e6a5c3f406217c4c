import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nextTick, type ShallowRef } from "vue";

import type { IncidentDetail } from "@/types";

// What is open and who sits here come from stores that want a browser.
vi.mock("@/api/endpoints", () => ({ api: { explain: vi.fn(() => Promise.resolve({ past: [], likely: [] })) } }));
vi.mock("@/stores/detail", async () => ({ detail: (await import("vue")).shallowRef(null) }));
vi.mock("@/stores/similar", async () => ({ likely: (await import("vue")).shallowRef(null) }));

import { api } from "@/api/endpoints";
import * as stores from "@/stores/detail";
import { followPast } from "@/stores/past";

const detail = stores.detail as ShallowRef<IncidentDetail | null>;
const explain = vi.mocked(api.explain);
const opened = (change: Partial<IncidentDetail>): IncidentDetail => ({ id: "i1", category: "0501", ...change }) as IncidentDetail;

let stop: () => void;
beforeEach(() => { vi.useFakeTimers(); explain.mockClear(); detail.value = null; stop = followPast(); });
afterEach(() => { stop(); vi.useRealTimers(); });

async function becomes(one: IncidentDetail | null): Promise<void> {
  detail.value = one;
  await nextTick();
  await vi.advanceTimersByTimeAsync(1_000);
}

test("earlier matters are asked for once, however often the open incident changes otherwise", async () => {
  await becomes(opened({ version: 1 }));
  await becomes(opened({ version: 2 }));
  expect(explain).toHaveBeenCalledTimes(1);
});

test("another category or another incident asks anew", async () => {
  await becomes(opened({}));
  await becomes(opened({ category: "0506" }));
  await becomes(opened({ id: "i2", category: "0506" }));
  expect(explain.mock.calls.map(([id]) => id)).toEqual(["i1", "i1", "i2"]);
});
