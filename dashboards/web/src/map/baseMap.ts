/** What all maps share: a flat view that fits what it shows until somebody moves it, and data that outlive a new style. */
import "maplibre-gl/dist/maplibre-gl.css";

import { type GeoJSONSource, Map as GlMap, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { FeatureCollection } from "geojson";

import type { Bounds } from "./features";
import type { Palette } from "./palette";

setWorkerUrl(workerUrl);

/** `padding` in pixels; `closest` is the zoom beyond which no fit goes, `nearest` beyond which nobody does. */
export interface View { padding: number; closest: number; nearest: number; center: [number, number]; zoom: number }

export abstract class BaseMap {
  protected readonly map: GlMap;
  private readonly data: Record<string, FeatureCollection> = {};
  /** What the view was fitted to, as long as nobody has moved it since. */
  private fitted: Bounds | null = null;
  private readonly sizes: ResizeObserver;

  /** Throws when the browser has no WebGL. */
  constructor(box: HTMLElement, protected palette: Palette, private readonly styleOf: (palette: Palette) => StyleSpecification, protected readonly view: View) {
    this.map = new GlMap({
      container: box, style: styleOf(palette), attributionControl: false, dragRotate: false, pitchWithRotate: false,
      maxZoom: view.nearest, fadeDuration: 0, trackResize: false, renderWorldCopies: false, center: view.center, zoom: view.zoom,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disable();
    this.map.on("style.load", () => this.dress());
    this.map.on("movestart", ({ originalEvent }) => { if (originalEvent) this.release(); });
    this.sizes = new ResizeObserver(() => this.resized());
    this.sizes.observe(box);
  }

  /** All that there is to see; null while there is nothing. */
  protected abstract whole(): Bounds | null;
  /** Puts on a style that begins bare what is not data: pictures, filters. */
  protected abstract adorn(): void;

  fitAll(animate = true): void {
    this.fit(this.whole(), animate);
  }

  zoom(by: 1 | -1): void {
    this.release();
    this.map.zoomTo(this.map.getZoom() + by);
  }

  setPalette(palette: Palette): void {
    this.palette = palette;
    this.map.setStyle(this.styleOf(palette), { diff: false });
  }

  destroy(): void {
    this.sizes.disconnect();
    this.map.remove();
  }

  protected fit(to: Bounds | null, animate: boolean): void {
    this.fitted = to;
    const { padding, closest } = this.view;
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    const hasRoom = Math.min(width, height) > 2 * padding; // else the fit waits for a box that is larger
    if (to && hasRoom) this.map.fitBounds(to, { padding, animate, maxZoom: closest });
  }

  /** From here on the view is somebody's, and stays. */
  protected release(): void {
    this.fitted = null;
  }

  protected put(name: string, data: FeatureCollection): void {
    this.data[name] = data;
    this.map.getSource<GeoJSONSource>(name)?.setData(data);
  }

  /** Shades these grids as the ones in question. */
  protected shade(codes: readonly string[]): void {
    if (!this.map.getLayer("candidate-fill")) return;
    for (const layer of ["candidate-fill", "candidate-line"]) this.map.setFilter(layer, ["in", ["get", "code"], ["literal", [...codes]]]);
  }

  private resized(): void {
    this.map.resize();
    this.fit(this.fitted, false);
  }

  private dress(): void {
    this.adorn();
    for (const [name, data] of Object.entries(this.data)) this.put(name, data);
  }
}
