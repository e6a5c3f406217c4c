/** Incidents and grids as the map's features. Pure. */
import type { Feature, FeatureCollection, MultiPolygon, Point, Polygon, Position } from "geojson";

import type { Grids } from "@/api/endpoints";
import type { IncidentSummary } from "@/types";

export type Points = FeatureCollection<Point>;

const point = (coordinates: Position, properties: Record<string, unknown>): Feature<Point> => ({
  type: "Feature", geometry: { type: "Point", coordinates }, properties,
});

export const points = (features: Feature<Point>[]): Points => ({ type: "FeatureCollection", features });

export function incidentPoint(incident: IncidentSummary): Feature<Point> | null {
  const { lon, lat, id, severity } = incident;
  return lon === null || lat === null ? null : point([lon, lat], { id, severity });
}

/** Worse ones last, so that they are drawn above. */
export function incidentPoints(incidents: readonly IncidentSummary[]): Points {
  const placed = incidents.map(incidentPoint).filter((feature) => feature !== null);
  return points(placed.sort((a, b) => Number(b.properties?.["severity"]) - Number(a.properties?.["severity"])));
}

type Ring = Position[];

/** Twice the signed area of a ring, in square degrees. */
function area2(ring: Ring): number {
  let sum = 0;
  for (let at = 0; at + 1 < ring.length; at++) {
    const [x0 = 0, y0 = 0] = ring[at] as Position;
    const [x1 = 0, y1 = 0] = ring[at + 1] as Position;
    sum += x0 * y1 - x1 * y0;
  }
  return sum;
}

function centroid(ring: Ring): Position {
  const [ox = 0, oy = 0] = ring[0] ?? [];
  const total = area2(ring);
  if (Math.abs(total) < 1e-16) return [ox, oy];
  let x = 0;
  let y = 0;
  for (let at = 0; at + 1 < ring.length; at++) {
    const [x0 = 0, y0 = 0] = (ring[at] as Position).map((value, axis) => value - (axis === 0 ? ox : oy));
    const [x1 = 0, y1 = 0] = (ring[at + 1] as Position).map((value, axis) => value - (axis === 0 ? ox : oy));
    const cross = x0 * y1 - x1 * y0;
    x += (x0 + x1) * cross;
    y += (y0 + y1) * cross;
  }
  return [ox + x / (3 * total), oy + y / (3 * total)];
}

/** The largest part's outer ring. */
function outer(geometry: Polygon | MultiPolygon): Ring {
  const rings = geometry.type === "Polygon" ? [geometry.coordinates[0] ?? []] : geometry.coordinates.map((part) => part[0] ?? []);
  return rings.reduce((best, ring) => (Math.abs(area2(ring)) > Math.abs(area2(best)) ? ring : best), rings[0] ?? []);
}

/** A grid is worth a name from the zoom at which it is about this wide on the screen. */
const WIDE_ENOUGH_PX = 40;
const WORLD_PX = 512;

/** The zoom at which a shape of this area (square degrees) is wide enough; whole, since that is how filters see it. */
export function nameFromZoom(area: number): number {
  const share = Math.sqrt(Math.max(area, 1e-12)) / 360;
  return Math.max(0, Math.floor(Math.log2(WIDE_ENOUGH_PX / (WORLD_PX * share))));
}

/** Where a shape's name stands: amid its largest part. */
export const middle = (geometry: Polygon | MultiPolygon): Position => centroid(outer(geometry));

/** One label per grid, larger grids first in line for room. */
export function labelPoints(grids: Grids): Points {
  return points(grids.features.filter(({ geometry }) => geometry !== null).map(({ geometry, properties }) => {
    const ring = outer(geometry);
    const area = Math.abs(area2(ring)) / 2;
    return point(centroid(ring), { code: properties.code, name: properties.name, rank: -area, from_zoom: nameFromZoom(area) });
  }));
}

/** Candidate grids' numbers, in the order in which they are offered. */
export function choicePoints(labels: Points, codes: readonly string[]): Points {
  return points(labels.features.flatMap((feature) => {
    const at = codes.indexOf(String(feature.properties?.["code"]));
    return at < 0 ? [] : [{ ...feature, properties: { ...feature.properties, n: at + 1 } }];
  }));
}

export type Bounds = [[number, number], [number, number]];

export function bounds(positions: Iterable<Position>): Bounds | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x = 0, y = 0] of positions) {
    west = Math.min(west, x); east = Math.max(east, x);
    south = Math.min(south, y); north = Math.max(north, y);
  }
  return west > east ? null : [[west, south], [east, north]];
}

export function gridBounds(grids: Grids, codes?: ReadonlySet<string>): Bounds | null {
  const wanted = grids.features.filter(({ properties }) => codes === undefined || codes.has(properties.code));
  return bounds(wanted.flatMap(({ geometry }) => (geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat()).flat()));
}
