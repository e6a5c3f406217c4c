/** What single entries of the journal hold beside their sentence. */
import type { ActionName, Actor, IncidentDetail, JournalEntry } from "@/types";

const OTHERS: Readonly<Record<string, string>> = {
  merged: "into", rejoined: "into", child_joined: "child", child_left: "child", linked_by: "later", raised: "by",
};

/** The id of the incident that an entry is about beside its own; null where it is none or several. */
export function otherIncident({ type, data }: JournalEntry): string | null {
  const id = data?.[OTHERS[type] ?? ""];
  return typeof id === "string" ? id : null;
}

/** Who did it: the name with the unit that they act for, since a name alone tells a stranger nothing. */
export function whoOf(actor: Actor | null | undefined, say: { unit(code: string): string; role(role: string): string }): string {
  if (!actor) return "";
  const unit = actor.unit ? say.unit(actor.unit) : "";
  const name = actor.name ?? (unit || say.role(actor.role));
  return unit === "" || name.includes(unit) ? name : `${name}（${unit}）`;
}

/** What waits for the desk's answer. `amount` is days for an extension, an instant for a suspension. */
export interface Request { kind: "extension" | "suspension"; amount: string; reason: string; who: string; at: string | null }

const ASKED: Partial<Record<ActionName, Request["kind"]>> = { decide_extension: "extension", decide_suspension: "suspension" };
const AMOUNT = { extension: "days", suspension: "until" } as const;

/** The request that this action answers, from the journal; without its entry, what the desk's task says of it. */
export function requestOf(action: ActionName, incident: Pick<IncidentDetail, "journal" | "tasks">): Request | null {
  const kind = ASKED[action];
  if (kind === undefined) return null;
  const doubt = `${kind}_asked`;
  const entry = incident.journal.findLast(({ type }) => type === doubt);
  const task = incident.tasks.findLast(({ role, doubts }) => role === "desk" && doubts?.includes(doubt));
  const amount = entry?.data?.[AMOUNT[kind]] ?? task?.asked;
  if (amount === undefined) return null;
  return { kind, amount: String(amount), reason: String(entry?.data?.["reason"] ?? ""), who: entry?.actor?.name ?? "", at: entry?.at ?? null };
}
