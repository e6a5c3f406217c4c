/** The one selection that list, map and detail share, and what the pointer is on. */
import { computed, ref, watch } from "vue";

import { incident } from "./incidents";
import { rows, screen, type Screen } from "./view";

export const selected = ref<string | null>(null);
export const hovered = ref<string | null>(null);

/** The open one's place in the list; where it stood last when it has left the list. */
let lastIndex = 0;
const index = computed(() => rows.value.findIndex(({ id }) => id === selected.value));
watch(index, (at) => { if (at >= 0) lastIndex = at; });

export function open(id: string | null): void {
  selected.value = id;
}

export function move(by: number): void {
  const count = rows.value.length;
  if (count === 0) return;
  const from = index.value >= 0 ? index.value : by > 0 ? lastIndex - 1 : lastIndex;
  const to = selected.value === null ? 0 : Math.min(count - 1, Math.max(0, from + by));
  open(rows.value[to]?.id ?? null);
}

/** After one was settled: whatever stands now where it stood, or the last. */
export function next(settled: string): void {
  const at = rows.value.findIndex(({ id }) => id === settled);
  if (at >= 0) lastIndex = at;
  const rest = rows.value.filter(({ id }) => id !== settled);
  open(rest[Math.min(lastIndex, rest.length - 1)]?.id ?? null);
}

const SCREENS: readonly Screen[] = ["list", "unsure", "map"];

/** The address says which screen and which incident, so that a reload or a sent link shows the same. */
export function followAddress(): void {
  const [screenName, key] = location.hash.replace(/^#\/?/, "").split("/");
  if (SCREENS.includes(screenName as Screen)) screen.value = screenName as Screen;
  if (key) selected.value = decodeURIComponent(key);
  watch([screen, selected], ([where, id]) => {
    history.replaceState(null, "", id ? `#/${where}/${encodeURIComponent(id)}` : `#/${where}`);
  });
}

export const selectedSummary = computed(() => (selected.value === null ? undefined : incident(selected.value)));
