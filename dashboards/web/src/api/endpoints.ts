/** The API's addresses that the console uses. */
import type { FeatureCollection, MultiPolygon, Polygon } from "geojson";

import type { ActionName, Actor, Category, IncidentDetail, IncidentSummary, Page, PastMatter, Similar, Unit, Viewer } from "@/types";
import { call } from "./client";

export interface GridProperties { code: string; name: string; level: string | number | null; special?: string | boolean | null }
export type Grids = FeatureCollection<Polygon | MultiPolygon, GridProperties>;

export interface ActionBody { id: string; action: ActionName; version: number; done_at: string; actor: Actor; [field: string]: unknown }
export interface ActionAnswer { incident: IncidentSummary; journal_no: number }
/** What is found when somebody stays on an incident: earlier matters like it, and open ones that it may repeat. */
export interface Explanation { past: PastMatter[]; likely: Similar[] }
export interface UnitRef { unit: string; unit_name: string | null }
export interface Assigned { unit: string | null; unit_name: string | null; joint: UnitRef[] }

/** Counts of one stretch of time or one category: see GET /api/triage/accuracy. */
export interface Answered { n: number; sent: number; seen: number; corrected: number; asked: number; settled: number; agreed: number; right: number | null; first_guess: number | null; confidence: number | null }
export interface Accuracy {
  as_of: string;
  weeks: (Answered & { week: string })[];
  categories: (Answered & { code: string | null; name: string | null })[];
  drift: { index: number; verdict: "steady" | "some" | "great" };
  model: { sha256: string; trained?: string; examples?: Record<string, number> } | null;
}

/** One that has nobody on duty, now or in the days ahead: see GET /api/alarms. */
export interface UnitAlarm {
  unit: string; name: string; now: boolean; from: string; until: string;
  stands_in: string | null; stands_in_name: string | null; leader: string;
  count: number; grids: { code: string; name: string | null }[]; text_zh: string;
}
export interface GridAlarm { missing: string[]; count: number; grids: { code: string; name: string | null }[]; text_zh: string }
export interface Alarms { as_of: string; look_ahead_days: number; units: UnitAlarm[]; grids: GridAlarm[] }

const items = <T>(found: T[] | { items: T[] }): T[] => (Array.isArray(found) ? found : found.items);
const as = ({ role, unit }: Viewer): Record<string, string | null> => ({ role, unit: unit ?? null });
const query = (params: Record<string, string | null>): string =>
  new URLSearchParams(Object.entries(params).filter((pair): pair is [string, string] => pair[1] !== null)).toString();

export const api = {
  open: (cursor: string | null): Promise<Page> => call(`/api/incidents?${query({ open: "true", limit: "200", cursor })}`),
  search: (q: string, signal: AbortSignal): Promise<Page> => call(`/api/incidents?${query({ q, limit: "100" })}`, { signal }),
  detail: (id: string, viewer: Viewer, signal: AbortSignal): Promise<IncidentDetail> =>
    call(`/api/incidents/${encodeURIComponent(id)}?${query(as(viewer))}`, { signal }),
  explain: (id: string, viewer: Viewer, signal: AbortSignal): Promise<Explanation> =>
    call(`/api/incidents/${encodeURIComponent(id)}/explain?${query(as(viewer))}`, { signal }),
  act: (id: string, body: ActionBody): Promise<ActionAnswer> =>
    call(`/api/incidents/${encodeURIComponent(id)}/actions`, { method: "POST", body }),
  accuracy: (): Promise<Accuracy> => call("/api/triage/accuracy"),
  alarms: (): Promise<Alarms> => call("/api/alarms"),
  counts: (): Promise<Record<string, number | string>> => call("/api/counts"),
  grids: (): Promise<Grids> => call("/api/grids", { timeout: 60_000 }),
  units: async (): Promise<Unit[]> => items(await call<Unit[] | { items: Unit[] }>("/api/units")),
  categories: async (): Promise<Category[]> => items(await call<Category[] | { items: Category[] }>("/api/categories")),
  /** Whose it would be; the incident's own text counts, too. */
  assign: (category: string, grid: string | null, incident: string, viewer: Viewer, signal: AbortSignal): Promise<Assigned> =>
    call(`/api/assign?${query({ category, grid, incident, ...as(viewer) })}`, { signal }),
};
