/** The one selection that list, map and detail share, and what the pointer is on. */
import { computed, ref, watch } from "vue";

import { readAddress, writeAddress } from "./address";
import { incident } from "./incidents";
import { rows, screen } from "./view";

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

/** The address says which screen and which incident, so that a reload, a sent link, a pasted one and Back show the same. */
export function followAddress(): () => void {
  obeyAddress();
  const stop = watch([screen, selected], noteAddress);
  addEventListener("hashchange", obeyAddress);
  addEventListener("popstate", obeyAddress);
  return () => {
    stop();
    removeEventListener("hashchange", obeyAddress);
    removeEventListener("popstate", obeyAddress);
  };
}

function obeyAddress(): void {
  const place = readAddress(location.hash);
  if (place.screen !== null) screen.value = place.screen;
  selected.value = place.id;
  // An address that names no screen would go on saying what is not shown.
  if (place.screen === null && location.hash !== "") noteAddress();
}

function noteAddress(): void {
  history.replaceState(null, "", writeAddress(screen.value, selected.value));
}

export const selectedSummary = computed(() => (selected.value === null ? undefined : incident(selected.value)));
