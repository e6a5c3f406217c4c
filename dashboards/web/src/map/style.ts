/**
 * The map's style: thin grids, names, candidates, clusters, incidents, the selection. It names no glyph server:
 * without one the browser draws every letter itself, from the fonts of this machine.
 */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

import type { Palette } from "./palette";

export const FONT = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"];
export const EMPTY = { type: "FeatureCollection" as const, features: [] };
const isCluster: ExpressionSpecification = ["has", "point_count"];
const severityImage: ExpressionSpecification = ["concat", "severity-", ["to-string", ["get", "severity"]]];
const NEVER: ExpressionSpecification = ["in", ["get", "code"], ["literal", []]];

/** Pixels within which incidents become one cluster. */
const CLUSTER_RADIUS = 34;
export const CLUSTER_MAX_ZOOM = 17;

export function styleFor(palette: Palette): StyleSpecification {
  return {
    version: 8,
    sources: {
      grids: { type: "geojson", data: EMPTY },
      labels: { type: "geojson", data: EMPTY },
      choices: { type: "geojson", data: EMPTY },
      incidents: {
        type: "geojson", data: EMPTY, cluster: true, clusterRadius: CLUSTER_RADIUS, clusterMaxZoom: CLUSTER_MAX_ZOOM,
        clusterProperties: { worst: ["min", ["get", "severity"]] },
      },
      focus: { type: "geojson", data: EMPTY },
    },
    layers: [...ground(palette), ...names(palette), ...marks(palette)],
  };
}

export function ground(palette: Palette): LayerSpecification[] {
  return [
    { id: "paper", type: "background", paint: { "background-color": palette.paper } },
    { id: "grid-fill", type: "fill", source: "grids", paint: { "fill-color": palette.card } },
    {
      id: "grid-special", type: "fill", source: "grids", filter: ["to-boolean", ["get", "special"]],
      paint: { "fill-color": palette.rule, "fill-opacity": 0.55 },
    },
    { id: "candidate-fill", type: "fill", source: "grids", filter: NEVER, paint: { "fill-color": palette.accent, "fill-opacity": 0.16 } },
    { id: "grid-line", type: "line", source: "grids", paint: { "line-color": palette.outline, "line-width": 0.7 } },
    { id: "candidate-line", type: "line", source: "grids", filter: NEVER, paint: { "line-color": palette.accent, "line-width": 1.6, "line-dasharray": [3, 2] } },
  ];
}

export function names(palette: Palette): LayerSpecification[] {
  return [
    {
      id: "grid-name", type: "symbol", source: "labels", filter: [">=", ["zoom"], ["get", "from_zoom"]],
      layout: {
        "text-field": ["get", "name"], "text-font": FONT, "text-max-width": 9, "text-padding": 1, "symbol-sort-key": ["get", "rank"],
        "text-size": ["interpolate", ["linear"], ["zoom"], 10, 11, 15, 13],
        "text-variable-anchor": ["center", "top", "bottom"], "text-radial-offset": 1, "text-justify": "auto",
      },
      paint: { "text-color": palette.ink, "text-opacity": 0.9, "text-halo-color": palette.card, "text-halo-width": 1.4 },
    },
    {
      id: "choice-number", type: "symbol", source: "choices",
      layout: { "text-field": ["to-string", ["get", "n"]], "text-font": FONT, "text-size": 20, "text-allow-overlap": true, "text-ignore-placement": true, "text-offset": [0, -1.1] },
      paint: { "text-color": palette.accent, "text-halo-color": palette.card, "text-halo-width": 2 },
    },
  ];
}

const placed = { "icon-allow-overlap": true, "icon-ignore-placement": false } as const;

function marks(palette: Palette): LayerSpecification[] {
  return [
    {
      id: "incidents", type: "symbol", source: "incidents", filter: ["!", isCluster],
      layout: { ...placed, "icon-image": severityImage, "symbol-sort-key": ["-", 0, ["get", "severity"]] },
    },
    {
      id: "clusters", type: "symbol", source: "incidents", filter: isCluster,
      layout: {
        ...placed, "icon-image": ["concat", "cluster-", ["to-string", ["get", "worst"]]], "icon-offset": [1, -1],
        "text-field": ["get", "point_count_abbreviated"], "text-font": FONT, "text-size": 13,
        "text-allow-overlap": true, "text-ignore-placement": false, "symbol-sort-key": ["-", 0, ["get", "worst"]],
      },
      paint: { "text-color": palette.ink },
    },
    {
      id: "focus-ring", type: "circle", source: "focus",
      paint: {
        "circle-radius": ["case", ["get", "open"], 19, 17], "circle-color": palette.accent, "circle-opacity": ["case", ["get", "open"], 0.16, 0.08],
        "circle-stroke-color": palette.accent, "circle-stroke-width": ["case", ["get", "open"], 2.5, 1.5],
      },
    },
    { id: "focus-icon", type: "symbol", source: "focus", layout: { "icon-image": severityImage, "icon-allow-overlap": true, "icon-ignore-placement": true } },
  ];
}
