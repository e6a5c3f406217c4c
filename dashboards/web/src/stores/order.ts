/** In what order incidents stand in the list: what runs out first, what weighs most, what came last. */
import type { IncidentSummary } from "@/types";
import { moments } from "./moments";

export type Order = "due" | "severity" | "newest";

type Key = readonly [number, number, number];

function key(incident: IncidentSummary, order: Order): Key {
  const { received, due } = moments(incident);
  switch (order) {
    case "due":
      return [due, incident.severity, received];
    case "severity":
      return [incident.severity, due, received];
    case "newest":
      return [-received, incident.severity, due];
  }
}

/** A new array in the wanted order; equal ones stand by number, so that nothing flickers. */
export function sorted(incidents: Iterable<IncidentSummary>, order: Order): IncidentSummary[] {
  const keyed = Array.from(incidents, (incident) => ({ incident, key: key(incident, order) }));
  keyed.sort((a, b) =>
    a.key[0] - b.key[0] || a.key[1] - b.key[1] || a.key[2] - b.key[2] || (a.incident.number < b.incident.number ? -1 : 1));
  return keyed.map(({ incident }) => incident);
}
