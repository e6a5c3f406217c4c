import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { BoundaryHead, BoundarySet, Finding, FindingProperties } from "@/api/boundaries";
import { drawFindings } from "@/map/findings";
import {
  boundaryError, boundarySet, chosen, findings, followBoundaries, heads, kindShown, loadBoundaries, moveFinding, pickFinding, showKind, showVersion, version,
} from "@/stores/boundaries";
import { screen, showTab } from "@/stores/view";
import { squareMetres } from "@/text/area";
import zh from "@/text/zh.json";

const ring = (west: number, south: number, side: number) =>
  [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]];
const grid = (code: string, west: number) => ({
  type: "Feature" as const, geometry: { type: "MultiPolygon" as const, coordinates: [[ring(west, 28, 1)]] },
  properties: { code, name: `网格${code}`, level: "grid", special: false },
});

function finding(id: number, geometry: Finding["geometry"], change: Partial<FindingProperties> = {}): Finding {
  return {
    type: "Feature", id, geometry,
    properties: { kind: "overlap", level: "error", codes: ["1", "2"], names: ["a", "b"], reason: "", area_m2: 9, lon: null, lat: null, ...change },
  };
}

const head = (number: number, change: Partial<BoundaryHead> = {}): BoundaryHead => ({
  version: number, name: "n", source_file: "f", crs: "EPSG:4326", state: "past", stored_at: "2026-11-22T06:00:00Z", effective_at: null,
  grid_count: 2, checked: true, findings_count: 4, errors: 3, by_kind: { overlap: 1, orphan: 1, gap: 1, empty: 1 }, ...change,
});

const overlap = finding(1, { type: "MultiPolygon", coordinates: [[ring(119.9, 28, 0.1)]] }, { lon: 119.95, lat: 28.05 });
const orphan = finding(2, null, { kind: "orphan", codes: ["2"], area_m2: null });
const gap = finding(3, { type: "Polygon", coordinates: [ring(121, 28, 0.5)] }, { kind: "gap", level: "warning" });
const empty = finding(4, null, { kind: "empty", codes: ["9"] });
const set = (number: number): BoundarySet => ({
  ...head(number), thresholds: null, repairs: [], would_change: null,
  grids: { type: "FeatureCollection", features: [grid("1", 119), grid("2", 120)] },
  findings: { type: "FeatureCollection", features: [overlap, orphan, gap, empty] },
});

describe("findings on the map", () => {
  const { shapes, marks, extents } = drawFindings(set(1));

  test("lie where they were found, each with a dot that is seen from afar", () => {
    expect(shapes.features[0]?.geometry).toEqual(overlap.geometry);
    expect(marks.features[0]?.geometry.coordinates).toEqual([119.95, 28.05]);
    expect(extents.get(1)).toEqual([[119.9, 28], [120, 28.1]]);
  });

  test("of a whole grid are its outline, and say so", () => {
    expect(shapes.features[1]?.geometry).toEqual({ type: "MultiPolygon", coordinates: [[ring(120, 28, 1)]] });
    expect(shapes.features.map(({ properties }) => properties?.["whole"])).toEqual([false, true, false]);
    expect(marks.features[1]?.geometry.coordinates).toEqual([120.5, 28.5]);
    expect(extents.get(2)).toEqual([[120, 28], [121, 29]]);
  });

  test("of a grid without shape are nowhere", () => {
    expect(extents.has(4)).toBe(false);
    expect(marks.features.map(({ properties }) => properties?.["id"])).toEqual([1, 2, 3]);
  });

  test("stored before shapes were kept have their dot at the place that is known", () => {
    const old = { ...set(1), findings: { type: "FeatureCollection" as const, features: [{ ...overlap, geometry: null }] } };
    const drawn = drawFindings(old);
    expect(drawn.marks.features[0]?.geometry.coordinates).toEqual([119.95, 28.05]);
    expect(drawn.extents.get(1)).toEqual([[119, 28], [121, 29]]);
  });

  test("where lines cross is a point", () => {
    const cross = finding(7, { type: "Point", coordinates: [119.5, 28.5] }, { kind: "invalid", lon: 119.5, lat: 28.5 });
    const drawn = drawFindings({ ...set(1), findings: { type: "FeatureCollection", features: [cross] } });
    expect(drawn.extents.get(7)).toEqual([[119.5, 28.5], [119.5, 28.5]]);
  });
});

