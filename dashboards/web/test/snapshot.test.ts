import { expect, test, vi } from "vitest";
import { watch } from "vue";

import { loading, loadSnapshot, progress } from "@/stores/snapshot";
import { anIncident } from "./fixture";

const pages = vi.hoisted(() => ({ turn: (_: string | null): unknown => undefined }));
vi.mock("@/api/endpoints", () => ({ api: { open: async (cursor: string | null) => pages.turn(cursor) } }));

test("while pages come it is known how many of how many are here", async () => {
  const seen: unknown[] = [];
  const stop = watch([loading, progress], () => seen.push([loading.value, progress.value]), { flush: "sync" });
  pages.turn = (cursor) => cursor === null
    ? { items: [anIncident({ id: "a" }), anIncident({ id: "b" })], next: "2", total: 3 }
    : { items: [anIncident({ id: "c" })], next: null, total: 3 };
  expect([loading.value, progress.value]).toEqual(["first", null]);
  await loadSnapshot();
  stop();
  expect(seen).toContainEqual(["more", { n: 2, total: 3 }]);
  expect(seen.at(-1)).toEqual(["done", { n: 3, total: 3 }]);
});
