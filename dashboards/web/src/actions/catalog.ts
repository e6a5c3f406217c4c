/** Every action: its key, its fields and how it looks. One row per action; forms and key map read it. */
import type { ActionName, Status } from "@/types";

export type Input = "text" | "unit" | "category" | "grid" | "severity" | "outcome" | "yes_no" | "incident" | "date" | "days" | "line";

export interface Field { name: string; input: Input; required?: boolean }
/** `confirm`: opens filled in, to be sent with one more key. */
export interface ActionRow { key: string; fields: readonly Field[]; confirm?: true }

const note: Field = { name: "note", input: "text" };
const reason: Field = { name: "reason", input: "text", required: true };
const granted: Field = { name: "granted", input: "yes_no", required: true };

/** In the order in which buttons stand. */
export const CATALOG: Readonly<Record<ActionName, ActionRow>> = {
  dispatch: {
    key: "d",
    fields: [
      { name: "category", input: "category", required: true }, { name: "grid", input: "grid" },
      { name: "unit", input: "unit", required: true }, { name: "severity", input: "severity" }, note,
    ],
  },
  accept: { key: "a", fields: [] },
  resolve: {
    key: "s",
    fields: [{ name: "result", input: "text", required: true }, { name: "outcome", input: "outcome", required: true }],
  },
  verify: { key: "v", fields: [{ name: "passed", input: "yes_no", required: true }, note] },
  close: { key: "c", fields: [note] },
  resume: { key: "w", fields: [] },
  decide_extension: { key: "t", fields: [granted, { ...reason, required: false }] },
  decide_suspension: { key: "y", fields: [granted, { ...reason, required: false }] },
  hand_over: {
    key: "h",
    fields: [
      { name: "line", input: "line", required: true }, { name: "answered_by", input: "text", required: true },
      { name: "answered_at", input: "date" },
    ],
  },
  return: { key: "r", fields: [reason, { name: "suggested_unit", input: "unit" }] },
  progress: { key: "p", fields: [{ name: "text", input: "text", required: true }] },
  add_joint: { key: "n", fields: [{ name: "unit", input: "unit", required: true }] },
  merge: { key: "m", fields: [{ name: "into", input: "incident", required: true }], confirm: true },
  unmerge: { key: "f", fields: [reason], confirm: true },
  ask_extension: { key: "e", fields: [reason, { name: "days", input: "days", required: true }] },
  ask_suspension: { key: "u", fields: [reason, { name: "until", input: "date", required: true }] },
  reopen: { key: "o", fields: [reason] },
  decline: { key: "x", fields: [reason] },
  cancel: { key: "z", fields: [reason] },
};

export const ACTION_KEYS = Object.fromEntries(
  Object.entries(CATALOG).map(([name, row]) => [name, row.key]),
) as Readonly<Record<ActionName, string>>;

/** The step that each status waits for: its button stands out. */
export const NEXT_STEP: Readonly<Partial<Record<Status, ActionName>>> = {
  queued: "dispatch", returned: "dispatch", dispatched: "accept", accepted: "resolve", resolved: "verify", verified: "close", suspended: "resume",
};

/** What is possible now, in the catalogue's order; names that this console does not know are left out. */
export function inOrder(possible: readonly string[]): ActionName[] {
  return (Object.keys(CATALOG) as ActionName[]).filter((name) => possible.includes(name));
}
