/** Numbered points of the map that are buttons of the page: reached by Tab, read aloud, clicked. */
import "@/styles/spots.css";

import { type Map as GlMap, Marker } from "maplibre-gl";
import type { Position } from "geojson";

/** `label` is what is read aloud, `name` what stands beside the number: `toTheLeft` where the map ends on its right. */
export interface SpotMark { n: number; at: Position; name: string; label: string; chosen: boolean; toTheLeft: boolean }
/** `ready`: the digit keys mean these now. `open`: somebody may choose. */
export interface SpotsLook { ready: boolean; open: boolean }

export class SpotMarkers {
  private shown: { marker: Marker; button: HTMLButtonElement }[] = [];

  constructor(private readonly map: GlMap, private readonly pick: (n: number) => void) {}

  /** Those that stand already are changed and not drawn anew, so that the focus stays on them. */
  show(marks: readonly SpotMark[], look: SpotsLook): void {
    for (const { marker } of this.shown.splice(marks.length)) marker.remove();
    marks.forEach((mark, at) => {
      const one = (this.shown[at] ??= this.add(mark.at));
      one.marker.setLngLat(mark.at as [number, number]);
      dress(one.button, mark, look);
    });
  }

  private add(at: Position): { marker: Marker; button: HTMLButtonElement } {
    const button = document.createElement("button");
    button.append(document.createElement("b"), document.createElement("span"));
    button.addEventListener("click", (event) => {
      event.stopPropagation(); // what lies under it is not meant
      const n = Number(button.dataset["n"]);
      if (button.getAttribute("aria-disabled") !== "true") this.pick(n);
      if (event.detail > 0) button.blur(); // by mouse: the keys stay with the incident
    });
    button.addEventListener("dblclick", (event) => event.stopPropagation());
    const marker = new Marker({ element: button, anchor: "center" }).setLngLat(at as [number, number]).addTo(this.map);
    return { marker, button };
  }
}

function dress(button: HTMLButtonElement, mark: SpotMark, look: SpotsLook): void {
  const [number, name] = button.children;
  if (number) number.textContent = String(mark.n);
  if (name) name.textContent = mark.name;
  button.dataset["n"] = String(mark.n);
  button.title = mark.label;
  button.setAttribute("aria-label", mark.label);
  button.setAttribute("aria-pressed", String(mark.chosen));
  button.setAttribute("aria-disabled", String(!look.open));
  button.setAttribute("aria-keyshortcuts", String(mark.n));
  button.classList.add("spot");
  button.classList.toggle("ready", look.ready && look.open);
  button.classList.toggle("on", mark.chosen);
  button.classList.toggle("left", mark.toTheLeft);
}
