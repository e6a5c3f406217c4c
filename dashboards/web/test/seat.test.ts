/** What one may read is not shown to whoever sits down next. */
import { expect, test, vi } from "vitest";
import { nextTick } from "vue";

import type { IncidentDetail } from "@/types";
import { anIncident } from "./fixture";

const server = vi.hoisted(() => {
  const nothing = { getItem: (): null => null, setItem: (): void => undefined, removeItem: (): void => undefined };
  Object.assign(globalThis, { localStorage: nothing, sessionStorage: nothing });
  return { detail: vi.fn() };
});
vi.mock("@/api/endpoints", () => ({ api: server }));

const { detail, followSelection } = await import("@/stores/detail");
const { identity } = await import("@/stores/seat");
const { selected } = await import("@/stores/selection");

const full = (text: string | null): IncidentDetail => ({
  ...anIncident(), text, address: null, reporter: null, external: null, journal: [], why: null, flags: [], possible: [], category_choices: [], grid_choices: [],
});

test("the text that the desk read is gone at once, and asked for anew as the unit", async () => {
  identity.value = "desk";
  server.detail.mockResolvedValueOnce(full("他们打人"));
  selected.value = "i1";
  followSelection();
  await vi.waitFor(() => expect(detail.value?.text).toBe("他们打人"));
  server.detail.mockResolvedValueOnce(full(null));
  identity.value = "unit:99010110120002";
  expect(detail.value).toBeNull();
  await nextTick();
  await vi.waitFor(() => expect(detail.value?.text).toBeNull());
  expect(server.detail.mock.lastCall?.slice(0, 2)).toEqual(["i1", { role: "unit", unit: "99010110120002" }]);
});
