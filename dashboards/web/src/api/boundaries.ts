/** Boundary sets as the API tells them. */
import type { Feature, FeatureCollection, Geometry } from "geojson";

import { call } from "./client";
import type { Grids } from "./endpoints";

export type BoundaryState = "current" | "waiting" | "past" | "withdrawn";
export type FindingKind = "empty" | "duplicate" | "orphan" | "invalid" | "overlap" | "gap" | "open_gap" | "sliver" | "misplaced";

export interface BoundaryHead {
  version: number;
  name: string;
  source_file: string;
  crs: string;
  state: BoundaryState;
  stored_at: string;
  effective_at: string | null;
  grid_count: number;
  /** False for a set that was put there without a check. */
  checked: boolean;
  findings_count: number;
  errors: number;
  by_kind: Partial<Record<FindingKind, number>>;
}

export interface FindingProperties {
  kind: FindingKind;
  level: "error" | "warning";
  codes: string[];
  /** Beside `codes`; null for a grid that was left out. */
  names: (string | null)[];
  reason: string;
  area_m2: number | null;
  lon: number | null;
  lat: number | null;
}

/** Its geometry is the fault itself; null where its grids' outlines say where it lies. */
export interface Finding extends Feature<Geometry | null, FindingProperties> { id: number }

export interface BoundarySet extends BoundaryHead {
  thresholds: Record<string, number> | null;
  repairs: string[];
  would_change: { open: number; changing: number } | null;
  grids: Grids;
  findings: Omit<FeatureCollection<Geometry | null, FindingProperties>, "features"> & { features: Finding[] };
}

export const boundaries = {
  list: (signal: AbortSignal): Promise<BoundaryHead[]> => call("/api/boundaries", { signal }),
  one: (version: number, signal: AbortSignal): Promise<BoundarySet> => call(`/api/boundaries/${version}`, { signal, timeout: 60_000 }),
};
