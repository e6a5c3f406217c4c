/** Why an action's key does nothing now: who may do it instead, or which rule stands against it. */
import { isOpen } from "@/text/taskWords";
import type { ActionName, IncidentDetail, Task } from "@/types";

/** A key of the dictionary and what fills its gaps; the action's own name fills `{action}`. */
export interface Reason { key: string; params: Record<string, string> }

const BOTH: ReadonlySet<ActionName> = new Set(["progress", "add_joint", "resume"]);
const REPORTERS: ReadonlySet<ActionName> = new Set(["cancel", "reopen"]);
/** Which tasks' units an action of theirs is for. */
const HOLDERS: Partial<Record<ActionName, (task: Task) => boolean>> = {
  accept: ({ status }) => status === "offered",
  return: isOpen,
  resolve: isOpen,
  ask_extension: (task) => isOpen(task) && task.role === "lead",
  ask_suspension: (task) => isOpen(task) && task.role === "lead",
};

/** For an action that the incident allows, but not to whoever sits here. */
export function whoInstead(action: ActionName, incident: IncidentDetail): Reason {
  if (action === "verify") return { key: "who.verify", params: {} };
  if (BOTH.has(action)) return { key: "who.both", params: {} };
  if (REPORTERS.has(action)) return { key: "who.reporter", params: {} };
  const holds = HOLDERS[action];
  if (holds === undefined) return { key: "who.desk", params: {} };
  const units = incident.tasks.filter((task) => task.role !== "desk" && holds(task)).map(({ unit, unit_name }) => unit_name ?? unit ?? "");
  return units.length > 0 ? { key: "who.unit", params: { unit: units.join("、") } } : { key: "who.anyUnit", params: {} };
}

/** The rule that forbids what the status alone would allow; null when it is the status. */
export function ruleAgainst(action: ActionName, incident: IncidentDetail): Reason | null {
  const limits = incident.why?.limits;
  const params = { class: incident.limit_class ?? "" };
  if (action === "return" && (incident.status === "dispatched" || incident.status === "accepted")) {
    if (limits?.["may_return"] === false) return { key: "rule.noReturn", params };
    if (incident.tasks.some((task) => task.role === "lead" && isOpen(task) && task.designated)) return { key: "rule.designated", params: {} };
  }
  if (action === "ask_extension" && incident.status === "accepted") {
    if (limits?.["may_extend"] === false) return { key: "rule.noExtension", params };
    if (incident.extended) return { key: "rule.extendedOnce", params: {} };
  }
  return null;
}
