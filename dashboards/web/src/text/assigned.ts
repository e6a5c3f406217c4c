/** What the rules say about whose it is. */
import type { Assigned } from "@/api/endpoints";

/** The key of the sentence and what it names. While no grid (网格) is chosen, that no rule names a unit says nothing yet. */
export function assignedWords({ unit, unit_name }: Assigned, grid: string | null): { key: string; params: Record<string, string> } {
  if (unit !== null) return { key: "assign.suggested", params: { unit: unit_name ?? unit } };
  return { key: grid === null ? "assign.gridFirst" : "assign.none", params: {} };
}