describe("the sets", () => {
  const answers = new Map<string, unknown>();
  beforeEach(() => {
    answers.clear();
    answers.set("/api/boundaries", [head(3, { state: "waiting" }), head(2, { state: "current" }), head(1)]);
    for (const number of [1, 2, 3]) answers.set(`/api/boundaries/${number}`, set(number));
    vi.stubGlobal("fetch", (path: string) => {
      const found = answers.get(path);
      return Promise.resolve(found === undefined
        ? new Response(JSON.stringify({ title: "没有找到", status: 404 }), { status: 404 }) : new Response(JSON.stringify(found)));
    });
    [heads.value, version.value, boundarySet.value, kindShown.value] = [null, null, null, null];
    pickFinding(null);
  });
  afterEach(() => vi.unstubAllGlobals());

  test("open with the one in force, and come back to the one that was looked at", async () => {
    await loadBoundaries();
    expect([version.value, boundarySet.value?.version]).toEqual([2, 2]);
    await showVersion(3);
    await loadBoundaries();
    expect(boundarySet.value?.version).toBe(3);
  });

  test("of two that were asked for, the last one shows", async () => {
    await Promise.all([showVersion(1), showVersion(3)]);
    expect([version.value, boundarySet.value?.version]).toEqual([3, 3]);
  });

  test("one that does not come leaves none of the other's findings, and says why", async () => {
    await showVersion(1);
    pickFinding(2);
    await showVersion(8);
    expect(boundaryError.value?.message).toBe("没有找到");
    expect([boundarySet.value, chosen.value]).toEqual([null, null]);
    await showVersion(1);
    expect(boundaryError.value).toBeNull();
  });

  test("change their state before the eye, and a server that is away changes nothing", async () => {
    answers.set("/api/boundaries/3", { ...set(3), state: "waiting" });
    await loadBoundaries();
    await showVersion(3);
    pickFinding(2);
    answers.set("/api/boundaries", [head(3, { state: "current" }), head(2), head(1)]);
    answers.set("/api/boundaries/3", { ...set(3), state: "current" });
    await followBoundaries();
    expect([heads.value?.[0]?.state, boundarySet.value?.state, chosen.value?.id]).toEqual(["current", "current", 2]);
    answers.clear();
    await followBoundaries();
    expect([heads.value?.length, boundarySet.value?.version, boundaryError.value]).toEqual([3, 3, null]);
  });

  test("that come later are found, also where there were none", async () => {
    const [some, none] = [answers.get("/api/boundaries"), [] as BoundaryHead[]];
    answers.set("/api/boundaries", none);
    await loadBoundaries();
    expect([heads.value, version.value]).toEqual([[], null]);
    answers.set("/api/boundaries", some);
    await followBoundaries();
    expect([heads.value?.length, boundarySet.value?.version]).toEqual([3, 2]);
  });

  test("one kind alone can be shown, and the chosen one is never hidden", async () => {
    await showVersion(1);
    pickFinding(1);
    showKind("gap");
    expect(findings.value.map(({ id }) => id)).toEqual([3]);
    expect(chosen.value).toBeNull();
    pickFinding(2);
    expect([kindShown.value, chosen.value?.id]).toEqual([null, 2]);
  });

  test("keys go down and up the list and stop at its ends", async () => {
    await showVersion(1);
    for (const [by, id] of [[1, 1], [1, 2], [-1, 1], [-1, 1], [1, 2], [1, 3], [1, 4], [1, 4]] as const) {
      moveFinding(by);
      expect(chosen.value?.id).toBe(id);
    }
  });
});

test("a count at the top leads back to the list", () => {
  screen.value = "boundaries";
  showTab("over");
  expect(screen.value).toBe("list");
  showTab("all");
});

test("areas are in square metres, small ones to a tenth", () => {
  expect([squareMetres(12_340.4), squareMetres(99.96), squareMetres(10.04)]).toEqual(["12,340 m²", "100 m²", "10 m²"]);
});

test("every kind and state has its words", () => {
  const kinds = ["empty", "duplicate", "orphan", "invalid", "overlap", "gap", "open_gap", "sliver", "error", "warning"].map((kind) => `finding.${kind}`);
  const states = ["current", "waiting", "past", "withdrawn"].map((state) => `boundary.${state}`);
  for (const key of [...kinds, ...states]) expect(zh).toHaveProperty([key]);
});
