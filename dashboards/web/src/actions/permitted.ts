/**
 * Who may do what, as far as it can be told beforehand, so that nobody is offered a button that will be refused.
 * The server decides; this only spares a click.
 */
import { isOpen } from "@/text/taskWords";
import type { ActionName, Actor, IncidentSummary } from "@/types";

const DESK_ROLES: ReadonlySet<string> = new Set(["desk", "chief", "leader"]);

/** What only the unit that holds the task can say. */
const OF_UNIT: ReadonlySet<ActionName> = new Set(["accept", "return", "ask_extension", "ask_suspension", "resolve"]);
const OF_LEAD: ReadonlySet<ActionName> = new Set(["accept", "return", "ask_extension", "ask_suspension", "resolve", "progress", "add_joint", "resume"]);
const OF_JOINT: ReadonlySet<ActionName> = new Set(["accept", "return", "resolve", "progress", "add_joint", "resume"]);

export function permitted(action: ActionName, incident: IncidentSummary, actor: Actor): boolean {
  if (DESK_ROLES.has(actor.role)) return !OF_UNIT.has(action);
  const task = incident.tasks.find((held) => held.role !== "desk" && held.unit === actor.unit && isOpen(held));
  if (task === undefined) return action === "verify" && incident.tasks.every(({ unit }) => unit !== actor.unit);
  if (action === "accept") return task.status === "offered";
  return (task.role === "lead" ? OF_LEAD : OF_JOINT).has(action);
}
