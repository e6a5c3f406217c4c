/** The map itself: what the page tells it to show, and what a person points at on it. */
import "maplibre-gl/dist/maplibre-gl.css";

import { type GeoJSONSource, Map as GlMap, type MapMouseEvent, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

import type { Grids } from "@/api/endpoints";
import type { IncidentSummary } from "@/types";
import { type Bounds, choicePoints, gridBounds, incidentPoint, incidentPoints, labelPoints, type Points, points } from "./features";
import { clusterIcon, PIXEL_RATIO, SEVERITIES, severityIcon } from "./icons";
import type { Palette } from "./palette";
import { type Spot, spotBounds } from "./spots";
import { type SpotMark, SpotMarkers, type SpotsLook } from "./spotMarkers";
import { CLUSTER_MAX_ZOOM, styleFor } from "./style";

setWorkerUrl(workerUrl);

export interface MapHandlers {
  hover(id: string | null): void;
  open(id: string): void;
  /** Several stand on the same spot, as close as the map can go. */
  pickMany(ids: string[]): void;
  /** One of the places that the words of the open incident may mean. */
  pickSpot(n: number): void;
}

const HIT = ["incidents", "clusters"];
const PADDING = 36;

export class IncidentMap {
  private readonly map: GlMap;
  private grids: Grids | null = null;
  private labels: Points = points([]);
  private data: Record<string, Points | Grids> = {};
  private candidates: readonly string[] = [];
  /** What the view was fitted to, as long as nobody has moved it since. */
  private fitted: Bounds | null = null;
  private readonly sizes: ResizeObserver;
  private readonly spots: SpotMarkers;
  readonly ready: Promise<void>;

  /** Throws when the browser has no WebGL. */
  constructor(box: HTMLElement, private palette: Palette, private readonly handlers: MapHandlers) {
    this.map = new GlMap({
      container: box, style: styleFor(palette), attributionControl: false, dragRotate: false, pitchWithRotate: false,
      maxZoom: 19, fadeDuration: 0, trackResize: false, renderWorldCopies: false, center: [119.57, 28.11], zoom: 10,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disable();
    this.ready = new Promise((resolve) => this.map.once("load", () => resolve()));
    this.map.on("style.load", () => this.dress());
    this.listen();
    this.spots = new SpotMarkers(this.map, (n) => this.handlers.pickSpot(n));
    this.sizes = new ResizeObserver(() => this.resized());
    this.sizes.observe(box);
  }

  setPalette(palette: Palette): void {
    this.palette = palette;
    this.map.setStyle(styleFor(palette), { diff: false });
  }

  setGrids(grids: Grids): void {
    this.grids = grids;
    this.labels = labelPoints(grids);
    this.put("grids", grids);
    this.put("labels", this.labels);
    this.fitAll(false);
  }

  setIncidents(incidents: readonly IncidentSummary[]): void {
    this.put("incidents", incidentPoints(incidents));
  }

  setFocus(open: IncidentSummary | undefined, hovered: IncidentSummary | undefined): void {
    const marked = [hovered === open ? undefined : hovered, open].flatMap((incident) => {
      const feature = incident && incidentPoint(incident);
      return feature ? [{ ...feature, properties: { ...feature.properties, open: incident === open } }] : [];
    });
    this.put("focus", points(marked));
  }

  /** Shades grids in question; they bear their numbers where they are what is chosen between. */
  setCandidates(codes: readonly string[], areNumbered: boolean): void {
    this.candidates = codes;
    this.put("choices", choicePoints(this.labels, areNumbered ? codes : []));
    this.shade();
  }

  setSpots(marks: readonly SpotMark[], look: SpotsLook): void {
    this.spots.show(marks, look);
  }

  /** Brings a place into sight with the least movement; what is in sight already stays where it is. */
  show(incident: IncidentSummary, codes: readonly string[], spots: readonly Spot[]): void {
    if (spots.length > 0) this.fit(spotBounds(spots, this.grids), true);
    else if (incident.lon !== null && incident.lat !== null) {
      const at = this.map.project([incident.lon, incident.lat]);
      const { clientWidth: width, clientHeight: height } = this.map.getContainer();
      const inside = at.x > PADDING && at.y > PADDING && at.x < width - PADDING && at.y < height - PADDING;
      if (inside) return;
      this.fitted = null;
      this.map.easeTo({ center: [incident.lon, incident.lat] });
    } else if (codes.length > 0 && this.grids) this.fit(gridBounds(this.grids, new Set(codes)), true);
  }

  fitAll(animate = true): void {
    if (this.grids) this.fit(gridBounds(this.grids), animate);
  }

  zoom(by: 1 | -1): void {
    this.fitted = null;
    this.map.zoomTo(this.map.getZoom() + by);
  }

  destroy(): void {
    this.sizes.disconnect();
    this.map.remove();
  }

  private fit(to: Bounds | null, animate: boolean): void {
    this.fitted = to;
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    const hasRoom = Math.min(width, height) > 2 * PADDING; // else the fit waits for a box that is larger
    if (to && hasRoom) this.map.fitBounds(to, { padding: PADDING, animate, maxZoom: 15 });
  }

  /** A view that somebody moved stays where they put it; any other fits its new box. */
  private resized(): void {
    this.map.resize();
    this.fit(this.fitted, false);
  }

  private put(name: string, data: Points | Grids): void {
    this.data[name] = data;
    this.map.getSource<GeoJSONSource>(name)?.setData(data);
  }

  private shade(): void {
    if (!this.map.getLayer("candidate-fill")) return;
    for (const layer of ["candidate-fill", "candidate-line"]) {
      this.map.setFilter(layer, ["in", ["get", "code"], ["literal", [...this.candidates]]]);
    }
  }

  /** A new style begins bare: pictures, data and shading are put on it again. */
  private dress(): void {
    for (const severity of SEVERITIES) {
      this.picture(`severity-${severity}`, severityIcon(severity, this.palette));
      this.picture(`cluster-${severity}`, clusterIcon(severity, this.palette));
    }
    for (const [name, data] of Object.entries(this.data)) this.put(name, data);
    this.shade();
  }

  private picture(name: string, image: ImageData): void {
    if (this.map.hasImage(name)) this.map.removeImage(name);
    this.map.addImage(name, image, { pixelRatio: PIXEL_RATIO });
  }

  private listen(): void {
    this.map.on("movestart", ({ originalEvent }) => { if (originalEvent) this.fitted = null; });
    this.map.on("mousemove", HIT, (event) => {
      this.map.getCanvas().style.cursor = "pointer";
      this.handlers.hover(this.idAt(event));
    });
    this.map.on("mouseleave", HIT, () => {
      this.map.getCanvas().style.cursor = "";
      this.handlers.hover(null);
    });
    this.map.on("click", HIT, (event) => void this.clicked(event));
  }

  private hit(event: MapMouseEvent) {
    return this.map.queryRenderedFeatures(event.point, { layers: HIT })[0];
  }

  private idAt(event: MapMouseEvent): string | null {
    const id: unknown = this.hit(event)?.properties["id"];
    return typeof id === "string" ? id : null;
  }

  private async clicked(event: MapMouseEvent): Promise<void> {
    const feature = this.hit(event);
    const id: unknown = feature?.properties["id"];
    if (typeof id === "string") return this.handlers.open(id);
    const cluster: unknown = feature?.properties["cluster_id"];
    if (typeof cluster === "number") await this.openCluster(cluster, event);
  }

  private async openCluster(cluster: number, event: MapMouseEvent): Promise<void> {
    const source = this.map.getSource<GeoJSONSource>("incidents");
    if (!source) return;
    const zoom = await source.getClusterExpansionZoom(cluster);
    if (zoom <= CLUSTER_MAX_ZOOM) {
      this.fitted = null;
      this.map.easeTo({ center: event.lngLat, zoom });
      return;
    }
    const leaves = await source.getClusterLeaves(cluster, 1000, 0);
    this.handlers.pickMany(leaves.map((leaf) => String(leaf.properties?.["id"])));
  }
}
