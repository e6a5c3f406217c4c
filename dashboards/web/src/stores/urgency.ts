/** Whether a limit is far, near or past. */
import type { IncidentSummary, NextDeadline } from "@/types";

export type Urgency = "none" | "calm" | "soon" | "over";

/** The last quarter of a limit, but never more than its last day, counts as near. */
export function soonFrom(deadline: Pick<NextDeadline, "started_at" | "due_at">): number {
  const due = Date.parse(deadline.due_at);
  const span = Math.max(0, due - Date.parse(deadline.started_at));
  return due - Math.min(span / 4, 86_400_000);
}

export function urgency(incident: IncidentSummary, now: number): Urgency {
  const deadline = incident.next_deadline;
  if (!deadline) return "none";
  if (now >= Date.parse(deadline.due_at)) return "over";
  return now >= soonFrom(deadline) ? "soon" : "calm";
}
