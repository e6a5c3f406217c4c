/** In what order incidents stand in the list: what runs out first, what weighs most, what came last. */
import type { IncidentSummary } from "@/types";

export type Order = "due" | "severity" | "newest";

const FAR = Number.MAX_SAFE_INTEGER;

/** Milliseconds since the epoch at which the next limit runs out; far away when none is running. */
export function dueAt(incident: IncidentSummary): number {
  const due = incident.next_deadline?.due_at;
  return due ? Date.parse(due) : FAR;
}

type Key = readonly [number, number, number];

function key(incident: IncidentSummary, order: Order): Key {
  const received = Date.parse(incident.received_at);
  switch (order) {
    case "due":
      return [dueAt(incident), incident.severity, received];
    case "severity":
      return [incident.severity, dueAt(incident), received];
    case "newest":
      return [-received, incident.severity, dueAt(incident)];
  }
}

/** A new array in the wanted order; equal ones stand by number, so that nothing flickers. */
export function sorted(incidents: Iterable<IncidentSummary>, order: Order): IncidentSummary[] {
  const keyed = Array.from(incidents, (incident) => ({ incident, key: key(incident, order) }));
  keyed.sort((a, b) =>
    a.key[0] - b.key[0] || a.key[1] - b.key[1] || a.key[2] - b.key[2] || (a.incident.number < b.incident.number ? -1 : 1));
  return keyed.map(({ incident }) => incident);
}
