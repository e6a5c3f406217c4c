/** Listens to the keyboard and does what the key map says. */
import { onBeforeUnmount, onMounted, ref, watch } from "vue";

import { closeForm, isSure, openAction, openForm, possible } from "@/stores/acting";
import { moveFinding, pickFinding } from "@/stores/boundaries";
import { move, open, selected } from "@/stores/selection";
import { aside, clearFilters, found, screen, showTab, wish } from "@/stores/view";
import { choose, confirmChoice, otherGroup } from "@/stores/unsure";
import type { ActionName } from "@/types";
import { listBox, searchBox } from "./focus";
import { type Command, type KeyState, resolve } from "./keymap";
import { refuse } from "./refused";

export const helpOpen = ref(false);

const INPUTS = "input, textarea, select, [contenteditable], [role=combobox]";
/** Keys by which a focused button or link works; they are its own. */
const PRESSES = new Set(["Enter", " "]);

export function useKeys(): void {
  let state: KeyState = { afterG: false };
  function pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (PRESSES.has(event.key) && target.closest("button, a, summary")) return;
    const resolved = resolve(state, {
      key: event.key, typing: target.matches(INPUTS), modified: event.ctrlKey || event.metaKey || event.altKey,
    });
    state = resolved.state;
    if (resolved.command === null || (helpOpen.value && resolved.command.type !== "escape")) return;
    event.preventDefault();
    carryOut(resolved.command);
  }
  onMounted(() => {
    addEventListener("keydown", pressed);
    addEventListener("keydown", leaveSelect, true);
    addEventListener("click", giveBack);
  });
  onBeforeUnmount(() => {
    removeEventListener("keydown", pressed);
    removeEventListener("keydown", leaveSelect, true);
    removeEventListener("click", giveBack);
  });
}

/** A select keeps Escape for its list; with the list closed the key steps back like everywhere. */
function leaveSelect(event: KeyboardEvent): void {
  if (event.key !== "Escape" || event.isComposing || !(event.target instanceof Element)) return;
  if (event.target.closest(".el-select") === null || event.target.getAttribute("aria-expanded") === "true") return;
  event.preventDefault();
  event.stopPropagation();
  carryOut({ type: "escape" });
}

/** A button pressed with the mouse does not keep the keyboard: Enter then means the incident, not the button again. */
function giveBack(event: MouseEvent): void {
  const byMouse = event.detail > 0;
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (byMouse && button !== null && button === document.activeElement && button.closest("form, .el-dialog") === null) button.blur();
}

function carryOut(command: Command): void {
  if (aside.value && !helpOpen.value) return carryOutAside(command);
  switch (command.type) {
    case "move": return move(command.by);
    case "open": return enter();
    case "search": return focusSearch();
    case "help": return void (helpOpen.value = true);
    case "escape": return escape();
    case "choose": return choose(command.n);
    case "other_group": return screen.value === "unsure" ? otherGroup(command.by) : undefined;
    case "go": return go(command.where);
    case "act": return act(command.action);
  }
}

/** Where no incident is seen none is moved to, chosen for or acted on. */
function carryOutAside(command: Command): void {
  switch (command.type) {
    case "go": return go(command.where);
    case "help": return void (helpOpen.value = true);
    case "search": return focusSearch();
    case "move": return moveFinding(command.by);
    case "escape": return document.activeElement?.matches(INPUTS) ? leaveField() : pickFinding(null);
  }
}

function enter(): void {
  if (screen.value === "unsure" && selected.value !== null) void confirmChoice();
  else if (selected.value === null) move(1);
}

function focusSearch(): void {
  searchBox.value?.focus();
  searchBox.value?.select();
}

/** One step back at a time: help, form, field, search, selection. */
function escape(): void {
  if (helpOpen.value) helpOpen.value = false;
  else if (openAction.value !== null) closeForm();
  else if (document.activeElement instanceof HTMLElement && document.activeElement.matches(INPUTS)) leaveField();
  else if (found.value !== null || wish.q !== "") clearFilters();
  else open(null);
}

function leaveField(): void {
  if (document.activeElement === searchBox.value) wish.q = "";
  (document.activeElement as HTMLElement).blur();
  listBox.value?.focus();
}

function go(where: Extract<Command, { type: "go" }>["where"]): void {
  if (where === "map" || where === "boundaries" || where === "accuracy") screen.value = where;
  else {
    if (where === "all" && screen.value === "map") screen.value = "list";
    showTab(where);
  }
}

/** A key that was faster than the incident's details waits for them. */
let wanted: { action: ActionName; incident: string } | null = null;
watch([possible, isSure, selected], () => {
  const early = wanted;
  if (early === null || (!isSure.value && early.incident === selected.value)) return;
  wanted = null;
  if (early.incident === selected.value) act(early.action);
});

function act(action: ActionName): void {
  if (selected.value === null) return;
  if (possible.value === null || !isSure.value) wanted = { action, incident: selected.value };
  else if (possible.value.includes(action)) openForm(action);
  else refuse(action, possible.value);
}
