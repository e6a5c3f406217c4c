/** A repeat matter (重复事项) in words: what kind it is, and the other incidents of it. */
import type { Linked, Repeat } from "@/types";

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
