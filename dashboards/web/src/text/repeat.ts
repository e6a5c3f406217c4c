/** A repeat matter (重复事项) in words: what kind it is, and the other incidents of it. */
import type { Linked, Repeat, Similar } from "@/types";
import { ago } from "./time";

export interface RepeatChip { id: string; number: string; side: "earlier" | "later"; status: string }

/** The sentence's key and number; null when nothing is linked and nothing was counted. */
export function repeatTitle(repeat: Repeat | null | undefined): { key: string; n: number } | null {
  if (!repeat) return null;
  if (repeat.returning) return { key: "repeat.returning", n: repeat.nth };
  // Something of the same person was added, and that is no repeat matter yet.
  return repeat.nth < 2 ? { key: "repeat.more", n: repeat.nth } : { key: "repeat.nth", n: repeat.nth };
}

/** The others, each once, in the order of their numbers' side: what came before, then what came after. */
export function repeatChips(repeat: Repeat | null | undefined): RepeatChip[] {
  const chips = new Map<string, RepeatChip>();
  const add = (side: RepeatChip["side"]) => ({ id, number, status }: Linked): void => {
    if (!chips.has(id)) chips.set(id, { id, number, side, status });
  };
  repeat?.earlier.forEach(add("earlier"));
  repeat?.later.forEach(add("later"));
  return [...chips.values()];
}

export interface RepeatSay { t(key: string, params?: Record<string, string | number>): string; term(group: string, key: string): string }

/** How long ago the other report came, how far it is, and who has it. */
export function otherWords({ received_at, status, unit_name }: Similar, now: number, say: RepeatSay): string {
  const age = received_at ? ago(received_at, now) : null;
  return [
    age === null ? "" : say.t(`ago.${age.unit}`, { n: age.n }), status ? say.term("statuses", status) : "", unit_name ?? (status ? say.t("pane.noUnit") : ""),
  ].filter(Boolean).join(" · ");
}
