/** Which digit picks a numbered candidate in the form that is open. Pure: where the focus is and what was pressed decide. */

/** empty: the closed chooser of the candidates, with nothing typed; taken: any other input, or a dialog above; free: no input at all. */
export type Place = "empty" | "taken" | "free";

export interface DigitPress { key: string; composing: boolean; modified: boolean; place: Place }

/** The number of the candidate among so many, counted from one; null where the key is meant for something else. */
export function picks(pressed: DigitPress, count: number): number | null {
  if (pressed.composing || pressed.modified || pressed.place === "taken" || !/^[1-9]$/.test(pressed.key)) return null;
  const n = Number(pressed.key);
  return n <= count ? n : null;
}

/** `chooser`: the field that the candidates stand beside. Its open list, and what is typed in it, want the digits of codes. */
export function placeOf(target: Element, chooser: Element | null): Place {
  if (target.closest("[role=dialog]")) return "taken";
  if (!target.matches("input, textarea, select, [contenteditable], [role=combobox]")) return "free";
  const isOpen = target.getAttribute("aria-expanded") === "true";
  const isEmpty = target instanceof HTMLInputElement && target.value === "";
  return chooser?.contains(target) && isEmpty && !isOpen ? "empty" : "taken";
}
