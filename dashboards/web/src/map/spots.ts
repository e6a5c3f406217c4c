/** The places that the words of a report may mean, as numbered choices and as points of the map. Pure. */
import type { Position } from "geojson";

import type { Grids } from "@/api/endpoints";
import type { PlaceChoice } from "@/types";
import { type Bounds, bounds, gridBounds } from "./features";

/** `n` counts from one, as the reasons do; `at` in degrees WGS 84, null where only its grids are known. */
export interface Spot { n: number; name: string; at: Position | null; grids: readonly string[] }

export function spotsOf(choices: readonly PlaceChoice[]): Spot[] {
  const shared = sharedOuter(choices);
  return choices.map((choice, at) => ({
    n: at + 1, name: fullName(choice, shared), at: choice.lon === null || choice.lat === null ? null : [choice.lon, choice.lat],
    grids: choice.grid ? [choice.grid] : (choice.grids ?? []),
  }));
}

/** Towns and villages that all of them lie in tell none of them apart. */
function sharedOuter(choices: readonly PlaceChoice[]): ReadonlySet<string> {
  const [first, ...others] = choices;
  if (first === undefined || others.length === 0) return new Set();
  return new Set((first.within ?? []).filter((outer) => others.every(({ within }) => within?.includes(outer))));
}

/** 云岭脚村李家坳: each part said once. */
function fullName({ name, within }: PlaceChoice, shared: ReadonlySet<string>): string {
  return [...(within ?? []).filter((outer) => !shared.has(outer) && !name.startsWith(outer)), name].join("");
}

/** Where it is marked: its own point, else amid its grids. */
export function pointOf(spot: Spot, grids: Grids | null): Position | null {
  if (spot.at !== null || grids === null) return spot.at;
  const extent = extentOf(spot, grids);
  return extent && [(extent[0][0] + extent[1][0]) / 2, (extent[0][1] + extent[1][1]) / 2];
}

/** Of several points those in the eastern half: their names go to the left, where there is room once all are in sight. */
export function isEastern(at: Position, all: readonly Position[]): boolean {
  const extent = bounds(all);
  return extent !== null && (at[0] ?? 0) > (extent[0][0] + extent[1][0]) / 2;
}

/** All that has to be in sight to choose: points, and the whole of a village that has several grids. */
export function spotBounds(spots: readonly Spot[], grids: Grids | null): Bounds | null {
  return bounds(spots.flatMap((spot): Position[] => {
    const extent = grids && (spot.at === null || spot.grids.length > 1) ? extentOf(spot, grids) : null;
    return [...(spot.at ? [spot.at] : []), ...(extent ?? [])];
  }));
}

const extentOf = (spot: Spot, grids: Grids): Bounds | null => gridBounds(grids, new Set(spot.grids));
