/** The style of a boundary set's map: the ground that all maps share, and over it what the check found. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

import type { Palette } from "./palette";
import { EMPTY, FONT, ground, names } from "./style";

/** Layers whose filter names the chosen finding. */
export const CHOSEN_LAYERS = ["chosen-line", "chosen-ring"] as const;
export const isChosen = (id: number | null): ExpressionSpecification => ["==", ["get", "id"], id ?? -1];

const isArea: ExpressionSpecification = ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false];
const isWhole: ExpressionSpecification = ["get", "whole"];

export function boundaryStyle(palette: Palette): StyleSpecification {
  const source = () => ({ type: "geojson" as const, data: EMPTY });
  return {
    version: 8,
    sources: { grids: source(), labels: source(), choices: source(), shapes: source(), marks: source() },
    layers: [...ground(palette), ...shapes(palette), ...names(palette), ...marks(palette)],
  };
}

const colour = (palette: Palette): ExpressionSpecification =>
  ["case", ["==", ["get", "level"], "error"], palette.severity[1], palette.severity[3]];

function shapes(palette: Palette): LayerSpecification[] {
  return [
    { id: "fault-fill", type: "fill", source: "shapes", filter: isArea, paint: { "fill-color": colour(palette), "fill-opacity": ["case", isWhole, 0.1, 0.5] } },
    { id: "fault-line", type: "line", source: "shapes", filter: ["all", isArea, ["!", isWhole]], paint: { "line-color": colour(palette), "line-width": 1.5 } },
    { id: "whole-line", type: "line", source: "shapes", filter: ["all", isArea, isWhole], paint: { "line-color": colour(palette), "line-width": 1.5, "line-dasharray": [2, 2] } },
    { id: "chosen-line", type: "line", source: "shapes", filter: isChosen(null), paint: { "line-color": palette.accent, "line-width": 3 } },
  ];
}

function marks(palette: Palette): LayerSpecification[] {
  return [
    { id: "marks", type: "circle", source: "marks", paint: { "circle-radius": 4.5, "circle-color": colour(palette), "circle-stroke-color": palette.card, "circle-stroke-width": 1.5 } },
    { id: "chosen-ring", type: "circle", source: "marks", filter: isChosen(null), paint: { "circle-radius": 11, "circle-color": palette.accent, "circle-opacity": 0.12, "circle-stroke-color": palette.accent, "circle-stroke-width": 2.5 } },
    {
      id: "mark-number", type: "symbol", source: "marks", minzoom: 12,
      layout: { "text-field": ["to-string", ["get", "id"]], "text-font": FONT, "text-size": 12, "text-anchor": "left", "text-offset": [0.7, 0] },
      paint: { "text-color": palette.ink, "text-halo-color": palette.card, "text-halo-width": 1.6 },
    },
  ];
}
