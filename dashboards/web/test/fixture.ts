/** An incident as the API sends it, to be changed in the one respect that a test is about. */
import type { IncidentSummary } from "@/types";

export function anIncident(change: Partial<IncidentSummary> = {}): IncidentSummary {
  return {
    id: "i1", number: "261122-990101-000001-4", status: "dispatched", category: "0506", category_name: "占道经营、无照游商", severity: 4,
    limit_class: "T", sensitive: false, excerpt: "校门口摆摊占了半条路", grid: "990101101001001", grid_name: "元和·011", grid_candidates: [],
    unit: "99010110130001", unit_name: "综合执法队", lon: 119.57, lat: 28.11, source: "grid", received_at: "2026-11-22T06:00:00Z",
    occurred_at: null, version: 1, journal_no: 2, doubts: [], lights: [], next_deadline: null, tasks: [], ...change,
  };
}

export const due = (due_at: string, started_at = "2026-11-22T06:00:00Z", limit_text = "4 小时") =>
  ({ task: 1, kind: "accept", due_at, started_at, limit_text });
