/** Whether a limit is far, near or past. */
import type { IncidentSummary } from "@/types";
import { moments } from "./moments";

export type Urgency = "none" | "calm" | "soon" | "over";

export function urgency(incident: IncidentSummary, now: number): Urgency {
  if (incident.next_deadline === null) return "none";
  const { due, soon } = moments(incident);
  if (now >= due) return "over";
  return now >= soon ? "soon" : "calm";
}
