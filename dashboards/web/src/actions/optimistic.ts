/** What an action will most likely do to the row, shown until the server says what it did. */
import type { ActionName, IncidentSummary, Status } from "@/types";
import type { Values } from "./draft";

const NEXT: Partial<Record<ActionName, Status>> = {
  dispatch: "dispatched", accept: "accepted", return: "returned", resolve: "resolved", close: "closed", reopen: "accepted",
  decline: "declined", hand_over: "handed_over", merge: "merged", unmerge: "queued", cancel: "cancelled", resume: "accepted",
};

/** Actions that settle doubts: a dispatched matter is no longer unsure. What came second under the same number stays until it was read. */
const SETTLES: ReadonlySet<ActionName> = new Set(["dispatch", "decline", "hand_over", "merge", "cancel"]);

export function foresee(incident: IncidentSummary, action: ActionName, values: Values, unitName: (code: string) => string): IncidentSummary {
  const status = action === "verify" ? (values["passed"] ? "verified" : "accepted") : NEXT[action] ?? incident.status;
  const unit = action === "dispatch" && typeof values["unit"] === "string" ? values["unit"] : incident.unit;
  return {
    ...incident,
    status,
    unit,
    unit_name: unit !== null && unit !== incident.unit ? unitName(unit) : incident.unit_name,
    severity: (values["severity"] as IncidentSummary["severity"] | undefined) ?? incident.severity,
    doubts: SETTLES.has(action) ? incident.doubts.filter(({ kind }) => kind === "conflict") : incident.doubts,
    next_deadline: status === incident.status ? incident.next_deadline : null,
  };
}
