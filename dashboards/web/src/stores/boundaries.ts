/** The boundary sets, the one that is looked at, and the finding in it that is chosen. */
import { computed, ref, shallowRef } from "vue";

import { type BoundaryHead, type BoundarySet, boundaries, type Finding, type FindingKind } from "@/api/boundaries";

export const heads = shallowRef<BoundaryHead[] | null>(null);
export const version = ref<number | null>(null);
export const boundarySet = shallowRef<BoundarySet | null>(null);
export const boundaryError = shallowRef<Error | null>(null);
export const kindShown = ref<FindingKind | null>(null);
const chosenId = ref<number | null>(null);

export const findings = computed<Finding[]>(() => {
  const all = boundarySet.value?.findings.features ?? [];
  return kindShown.value === null ? all : all.filter(({ properties }) => properties.kind === kindShown.value);
});
export const chosen = computed<Finding | null>(() =>
  boundarySet.value?.findings.features.find(({ id }) => id === chosenId.value) ?? null);

let abort: AbortController | null = null;

/** Asks anew which sets there are, and for the one that was looked at last, else the one in force. */
export async function loadBoundaries(): Promise<void> {
  await asking(async (signal) => {
    const found = await boundaries.list(signal);
    if (signal.aborted) return;
    heads.value = found;
    const still = found.find((head) => head.version === version.value);
    const first = still ?? found.find(({ state }) => state === "current") ?? found[0];
    if (first) await take(first.version, signal);
  });
}

export async function showVersion(wanted: number): Promise<void> {
  await asking((signal) => take(wanted, signal));
}

/** A page left open: sets come, and a moment passes that one has waited for. A failure leaves what is shown. */
export async function followBoundaries(): Promise<void> {
  if (heads.value === null) return loadBoundaries();
  const found = await boundaries.list(AbortSignal.timeout(10_000)).catch(() => null);
  if (found === null) return;
  if (version.value === null) return loadBoundaries();
  heads.value = found;
  const now = found.find((head) => head.version === boundarySet.value?.version);
  if (now && now.state !== boundarySet.value?.state) await showVersion(now.version);
}

export function pickFinding(id: number | null): void {
  chosenId.value = id;
  const kind = chosen.value?.properties.kind;
  if (kind !== undefined && kindShown.value !== null && kindShown.value !== kind) kindShown.value = null;
}

export function moveFinding(by: number): void {
  const list = findings.value;
  const at = list.findIndex(({ id }) => id === chosenId.value);
  const to = at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + by));
  if (list[to]) pickFinding(list[to].id);
}

export function showKind(kind: FindingKind | null): void {
  kindShown.value = kind;
  if (kind !== null && chosen.value?.properties.kind !== kind) chosenId.value = null;
}

async function take(wanted: number, signal: AbortSignal): Promise<void> {
  if (version.value !== wanted) {
    version.value = wanted;
    boundarySet.value = null;
    chosenId.value = null;
    kindShown.value = null;
  }
  const found = await boundaries.one(wanted, signal);
  if (!signal.aborted) boundarySet.value = found;
}

/** Only the last question counts. */
async function asking(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  abort?.abort();
  const mine = (abort = new AbortController());
  boundaryError.value = null;
  try {
    await work(mine.signal);
  } catch (error) {
    if (!mine.signal.aborted) boundaryError.value = error instanceof Error ? error : new Error(String(error));
  }
}
