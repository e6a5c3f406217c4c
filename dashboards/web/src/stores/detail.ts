/** The open incident in full: asked for when opened, grown by live entries, asked for again after a change. */
import { computed, ref, shallowRef, watch } from "vue";

import { ApiError } from "@/api/client";
import { api } from "@/api/endpoints";
import type { IncidentDetail, IncidentEvent, IncidentSummary, JournalEntry } from "@/types";
import { incident, isGuess } from "./incidents";
import { identity, viewer } from "./seat";
import { selected } from "./selection";

const AGAIN = 2000; // ms until a load that has failed is tried again
const loaded = shallowRef<IncidentDetail | null>(null);
/** Since the details came something has changed: what is possible may no longer be. */
const stale = ref(false);
export const detailError = shallowRef<Error | null>(null);
export const gone = ref(false);

let abort: AbortController | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** The detail of the open incident, with the newest summary laid over it. */
export const detail = computed<IncidentDetail | null>(() => {
  const full = loaded.value;
  if (full === null || (full.id !== selected.value && full.number !== selected.value)) return null;
  const newer = incident(full.id);
  return newer && newer.journal_no >= full.journal_no ? { ...full, ...newer } : full;
});

/** Whether all of it is as new as the row: what follows from a change is asked for a moment after it. */
export const isSettled = computed(() => {
  const full = loaded.value;
  return full !== null && !stale.value && !isGuess(full.id) && full.journal_no >= (incident(full.id)?.journal_no ?? 0);
});

/** What the pane can show at once: the detail, or the row while the detail is on its way. */
export const shown = computed<IncidentSummary | null>(() =>
  detail.value ?? (selected.value === null ? null : incident(selected.value) ?? null));

export async function reload(): Promise<void> {
  clearTimeout(timer);
  const id = selected.value;
  if (id === null) return;
  abort?.abort();
  const mine = (abort = new AbortController());
  try {
    const full = await api.detail(id, viewer.value, mine.signal);
    if (mine.signal.aborted) return;
    loaded.value = full;
    stale.value = false;
    detailError.value = null;
    if (full.id !== id) selected.value = full.id;
  } catch (error) {
    if (!mine.signal.aborted) fail(error as Error);
  }
}

function fail(error: Error): void {
  detailError.value = error;
  gone.value = error instanceof ApiError && error.problem.status === 404;
  // What is shown is older than the row: until it is not, keys that act have to wait.
  if (stale.value && !gone.value) timer = setTimeout(() => void reload(), AGAIN);
}

/** Live entries join the journal at once; what follows from them (possible actions) is asked for a moment later. */
export function grow(event: IncidentEvent): void {
  const full = loaded.value;
  if (full === null || full.id !== event.incident.id || event.incident.journal_no <= full.journal_no) return;
  overlay({ ...full, ...event.incident, journal: joined(full.journal, event.entries) });
  clearTimeout(timer);
  timer = setTimeout(() => void reload(), 150);
}

/** The answer to an action is the newest that is known, also of an incident that has left the list with it. */
export function renew(newest: IncidentSummary): void {
  if (loaded.value?.id === newest.id) overlay({ ...loaded.value, ...newest });
}

function overlay(full: IncidentDetail): void {
  loaded.value = full;
  stale.value = true;
}

function joined(journal: JournalEntry[], entries: JournalEntry[]): JournalEntry[] {
  const known = new Set(journal.map(({ no }) => no));
  return [...journal, ...entries.filter(({ no }) => !known.has(no))].sort((a, b) => a.no - b.no);
}

/** Loads what is opened, and loads it anew for whoever sits down: what one may read is not for the next. */
export function followSelection(): void {
  watch(identity, () => { loaded.value = null; }, { flush: "sync" });
  watch([selected, identity], () => {
    detailError.value = null;
    gone.value = false;
    void reload();
  }, { immediate: true });
}
