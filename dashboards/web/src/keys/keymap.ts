/** Which key means what. Pure: a key and the state it meets give a command and the next state. */
import { ACTION_KEYS } from "@/actions/catalog";
import type { ActionName } from "@/types";

export type Command =
  | { type: "move"; by: 1 | -1 }
  | { type: "open" }
  | { type: "search" }
  | { type: "help" }
  | { type: "escape" }
  | { type: "choose"; n: number }
  | { type: "other_group"; by: 1 | -1 }
  | { type: "go"; where: Where }
  | { type: "act"; action: ActionName };

export type Where = "all" | "queued" | "dispatched" | "accepted" | "soon" | "over" | "resolved" | "unsure" | "map" | "boundaries" | "accuracy";

/** After g: the letter of the view. */
export const GO: Readonly<Record<string, Where>> = {
  l: "all", q: "queued", s: "dispatched", p: "accepted", n: "soon", o: "over", v: "resolved", u: "unsure", m: "map", b: "boundaries", a: "accuracy",
};

const ACTION_OF = new Map(Object.entries(ACTION_KEYS).map(([action, key]) => [key, action as ActionName]));

const PLAIN: Readonly<Record<string, Command>> = {
  j: { type: "move", by: 1 }, ArrowDown: { type: "move", by: 1 },
  k: { type: "move", by: -1 }, ArrowUp: { type: "move", by: -1 },
  Enter: { type: "open" }, "/": { type: "search" }, "?": { type: "help" }, Escape: { type: "escape" },
  ArrowRight: { type: "other_group", by: 1 }, ArrowLeft: { type: "other_group", by: -1 },
};

export interface Pressed { key: string; typing: boolean; modified: boolean }
export interface KeyState { afterG: boolean }
export interface Resolved { command: Command | null; state: KeyState }

const REST: KeyState = { afterG: false };

/** While somebody types only Escape is ours; with Ctrl, Alt or Meta nothing is. */
export function resolve(state: KeyState, pressed: Pressed): Resolved {
  if (pressed.modified) return { command: null, state };
  if (pressed.typing) return { command: pressed.key === "Escape" ? { type: "escape" } : null, state: REST };
  if (state.afterG) return { command: go(pressed.key), state: REST };
  if (pressed.key === "g") return { command: null, state: { afterG: true } };
  return { command: plain(pressed.key), state: REST };
}

function go(key: string): Command | null {
  const where = GO[key];
  return where === undefined ? null : { type: "go", where };
}

function plain(key: string): Command | null {
  if (/^[0-9]$/.test(key)) return { type: "choose", n: Number(key) };
  const action = ACTION_OF.get(key);
  return PLAIN[key] ?? (action ? { type: "act", action } : null);
}
