/** What became of a task and of its clocks, said truly: met, lifted, or still running for the reporter. */
import type { Deadline, Task } from "@/types";

/** Nobody waits for the unit any more. */
export const DROPPED: ReadonlySet<Task["status"]> = new Set(["withdrawn", "returned"]);

/** The moments of a task, each under the status that began with it; the last is how it ended. */
export function momentsOf(task: Task): [status: Task["status"], at: string][] {
  const end = DROPPED.has(task.status) ? task.status : "done";
  const all: [Task["status"], string | null][] = [["offered", task.offered_at], ["accepted", task.accepted_at], [end, task.done_at]];
  return all.filter((moment): moment is [Task["status"], string] => moment[1] !== null);
}

/**
 * How a clock that has ended did: a task that was returned or withdrawn lifts what was still running with its end
 * and keeps what had been met before.
 */
export function endOf(deadline: Deadline, task: Task): "met" | "lifted" {
  if (!DROPPED.has(task.status)) return "met";
  if (deadline.kind === "accept") return task.accepted_at === null ? "lifted" : "met";
  const [ended, dropped] = [deadline.ended_at, task.done_at].map((at) => Date.parse(at ?? ""));
  return (ended as number) < (dropped as number) ? "met" : "lifted";
}

/** The reporter was promised a day, not a unit: the finish clock runs on after a return until another unit takes it over. */
export const isPromise = (deadline: Deadline, task: Task): boolean =>
  deadline.kind === "finish" && !deadline.ended_at && DROPPED.has(task.status);

/** Somebody waits for the unit. */
export const isOpen = ({ status }: Task): boolean => status === "offered" || status === "accepted";

const RANK: Record<Task["role"], number> = { lead: 0, desk: 1, joint: 2 };

/** What goes on before what is over; the lead (主办) is answerable and stands above who helps (会办); the newest first. */
export const inOrder = (tasks: readonly Task[]): Task[] =>
  [...tasks].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || RANK[a.role] - RANK[b.role] || b.no - a.no);
