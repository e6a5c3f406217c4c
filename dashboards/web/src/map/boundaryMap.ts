/** The map of one boundary set: its grids, what the check found in it, and the finding that is chosen. */
import type { BoundarySet, Finding } from "@/api/boundaries";
import { BaseMap, type View } from "./baseMap";
import { boundaryStyle, CHOSEN_LAYERS, isChosen } from "./boundaryStyle";
import { type Bounds, gridBounds, labelPoints } from "./features";
import { drawFindings } from "./findings";
import type { Palette } from "./palette";

/** Closest: where a fault of a few metres is looked at. */
const VIEW: View = { padding: 48, closest: 18, nearest: 20, center: [105, 35], zoom: 3 };

export class BoundaryMap extends BaseMap {
  private extents: ReadonlyMap<number, Bounds> = new Map();
  private extent: Bounds | null = null;
  private chosen: Finding | null = null;

  /** Throws when the browser has no WebGL. */
  constructor(box: HTMLElement, palette: Palette, pick: (id: number) => void) {
    super(box, palette, boundaryStyle, VIEW);
    this.map.on("click", (event) => {
      const hit = this.map.queryRenderedFeatures(event.point, { layers: ["marks", "fault-fill"] })[0];
      const id: unknown = hit?.properties["id"];
      if (typeof id === "number") pick(id);
    });
    this.map.on("mouseenter", "marks", () => (this.map.getCanvas().style.cursor = "pointer"));
    this.map.on("mouseleave", "marks", () => (this.map.getCanvas().style.cursor = ""));
  }

  show(set: BoundarySet): void {
    const { shapes, marks, extents } = drawFindings(set);
    this.extents = extents;
    this.extent = gridBounds(set.grids);
    this.chosen = null;
    for (const [name, data] of Object.entries({ grids: set.grids, labels: labelPoints(set.grids), shapes, marks })) this.put(name, data);
    this.adorn();
    this.fitAll(false);
  }

  /** Marks a finding with its grids and goes there; null unmarks and stays. */
  choose(finding: Finding | null): void {
    this.chosen = finding;
    this.adorn();
    const extent = finding && this.extents.get(finding.id);
    if (extent) this.fit(extent, true);
  }

  protected whole(): Bounds | null {
    return this.extent;
  }

  protected adorn(): void {
    if (!this.map.getLayer("chosen-line")) return;
    for (const layer of CHOSEN_LAYERS) this.map.setFilter(layer, isChosen(this.chosen?.id ?? null));
    this.shade(this.chosen?.properties.codes ?? []);
  }
}
