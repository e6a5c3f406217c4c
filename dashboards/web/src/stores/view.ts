/** What the list shows: the wish of the user, and the rows and counts that follow from it. */
import { computed, reactive, ref, shallowRef } from "vue";

import type { IncidentSummary } from "@/types";
import { coarseNow } from "./clock";
import { inTab, meets, type Tab, wanted, type Wish } from "./filter";
import { incidents } from "./incidents";
import { type Order, sorted } from "./order";

export type Screen = "list" | "unsure" | "map" | "boundaries" | "accuracy";

export const screen = ref<Screen>("list");
/** Screens that show no incidents: what is done to one must not happen there unseen. */
const ASIDE: ReadonlySet<Screen> = new Set<Screen>(["boundaries", "accuracy"]);
export const aside = computed(() => ASIDE.has(screen.value));
/** Answers of a search over everything, ended matters too; null when the list shows the open ones. */
export const found = shallowRef<IncidentSummary[] | null>(null);

export const wish = reactive<Wish>({
  tab: "all", severities: new Set<number>(), group: null, unit: null, grid: null, q: "", picked: null,
});

export const TABS: readonly Tab[] = ["all", "queued", "dispatched", "accepted", "over", "resolved"];

/** What waits for a person to decide begins with the most serious, the rest with what runs out. */
const orders = reactive<Partial<Record<Tab, Order>>>({ unsure: "severity", queued: "severity" });
/** Which incidents are shown: the tab, or the queue of what is unsure. */
export const tab = computed<Tab>(() => (screen.value === "unsure" ? "unsure" : wish.tab));
/** Each view keeps its own. */
export const order = computed<Order>({ get: () => orders[tab.value] ?? "due", set: (wanted) => (orders[tab.value] = wanted) });

const all = computed(() => incidents());

export const rows = computed<IncidentSummary[]>(() => {
  if (found.value !== null) return found.value.filter((incident) => meets(incident, wish));
  const timed = wish.tab === "soon" || wish.tab === "over" ? coarseNow.value : 0;
  const effective: Wish = { ...wish, tab: tab.value };
  return sorted(all.value.filter((incident) => wanted(incident, effective, timed)), order.value);
});

const COUNTED: readonly Tab[] = ["all", "queued", "dispatched", "accepted", "soon", "over", "resolved", "unsure"];

export const counts = computed<Record<Tab, number>>(() => {
  const now = coarseNow.value;
  const result = Object.fromEntries(COUNTED.map((tab) => [tab, 0])) as Record<Tab, number>;
  for (const incident of all.value) for (const tab of COUNTED) if (inTab(incident, tab, now)) result[tab]++;
  return result;
});

export const openCount = computed(() => all.value.length);

/** How many conditions beside the tab hide rows now. */
export const hiding = computed(() =>
  (wish.severities.size > 0 ? 1 : 0) + [wish.group, wish.unit, wish.grid, wish.picked].filter((part) => part !== null).length
  + (wish.q.trim() === "" ? 0 : 1));

export function clearFilters(): void {
  Object.assign(wish, { severities: new Set<number>(), group: null, unit: null, grid: null, q: "", picked: null });
  found.value = null;
}

export function showTab(tab: Tab): void {
  found.value = null;
  if (tab === "unsure") {
    screen.value = "unsure";
    return;
  }
  if (screen.value === "unsure" || aside.value) screen.value = "list";
  wish.tab = tab;
}

export function toggleSeverity(severity: number): void {
  const next = new Set(wish.severities);
  if (!next.delete(severity)) next.add(severity);
  wish.severities = next;
}
