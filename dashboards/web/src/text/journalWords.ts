/** What single entries of the journal hold beside their sentence. */
import type { JournalEntry } from "@/types";

const MERGES: Readonly<Record<string, string>> = { merged: "into", child_joined: "child" };

/** The id of the incident that an entry is about beside its own; null for all but mergers. */
export function otherIncident({ type, data }: JournalEntry): string | null {
  const id = data?.[MERGES[type] ?? ""];
  return typeof id === "string" ? id : null;
}
