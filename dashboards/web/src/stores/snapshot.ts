/** Loads every open incident, page by page; the first page is on the screen before the last is asked for. */
import { ref, shallowRef } from "vue";

import { api } from "@/api/endpoints";
import { backoff } from "@/live/backoff";
import { beginSnapshot, endSnapshot, takePage } from "./incidents";

export type Loading = "first" | "more" | "done";

export const loading = ref<Loading>("first");
/** How many of how many have come; until all have, every count is partial. Null before the first page. */
export const progress = shallowRef<{ n: number; total: number } | null>(null);
export const loadError = shallowRef<Error | null>(null);

let run = 0;

/** Starts over; an earlier run still under way gives up. Failures are shown and tried again. */
export async function loadSnapshot(): Promise<void> {
  const mine = ++run;
  for (let attempt = 0; mine === run; attempt++) {
    try {
      await pages(mine);
      loadError.value = null;
      return;
    } catch (error) {
      if (mine === run) loadError.value = error as Error;
      await new Promise((resolve) => setTimeout(resolve, backoff(attempt)));
    }
  }
}

async function pages(mine: number): Promise<void> {
  const listed = new Set<string>();
  beginSnapshot();
  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const page = await api.open(cursor);
    if (mine !== run) return;
    for (const { id } of page.items) listed.add(id);
    takePage(page.items);
    progress.value = { n: listed.size, total: Math.max(page.total, listed.size) };
    if (loading.value === "first") loading.value = "more";
    cursor = page.next;
  }
  endSnapshot(listed);
  loading.value = "done";
}
