/** Which incidents a view shows. Pure: the store holds the wish, this decides. */
import type { IncidentSummary } from "@/types";
import { urgency } from "./urgency";

export type Tab = "all" | "queued" | "dispatched" | "accepted" | "soon" | "over" | "resolved" | "unsure";

export interface Wish {
  tab: Tab;
  severities: ReadonlySet<number>;
  group: string | null;
  unit: string | null;
  grid: string | null;
  q: string;
  picked: ReadonlySet<string> | null;
}

/** Work in hand: also what is suspended, returned for a ruling, or waiting to be closed has its own status. */
export function inTab(incident: IncidentSummary, tab: Tab, now: number): boolean {
  switch (tab) {
    case "all":
      return true;
    case "unsure":
      return isUnsure(incident);
    case "queued":
      return incident.status === "queued" || incident.status === "reported" || incident.status === "returned";
    case "soon":
    case "over":
      return urgency(incident, now) === tab;
    case "resolved":
      return incident.status === "resolved" || incident.status === "verified";
    default:
      return incident.status === tab;
  }
}

/** Steps that every matter comes to; they wait at the desk, but nobody is unsure of anything. */
const ROUTINE: ReadonlySet<string> = new Set(["closing", "call_back"]);

/** Waits for a person because the machine, or a unit, could not decide. */
export function isUnsure(incident: IncidentSummary): boolean {
  return incident.doubts.some(({ kind }) => !ROUTINE.has(kind));
}

export function matches(incident: IncidentSummary, q: string): boolean {
  const words = q.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const hay = [
    incident.number, incident.excerpt, incident.grid_name, incident.grid, incident.unit_name,
    incident.sensitive ? null : incident.category_name,
  ].join(" ").toLowerCase();
  return words.every((word) => hay.includes(word));
}

export function wanted(incident: IncidentSummary, wish: Wish, now: number): boolean {
  return inTab(incident, wish.tab, now) && meets(incident, wish) && matches(incident, wish.q);
}

/** The conditions beside tab and words; they hold for what a search over everything found, too. */
export function meets(incident: IncidentSummary, wish: Wish): boolean {
  return (wish.severities.size === 0 || wish.severities.has(incident.severity))
    && (wish.group === null || (incident.category ?? "").startsWith(wish.group))
    && (wish.unit === null || incident.unit === wish.unit)
    && (wish.grid === null || incident.grid === wish.grid)
    && (wish.picked === null || wish.picked.has(incident.id));
}
