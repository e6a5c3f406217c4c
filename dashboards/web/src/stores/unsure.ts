/** The unsure queue's numbered choices: which category, which grid, and the unit that follows from both. */
import { computed, reactive, watch } from "vue";

import { blank, type Values } from "@/actions/draft";
import { api, type Assigned } from "@/api/endpoints";
import type { ActionName, Choice, IncidentDetail } from "@/types";
import { draftFor, drafts, openForm, possible, submit } from "./acting";
import { detail } from "./detail";
import { gridName } from "./reference";
import { viewer } from "./seat";
import { next } from "./selection";
import { t } from "./settings";
import { codeOf, numberIn, spot, spotChoices, spotNo, spots, village } from "./spots";
import { screen } from "./view";

export type GroupName = "category" | "grid";
/** `chosen` is a choice's code, or one that is not among them. */
export interface Group { name: GroupName; choices: Choice[]; chosen: string | null }

interface Picked { incident: string | null; category: string | null; grid: string | null; unit: string | null; joint: string[]; active: GroupName }

export const picked = reactive<Picked>({ incident: null, category: null, grid: null, unit: null, joint: [], active: "category" });
/** What the rules say for the category and grid chosen; null while unknown. */
export const suggestion = reactive<{ found: Assigned | null; asked: boolean }>({ found: null, asked: false });

const TOP = 3;

export const groups = computed<Group[]>(() => {
  const full = detail.value;
  if (full === null) return [];
  const own = full.category && full.category_name ? [{ code: full.category, name: full.category_name }] : [];
  const grids = full.grid_choices.length > 0 ? full.grid_choices : full.grid_candidates.map((code) => ({ code, name: gridName(code) }));
  return [
    { name: "category", choices: top(full.category_choices.length > 0 ? full.category_choices : own), chosen: picked.category },
    { name: "grid", choices: spotChoices.value ?? top(grids), chosen: village.value === null && spot.value ? codeOf(spot.value.n) : picked.grid },
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
    unit: (kept["unit"] as string | undefined) ?? full.unit, joint: (kept["joint"] as string[] | undefined) ?? [],
  });
  picked.active = picked.category === null ? "category" : "grid";
}

watch(() => [picked.incident, picked.category, picked.grid] as const, ([incident, category, grid], [before], onCleanup) => {
  // The unit that the rules named for the choice before must not go out with this one, however fast Enter comes.
  if (incident === before && suggestion.found !== null && suggestion.found.unit === picked.unit) picked.unit = null;
  suggestion.found = null;
  suggestion.asked = false;
  if (incident !== before || category === null) picked.joint = [];
  if (category === null || incident === null) return;
  const abort = new AbortController();
  onCleanup(() => abort.abort());
  void suggest(category, grid, incident, abort.signal);
});

async function suggest(category: string, grid: string | null, incident: string, signal: AbortSignal): Promise<void> {
  try {
    const assigned = await api.assign(category, grid, incident, viewer.value, signal);
    if (signal.aborted) return;
    Object.assign(suggestion, { found: assigned, asked: true });
    if (assigned.unit !== null) picked.unit = assigned.unit;
    picked.joint = assigned.joint.map(({ unit }) => unit);
  } catch {
    if (!signal.aborted) suggestion.asked = true;
  }
}

export function pick(name: GroupName, code: string): void {
  const n = name === "grid" ? numberIn(code) : null;
  if (n !== null) return pickSpot(n);
  if (name === "grid" && !spot.value?.grids.includes(code)) spotNo.value = null;
  picked[name] = code;
  keep();
  if (name === "category" && picked.grid === null) picked.active = "grid";
}

/** Places the incident at one of the places that its words may mean; where that is a village, its grids come next. */
export function pickSpot(n: number): void {
  const found = spots.value.find((one) => one.n === n);
  if (found === undefined || found.grids.length === 0 || !canDispatch.value) return;
  screen.value = "unsure"; // where the rest is chosen and Enter sends it out
  spotNo.value = n;
  picked.grid = found.grids.length === 1 ? (found.grids[0] ?? null) : null;
  picked.active = "grid";
  keep();
}

/** Back from the grids of a village to the places. */
export function leaveSpot(): void {
  if (spotNo.value === null || !canDispatch.value) return;
  spotNo.value = null;
  picked.grid = null;
  keep();
}

export function pickUnit(code: string): void {
  picked.unit = code;
  keep();
}

export function pickJoint(units: string[]): void {
  picked.joint = units;
  keep();
}

/** The n-th of the active group, counted from one; 0 takes the place back. Elsewhere digits mean the map's points. */
export function choose(n: number): void {
  if (n === 0) return leaveSpot();
  if (screen.value !== "unsure") return pickSpot(n);
  const choice = groups.value.find(({ name }) => name === picked.active)?.choices[n - 1];
  if (choice && canDispatch.value) pick(picked.active, choice.code);
}

export function otherGroup(by: 1 | -1): void {
  picked.active = by === 1 ? "grid" : "category";
}

function values(): Values {
  const { category, grid, unit } = picked;
  const joint = picked.joint.length > 0 ? picked.joint : null;
  return Object.fromEntries(Object.entries({ category, grid, unit, joint }).filter(([, value]) => value !== null));
}

function keep(): void {
  if (picked.incident === null) return;
  drafts.type(picked.incident, "dispatch", { ...draftFor(picked.incident, "dispatch").values, ...values(), grid: picked.grid ?? undefined });
}

/** Which of the places it was, for the unit: a grid alone does not say. What somebody wrote stays as it is. */
function withPlace(incident: string): Values {
  const note = draftFor(incident, "dispatch").values["note"];
  if (!blank(note)) return { ...values(), note };
  return spot.value === null ? values() : { ...values(), note: t("spot.note", { name: spot.value.name }) };
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
  const sent = submit(full, "dispatch", withPlace(full.id));
  next(full.id);
  await sent;
}
