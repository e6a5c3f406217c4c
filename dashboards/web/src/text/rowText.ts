/** The one line that a row shows of an incident; for a sensitive one, group and place and nothing more. */
import type { IncidentSummary } from "@/types";

export interface RowWords { lead: string; quiet: string }
export interface Say { group(code: string | null): string; t(key: string, values?: Record<string, string>): string }

/** By which words a later report made it graver; nothing where none did. */
export function graverWords({ graver }: IncidentSummary, say: Pick<Say, "t">): string {
  if (!graver) return "";
  return graver.words === "" ? say.t("list.graver") : say.t("list.graverBy", { words: graver.words });
}

export function rowWords(incident: IncidentSummary, say: Say): RowWords {
  const place = incident.grid_name ?? (incident.lon === null ? say.t("list.noPlace") : say.t("list.noGrid"));
  if (incident.sensitive || incident.excerpt === null) {
    return { lead: say.group(incident.category) || say.t("list.protected"), quiet: place };
  }
  return { lead: incident.excerpt.replace(/\s+/g, " ").trim() || incident.category_name || say.t("list.noCategory"), quiet: place };
}
