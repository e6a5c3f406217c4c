/** The map itself: what the page tells it to show, and what a person points at on it. */
import type { GeoJSONSource, MapMouseEvent } from "maplibre-gl";

import type { Grids } from "@/api/endpoints";
import type { IncidentSummary } from "@/types";
import { BaseMap, type View } from "./baseMap";
import { type Bounds, choicePoints, gridBounds, incidentPoint, incidentPoints, labelPoints, type Points, points } from "./features";
import { clusterIcon, PIXEL_RATIO, SEVERITIES, severityIcon } from "./icons";
import type { Palette } from "./palette";
import { type Spot, spotBounds } from "./spots";
import { type SpotMark, SpotMarkers, type SpotsLook } from "./spotMarkers";
import { CLUSTER_MAX_ZOOM, styleFor } from "./style";

export interface MapHandlers {
  hover(id: string | null): void;
  open(id: string): void;
  /** Several stand on the same spot, as close as the map can go. */
  pickMany(ids: string[]): void;
  /** One of the places that the words of the open incident may mean. */
  pickSpot(n: number): void;
}

const HIT = ["incidents", "clusters"];
const VIEW: View = { padding: 36, closest: 15, nearest: 19, center: [119.57, 28.11], zoom: 10 };

export class IncidentMap extends BaseMap {
  private grids: Grids | null = null;
  private labels: Points = points([]);
  private candidates: readonly string[] = [];
  private readonly spots: SpotMarkers;

  /** Throws when the browser has no WebGL. */
  constructor(box: HTMLElement, palette: Palette, private readonly handlers: MapHandlers) {
    super(box, palette, styleFor, VIEW);
    this.listen();
    this.spots = new SpotMarkers(this.map, (n) => this.handlers.pickSpot(n));
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
    this.shade(codes);
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
      const { padding } = this.view;
      const inside = at.x > padding && at.y > padding && at.x < width - padding && at.y < height - padding;
      if (inside) return;
      this.release();
      this.map.easeTo({ center: [incident.lon, incident.lat] });
    } else if (codes.length > 0 && this.grids) this.fit(gridBounds(this.grids, new Set(codes)), true);
  }

  protected whole(): Bounds | null {
    return this.grids && gridBounds(this.grids);
  }

  protected adorn(): void {
    for (const severity of SEVERITIES) {
      this.picture(`severity-${severity}`, severityIcon(severity, this.palette));
      this.picture(`cluster-${severity}`, clusterIcon(severity, this.palette));
    }
    this.shade(this.candidates);
  }

  private picture(name: string, image: ImageData): void {
    if (this.map.hasImage(name)) this.map.removeImage(name);
    this.map.addImage(name, image, { pixelRatio: PIXEL_RATIO });
  }

  private listen(): void {
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
      this.release();
      this.map.easeTo({ center: event.lngLat, zoom });
      return;
    }
    const leaves = await source.getClusterLeaves(cluster, 1000, 0);
    this.handlers.pickMany(leaves.map((leaf) => String(leaf.properties?.["id"])));
  }
}
