/** What the check found in a boundary set, as the map's features. Pure. */
import type { Feature, FeatureCollection, Geometry, MultiPolygon, Point, Polygon, Position } from "geojson";

import type { BoundarySet, Finding } from "@/api/boundaries";
import { type Bounds, bounds, middle, type Points, points } from "./features";

export interface DrawnFindings {
  /** The faults' own shapes, and the outlines of grids that are at fault as a whole. */
  shapes: FeatureCollection;
  /** One dot each, since most faults are too small to be seen from afar. */
  marks: Points;
  extents: ReadonlyMap<number, Bounds>;
}

export function drawFindings(set: BoundarySet): DrawnFindings {
  const outlines = new Map(set.grids.features.map(({ geometry, properties }) => [properties.code, geometry]));
  const shapes: Feature[] = [];
  const marks: Feature<Point>[] = [];
  const extents = new Map<number, Bounds>();
  for (const finding of set.findings.features) {
    const geometry = finding.geometry ?? outlineOf(finding, outlines);
    const at = placeOf(finding, geometry);
    if (at === null) continue; // of a grid that has no shape, nothing can be drawn
    const properties = { id: finding.id, level: finding.properties.level, whole: isWhole(finding) };
    if (geometry !== null) shapes.push({ type: "Feature", geometry, properties });
    marks.push({ type: "Feature", geometry: { type: "Point", coordinates: at }, properties });
    extents.set(finding.id, bounds(geometry === null ? [at] : positions(geometry)) ?? [[at[0] ?? 0, at[1] ?? 0], [at[0] ?? 0, at[1] ?? 0]]);
  }
  return { shapes: { type: "FeatureCollection", features: shapes }, marks: points(marks), extents };
}

/** Shown by its grids' outlines, not by a shape of its own. */
export const isWhole = (finding: Finding): boolean => finding.geometry === null;

type Outlines = ReadonlyMap<string, Polygon | MultiPolygon>;

function outlineOf(finding: Finding, outlines: Outlines): MultiPolygon | null {
  const parts = finding.properties.codes.flatMap((code) => {
    const geometry = outlines.get(code);
    return geometry === undefined ? [] : geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  });
  return parts.length === 0 ? null : { type: "MultiPolygon", coordinates: parts };
}

function placeOf({ properties: { lon, lat } }: Finding, geometry: Geometry | null): Position | null {
  if (lon !== null && lat !== null) return [lon, lat];
  if (geometry === null) return null;
  if (geometry.type === "Polygon" || geometry.type === "MultiPolygon") return middle(geometry);
  return positions(geometry)[0] ?? null;
}

function positions(geometry: Geometry): Position[] {
  switch (geometry.type) {
    case "Point": return [geometry.coordinates];
    case "MultiPoint": case "LineString": return geometry.coordinates;
    case "MultiLineString": case "Polygon": return geometry.coordinates.flat();
    case "MultiPolygon": return geometry.coordinates.flat(2);
    case "GeometryCollection": return geometry.geometries.flatMap(positions);
  }
}
