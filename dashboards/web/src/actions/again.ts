/** A second dispatch to the unit that holds the matter already: what it takes away, said before it is sent. */
import { isOpen } from "@/text/taskWords";
import type { IncidentSummary, Task } from "@/types";

/** Names of the unit and of those that help it. */
export interface Again { unit: string; joint: string[] }

const nameOf = ({ unit, unit_name }: Task): string => unit_name ?? unit ?? "";

/** Null where another unit is chosen, or where the unit's task is over and a new one is what it takes. */
export function again(unit: unknown, { tasks }: Pick<IncidentSummary, "tasks">): Again | null {
  const lead = tasks.find((task) => task.role === "lead" && isOpen(task) && task.unit === unit);
  return lead ? { unit: nameOf(lead), joint: tasks.filter((task) => task.role === "joint" && isOpen(task)).map(nameOf) } : null;
}
