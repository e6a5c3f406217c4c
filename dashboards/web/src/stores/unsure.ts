/** The unsure queue's numbered choices: which category, which grid, and the unit that follows from both. */
import { computed, reactive, watch } from "vue";

import type { Values } from "@/actions/draft";
import { api, type Assigned } from "@/api/endpoints";
import type { ActionName, Choice, IncidentDetail } from "@/types";
import { draftFor, drafts, openForm, possible, submit } from "./acting";
import { detail } from "./detail";
import { gridName } from "./reference";
import { next } from "./selection";

export type GroupName = "category" | "grid";
export interface Group { name: GroupName; choices: Choice[] }

interface Picked { incident: string | null; category: string | null; grid: string | null; unit: string | null; active: GroupName }

export const picked = reactive<Picked>({ incident: null, category: null, grid: null, unit: null, active: "category" });
/** What the rules say for the category and grid chosen; null while unknown. */
export const suggestion = reactive<{ found: Assigned | null; asked: boolean }>({ found: null, asked: false });

const TOP = 3;

export const groups = computed<Group[]>(() => {
  const full = detail.value;
  if (full === null) return [];
  const own = full.category && full.category_name ? [{ code: full.category, name: full.category_name }] : [];
  const grids = full.grid_choices.length > 0 ? full.grid_choices : full.grid_candidates.map((code) => ({ code, name: gridName(code) }));
  return [
    { name: "category", choices: top(full.category_choices.length > 0 ? full.category_choices : own) },
    { name: "grid", choices: top(grids) },
  ];
});

const top = (choices: Choice[]): Choice[] => choices.slice(0, TOP);

/** Whether it waits for a unit; sending out anew what a unit holds already takes a deliberate d. */
export const canDispatch = computed(() =>
  (possible.value?.includes("dispatch") ?? false) && (detail.value?.status === "queued" || detail.value?.status === "returned"));

/** What still has to be chosen before it can go out. A grid is not demanded: some matters have no place. */
export const missing = computed<("category" | "unit")[]>(() =>
  (["category", "unit"] as const).filter((name) => picked[name] === null));

watch(detail, (full) => { if (full !== null && full.id !== picked.incident) begin(full); });

function begin(full: IncidentDetail): void {
  const kept = draftFor(full.id, "dispatch").values;
  const start = (name: GroupName, known: string | null): string | null => (kept[name] as string | undefined) ?? known;
  Object.assign(picked, {
    incident: full.id, category: start("category", full.category), grid: start("grid", full.grid),
    unit: (kept["unit"] as string | undefined) ?? full.unit,
  });
  picked.active = picked.category === null ? "category" : "grid";
}

watch(() => [picked.incident, picked.category, picked.grid] as const, ([, category, grid], _, onCleanup) => {
  suggestion.found = null;
  suggestion.asked = false;
  if (category === null) return;
  const abort = new AbortController();
  onCleanup(() => abort.abort());
  void suggest(category, grid, abort.signal);
});

async function suggest(category: string, grid: string | null, signal: AbortSignal): Promise<void> {
  try {
    const assigned = await api.assign(category, grid, signal);
    if (signal.aborted) return;
    Object.assign(suggestion, { found: assigned, asked: true });
    if (assigned.unit !== null) picked.unit = assigned.unit;
  } catch {
    if (!signal.aborted) suggestion.asked = true;
  }
}

export function pick(name: GroupName, code: string): void {
  picked[name] = code;
  keep();
  if (name === "category" && picked.grid === null) picked.active = "grid";
}

export function pickUnit(code: string): void {
  picked.unit = code;
  keep();
}

/** The n-th of the active group, counted from one. */
export function choose(n: number): void {
  const choice = groups.value.find(({ name }) => name === picked.active)?.choices[n - 1];
  if (choice && canDispatch.value) pick(picked.active, choice.code);
}

export function otherGroup(by: 1 | -1): void {
  picked.active = by === 1 ? "grid" : "category";
}

function values(): Values {
  const { category, grid, unit } = picked;
  return Object.fromEntries(Object.entries({ category, grid, unit }).filter(([, value]) => value !== null));
}

function keep(): void {
  if (picked.incident !== null) drafts.type(picked.incident, "dispatch", { ...draftFor(picked.incident, "dispatch").values, ...values() });
}

const DECISIONS: readonly ActionName[] = ["decide_extension", "decide_suspension", "resume", "progress"];

/** Enter: sends it out and opens the next; where nothing can be dispatched, opens the decision that is asked for. */
export async function confirmChoice(): Promise<void> {
  const full = detail.value;
  if (full === null) return;
  if (!canDispatch.value) {
    const decision = DECISIONS.find((action) => possible.value?.includes(action));
    if (decision) openForm(decision);
    return;
  }
  if (missing.value.length > 0) return;
  const sent = submit(full, "dispatch", values());
  next(full.id);
  await sent;
}
