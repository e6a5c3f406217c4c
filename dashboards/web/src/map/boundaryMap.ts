/** The map of one boundary set: its grids, what the check found in it, and the finding that is chosen. */
import "maplibre-gl/dist/maplibre-gl.css";

import { type GeoJSONSource, Map as GlMap, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { FeatureCollection } from "geojson";

import type { BoundarySet, Finding } from "@/api/boundaries";
import { boundaryStyle, CHOSEN_LAYERS, isChosen } from "./boundaryStyle";
import { type Bounds, gridBounds, labelPoints } from "./features";
import { drawFindings } from "./findings";
import type { Palette } from "./palette";

setWorkerUrl(workerUrl);

const PADDING = 48;
/** As close as a fault of a few metres is looked at. */
const CLOSEST = 18;

export class BoundaryMap {
  private readonly map: GlMap;
  private data: Record<string, FeatureCollection> = {};
  private extents: ReadonlyMap<number, Bounds> = new Map();
  private whole: Bounds | null = null;
  private chosen: Finding | null = null;
  /** What the view was fitted to, as long as nobody has moved it since. */
  private fitted: Bounds | null = null;
  private readonly sizes: ResizeObserver;

  /** Throws when the browser has no WebGL. */
  constructor(box: HTMLElement, palette: Palette, pick: (id: number) => void) {
    this.map = new GlMap({
      container: box, style: boundaryStyle(palette), attributionControl: false, dragRotate: false, pitchWithRotate: false,
      maxZoom: 20, fadeDuration: 0, trackResize: false, renderWorldCopies: false, center: [105, 35], zoom: 3,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disable();
    this.map.on("style.load", () => this.dress());
    this.map.on("movestart", ({ originalEvent }) => { if (originalEvent) this.fitted = null; });
    this.map.on("click", (event) => {
      const hit = this.map.queryRenderedFeatures(event.point, { layers: ["marks", "fault-fill"] })[0];
      const id: unknown = hit?.properties["id"];
      if (typeof id === "number") pick(id);
    });
    this.map.on("mouseenter", "marks", () => (this.map.getCanvas().style.cursor = "pointer"));
    this.map.on("mouseleave", "marks", () => (this.map.getCanvas().style.cursor = ""));
    this.sizes = new ResizeObserver(() => { this.map.resize(); this.fit(this.fitted, false); });
    this.sizes.observe(box);
  }

  show(set: BoundarySet): void {
    const { shapes, marks, extents } = drawFindings(set);
    this.extents = extents;
    this.whole = gridBounds(set.grids);
    this.data = { grids: set.grids, labels: labelPoints(set.grids), shapes, marks };
    this.chosen = null;
    this.dress();
    this.fitAll(false);
  }

  /** Marks a finding with its grids and goes there; null unmarks and stays. */
  choose(finding: Finding | null): void {
    this.chosen = finding;
    this.mark();
    const extent = finding && this.extents.get(finding.id);
    if (extent) this.fit(extent, true);
  }

  fitAll(animate = true): void {
    this.fit(this.whole, animate);
  }

  zoom(by: 1 | -1): void {
    this.fitted = null;
    this.map.zoomTo(this.map.getZoom() + by);
  }

  setPalette(palette: Palette): void {
    this.map.setStyle(boundaryStyle(palette), { diff: false });
  }

  destroy(): void {
    this.sizes.disconnect();
    this.map.remove();
  }

  private fit(to: Bounds | null, animate: boolean): void {
    this.fitted = to;
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    const hasRoom = Math.min(width, height) > 2 * PADDING; // else the fit waits for a box that is larger
    if (to && hasRoom) this.map.fitBounds(to, { padding: PADDING, animate, maxZoom: CLOSEST });
  }

  /** A new style begins bare: data and marking are put on it again. */
  private dress(): void {
    for (const [name, data] of Object.entries(this.data)) this.map.getSource<GeoJSONSource>(name)?.setData(data);
    this.mark();
  }

  private mark(): void {
    if (!this.map.getLayer("chosen-line")) return;
    for (const layer of CHOSEN_LAYERS) this.map.setFilter(layer, isChosen(this.chosen?.id ?? null));
    const codes = this.chosen?.properties.codes ?? [];
    for (const layer of ["candidate-fill", "candidate-line"]) this.map.setFilter(layer, ["in", ["get", "code"], ["literal", [...codes]]]);
  }
}
