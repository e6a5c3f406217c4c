/** What was typed into an action's form, kept through reload and failure until the server has taken it. */
import type { ActionName } from "@/types";

export type Values = Record<string, unknown>;
export interface Draft { values: Values; sent?: { id: string; body: string } }

export type Keep = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Nothing that anybody would miss: a field that was never filled in or was emptied again. */
export const blank = (value: unknown): boolean => value === undefined || value === null || (typeof value === "string" && value.trim() === "");

const slot = (incident: string, action: ActionName): string => `gridward.draft.${incident}.${action}`;

export class Drafts {
  constructor(private readonly keep: Keep) {}

  read(incident: string, action: ActionName): Draft {
    try {
      const found = JSON.parse(this.keep.getItem(slot(incident, action)) ?? "null") as Draft | null;
      return found ?? { values: {} };
    } catch {
      return { values: {} };
    }
  }

  /** Whether something was typed that the server has not taken. */
  waits(incident: string, action: ActionName): boolean {
    return Object.values(this.read(incident, action).values).some((value) => !blank(value));
  }

  type(incident: string, action: ActionName, values: Values): void {
    this.write(incident, action, { ...this.read(incident, action), values });
  }

  /**
   * The id to send this body under: the earlier one when the very same body was sent before (its answer may
   * have been lost, and a repeat changes nothing), a new one otherwise.
   */
  idFor(incident: string, action: ActionName, body: Values, fresh: () => string): string {
    const draft = this.read(incident, action);
    const text = JSON.stringify(body);
    if (draft.sent?.body === text) return draft.sent.id;
    const sent = { id: fresh(), body: text };
    this.write(incident, action, { ...draft, sent });
    return sent.id;
  }

  /** The version in a body whose answer never came; undefined when none is on its way. */
  sentVersion(incident: string, action: ActionName): number | undefined {
    const { sent } = this.read(incident, action);
    return sent && (JSON.parse(sent.body) as { version?: number }).version;
  }

  /** After a refusal the text stays, but the next try is a new action. */
  refused(incident: string, action: ActionName): void {
    this.write(incident, action, { values: this.read(incident, action).values });
  }

  done(incident: string, action: ActionName): void {
    this.keep.removeItem(slot(incident, action));
  }

  private write(incident: string, action: ActionName, draft: Draft): void {
    try {
      this.keep.setItem(slot(incident, action), JSON.stringify(draft));
    } catch {
      // A full or forbidden storage costs the copy, not the form that is open.
    }
  }
}
