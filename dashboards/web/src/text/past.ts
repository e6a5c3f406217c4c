/** An earlier matter in words: where it went, what came of it, how long it took, how far away it was. */
import type { PastMatter } from "@/types";

export interface PastSay { t(key: string, params?: Record<string, string | number>): string; term(group: string, key: string): string }

/** The first line names it, the second says what became of it. */
export function pastWords(one: PastMatter, say: PastSay): { what: string; became: string } {
  const ending = one.outcome === null ? say.term("statuses", one.status) : say.term("outcomes", one.outcome);
  const took = one.days === null ? "" : say.t(one.days < 1 ? "past.sameDay" : "past.days", { n: Math.round(one.days * 10) / 10 });
  return {
    what: [one.category_name ?? "", one.away_m === null ? "" : say.t("why.away", { n: one.away_m })].filter(Boolean).join(" · "),
    became: [one.unit_name ?? one.line ?? say.t("pane.noUnit"), ending, took].filter(Boolean).join(" · "),
  };
}
