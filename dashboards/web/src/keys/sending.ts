/** Whether Enter sends the form that is open. Pure: where the focus is and what was pressed decide. */

/** lines: a text of several lines; list: a select whose list hangs open; choice: one whose list is closed; own: what Enter works by itself. */
export type Focus = "lines" | "list" | "choice" | "own" | "free";

export interface EnterPress { key: string; repeat: boolean; composing: boolean; modified: boolean; focus: Focus }

/** `ready`: nothing that the form requires is missing; until then Enter opens the list of a select. */
export function sends(pressed: EnterPress, ready: boolean): boolean {
  if (pressed.key !== "Enter" || pressed.repeat || pressed.composing) return false;
  if (pressed.modified) return true;
  return pressed.focus === "free" || (pressed.focus === "choice" && ready);
}

/** Of fields outside the form, such as the search, and of a dialog above it the key is theirs. */
export function focusOf(target: Element, form: Element | null): Focus {
  if (target.matches("textarea")) return "lines";
  if (target.closest("button, a, summary, [role=dialog]")) return "own";
  if (target.matches("[role=combobox]")) return target.getAttribute("aria-expanded") === "true" ? "list" : form?.contains(target) ? "choice" : "own";
  return target.matches("input, select, [contenteditable]") && !form?.contains(target) ? "own" : "free";
}
