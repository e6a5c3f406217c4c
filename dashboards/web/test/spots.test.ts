import { expect, test } from "vitest";

import type { Grids } from "@/api/endpoints";
import { isEastern, pointOf, spotBounds, spotsOf } from "@/map/spots";
import type { PlaceChoice } from "@/types";

const choice = (change: Partial<PlaceChoice>): PlaceChoice => ({
  name: "李家坳", within: ["青梧镇"], lon: 118.4, lat: 30.9, precision_m: 200, score: 0.5, words: "李家坳", reason: "同名的有 2 处", ...change,
});
const square = (code: string, west: number) => ({
  type: "Feature" as const, properties: { code, name: code, level: 0 },
  geometry: { type: "Polygon" as const, coordinates: [[[west, 30], [west + 1, 30], [west + 1, 31], [west, 31], [west, 30]]] },
});
const grids: Grids = { type: "FeatureCollection", features: [square("g1", 110), square("g2", 111), square("g3", 115)] };

test("places of one name are told apart by what they do not share, and numbered in order", () => {
  const found = spotsOf([choice({ within: ["青梧镇", "云岭脚村"], grid: "g1" }), choice({ within: ["青梧镇", "松坪上村"], lon: 118.45, grid: "g3" })]);
  expect(found.map(({ n, name, grids }) => [n, name, grids])).toEqual([[1, "云岭脚村李家坳", ["g1"]], [2, "松坪上村李家坳", ["g3"]]]);
  expect(found[1]?.at).toEqual([118.45, 30.9]);
});

test("what a name says already is not said again", () => {
  expect(spotsOf([choice({ name: "柳塘村二组", within: ["青梧镇", "柳塘村"] })])[0]?.name).toBe("青梧镇柳塘村二组");
});

test("choices of old decisions, which kept no grids, can be shown and not chosen", () => {
  expect(spotsOf([choice({}), choice({ name: "上圩" })]).map((spot) => spot.grids)).toEqual([[], []]);
});

test("a village has its grids, and one without a point of its own is marked amid them", () => {
  const [village] = spotsOf([choice({ name: "三联村", lon: null, lat: null, grid: null, grids: ["g1", "g2"] })]);
  if (village === undefined) throw new Error("no place");
  expect(pointOf(village, grids)).toEqual([111, 30.5]);
  expect(pointOf(village, null)).toBeNull();
});

test("the view holds every point, and all of a village", () => {
  const found = spotsOf([choice({ grid: "g3" }), choice({ name: "三联村", lon: 110.5, lat: 30.5, grid: null, grids: ["g1", "g2"] })]);
  expect(spotBounds(found, grids)).toEqual([[110, 30], [118.4, 31]]);
  expect(spotBounds([], grids)).toBeNull();
});

test("names of eastern points go to the left, and that of one alone does not", () => {
  const all = [[118.37, 30.94], [118.45, 30.92]];
  expect(all.map((at) => isEastern(at, all))).toEqual([false, true]);
  expect(isEastern([118.4, 30.9], [[118.4, 30.9]])).toBe(false);
});
