/**
 * Earlier matters like the open one (类似的办过的事), and open ones that a report in doubt or a sensitive one may repeat, asked for
 * when somebody stays on it.
 */
import { shallowRef, watch } from "vue";

import { api } from "@/api/endpoints";
import type { PastMatter } from "@/types";
import { detail } from "./detail";
import { identity, viewer } from "./seat";
import { likely } from "./similar";

/** Whoever moves through the list with j asks for nothing. */
const STAYS_MS = 250;

/** Null while unknown. */
export const past = shallowRef<PastMatter[] | null>(null);
export const pastFailed = shallowRef(false);

/** Asks for those of each incident that is opened, and again when its category becomes another or somebody else sits here. */
export function followPast(): () => void {
  const opened = [() => detail.value?.id, () => detail.value?.category, identity] as const;
  return watch(opened, ([id], _, onCleanup) => {
    past.value = null;
    likely.value = null;
    pastFailed.value = false;
    if (id === undefined) return;
    const abort = new AbortController();
    const timer = setTimeout(() => void ask(id, abort.signal), STAYS_MS);
    onCleanup(() => { clearTimeout(timer); abort.abort(); });
  }, { immediate: true });
}

async function ask(id: string, signal: AbortSignal): Promise<void> {
  try {
    const found = await api.explain(id, viewer.value, signal);
    if (signal.aborted) return;
    past.value = found.past;
    likely.value = { of: id, found: found.likely };
  } catch {
    if (!signal.aborted) pastFailed.value = true;
  }
}
