/** The incidents that the console holds, each in the newest version that it has seen. */
import type { IncidentSummary, Status } from "@/types";

/** Statuses in which nothing is left to do; such incidents leave the list. */
export const ENDED: ReadonlySet<Status> = new Set(["closed", "declined", "handed_over", "merged", "cancelled"]);

const REMEMBER = 5000;

export class Book {
  private readonly held = new Map<string, IncidentSummary>();
  private readonly ended = new Map<string, number>();

  get size(): number {
    return this.held.size;
  }

  all(): Iterable<IncidentSummary> {
    return this.held.values();
  }

  get(id: string): IncidentSummary | undefined {
    return this.held.get(id);
  }

  /** Whether it ended while the console looked on, as far as that is remembered. */
  hasEnded(id: string): boolean {
    return this.ended.has(id);
  }

  /** Takes a version over and says so; false when the same or a later one is known already. */
  put(incident: IncidentSummary): boolean {
    const known = this.held.get(incident.id)?.journal_no ?? this.ended.get(incident.id) ?? -1;
    if (incident.journal_no <= known) return false;
    if (ENDED.has(incident.status)) this.end(incident);
    else {
      this.ended.delete(incident.id);
      this.held.set(incident.id, incident);
    }
    return true;
  }

  /** Drops whatever a fresh snapshot no longer lists, but nothing that came in since it was begun. */
  keepOnly(listed: ReadonlySet<string>, arrivedSince: ReadonlySet<string>): void {
    for (const id of this.held.keys()) if (!listed.has(id) && !arrivedSince.has(id)) this.held.delete(id);
  }

  /** Only the number is remembered, so that a late older version does not bring it back. */
  private end(incident: IncidentSummary): void {
    this.held.delete(incident.id);
    this.ended.set(incident.id, incident.journal_no);
    if (this.ended.size > REMEMBER) this.ended.delete(this.ended.keys().next().value as string);
  }
}
