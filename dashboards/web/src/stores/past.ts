/** Earlier matters like the open one (类似的办过的事), asked for when somebody stays on it. */
import { shallowRef, watch } from "vue";

import { api } from "@/api/endpoints";
import type { PastMatter } from "@/types";
import { detail } from "./detail";

/** Whoever moves through the list with j asks for nothing. */
const STAYS_MS = 250;

/** Null while unknown. */
export const past = shallowRef<PastMatter[] | null>(null);
export const pastFailed = shallowRef(false);

/** Asks for those of each incident that is opened, and again when its category becomes another. */
export function followPast(): () => void {
  return watch(() => [detail.value?.id, detail.value?.category] as const, ([id], _, onCleanup) => {
    past.value = null;
    pastFailed.value = false;
    if (id === undefined) return;
    const abort = new AbortController();
    const timer = setTimeout(() => void ask(id, abort.signal), STAYS_MS);
    onCleanup(() => { clearTimeout(timer); abort.abort(); });
  }, { immediate: true });
}

async function ask(id: string, signal: AbortSignal): Promise<void> {
  try {
    const found = await api.past(id, signal);
    if (!signal.aborted) past.value = found;
  } catch {
    if (!signal.aborted) pastFailed.value = true;
  }
}
