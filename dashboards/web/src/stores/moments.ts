/** An incident's moments as numbers, parsed once per version: thousands are ordered and counted at each change. */
import type { IncidentSummary } from "@/types";

/** Milliseconds since the epoch; `due` and `soon` are far away when no limit runs. */
export interface Moments { received: number; due: number; soon: number }

export const FAR = Number.MAX_SAFE_INTEGER;
const known = new WeakMap<IncidentSummary, Moments>();

export function moments(incident: IncidentSummary): Moments {
  let found = known.get(incident);
  if (found === undefined) {
    const limit = incident.next_deadline;
    found = {
      received: Date.parse(incident.received_at),
      due: limit ? Date.parse(limit.due_at) : FAR,
      soon: limit ? soonFrom(limit) : FAR,
    };
    known.set(incident, found);
  }
  return found;
}

/** The last quarter of a limit, but never more than its last day, counts as near. */
export function soonFrom(deadline: { started_at: string; due_at: string }): number {
  const due = Date.parse(deadline.due_at);
  const span = Math.max(0, due - Date.parse(deadline.started_at));
  return due - Math.min(span / 4, 86_400_000);
}
