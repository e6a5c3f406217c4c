/** The action form that is open, and the sending of what it holds. */
import { computed, ref, shallowRef } from "vue";

import { inOrder } from "@/actions/catalog";
import { type Draft, Drafts, type Values } from "@/actions/draft";
import { foresee } from "@/actions/optimistic";
import { permitted } from "@/actions/permitted";
import { uuid } from "@/actions/uuid";
import { ApiError, Unreachable } from "@/api/client";
import { api } from "@/api/endpoints";
import type { ActionName, IncidentSummary, JournalEntry } from "@/types";
import { serverNow } from "./clock";
import { detail, isSettled, reload, renew, shown } from "./detail";
import { actor } from "./identity";
import { guess, isGuess, settle, withdrawGuess } from "./incidents";
import { unitName } from "./reference";

export interface Failure { action: ActionName; incident: string; error: Error }
/** The state of an incident that whoever fills in the form is looking at: what they decide, they decide on this. */
export interface Seen { incident: string; action: ActionName; version: number; journal_no: number }

export const drafts = new Drafts(sessionStorage);
export const openAction = ref<ActionName | null>(null);
export const failure = shallowRef<Failure | null>(null);
export const seen = shallowRef<Seen | null>(null);
export const sending = ref(0);

/** What the incident allows whoever sits here; null while the server has not yet said. */
export const possible = computed<ActionName[] | null>(() => split(true));
/** Whether that is also true of the newest version, and not only of the one before. */
export const isSure = computed(() => possible.value !== null && isSettled.value);
/** What it allows others. */
export const ofOthers = computed<ActionName[]>(() => split(false) ?? []);

function split(mine: boolean): ActionName[] | null {
  const full = detail.value;
  return full && inOrder(full.possible).filter((action) => permitted(action, full, actor.value) === mine);
}

export function openForm(action: ActionName): void {
  failure.value = null;
  seen.value = null;
  openAction.value = action;
}

export function closeForm(): void {
  openAction.value = null;
  failure.value = null;
  seen.value = null;
}

/** Actions that somebody began to fill in and has not sent, while no form is open over them. */
export const begun = computed<ActionName[]>(() => {
  void sending.value; // the browser's storage tells nobody when a draft is done
  const id = shown.value?.id;
  if (id === undefined || openAction.value !== null || isGuess(id)) return [];
  return (possible.value ?? []).filter((action) => drafts.waits(id, action));
});

/**
 * The form stands open over this incident: its version is the one that the form decides on, however the incident
 * moves on. A form that comes back after a failure keeps the version it had; one whose answer was lost keeps the
 * version it was sent with, so that the same body can go out again under the same id.
 */
export function lookAt(incident: IncidentSummary, action: ActionName): void {
  if (seenOf(incident.id, action) !== null) return;
  const sent = drafts.sentVersion(incident.id, action);
  seen.value = { incident: incident.id, action, version: sent ?? incident.version, journal_no: incident.journal_no };
}

function seenOf(incident: string, action: ActionName): Seen | null {
  const found = seen.value;
  return found !== null && found.incident === incident && found.action === action ? found : null;
}

/** The newest version that is known, be it from the live stream or from a refusal that came faster. */
function newestOf(incident: IncidentSummary): number {
  const error = failure.value?.incident === incident.id ? failure.value.error : null;
  return Math.max(incident.version, (error instanceof ApiError ? error.problem.current?.version : undefined) ?? 0);
}

/** Whether the incident has moved on since the open form was opened, or the server has said that it had. */
export const hasMoved = computed(() => {
  const [found, incident] = [seen.value, shown.value];
  return found !== null && incident?.id === found.incident && newestOf(incident) > found.version;
});

/** What happened to it since the form was opened, oldest first. */
export const movedBy = computed<JournalEntry[]>(() => {
  const found = seen.value;
  return found === null || !hasMoved.value ? [] : (detail.value?.journal ?? []).filter(({ no }) => no > found.journal_no);
});

/** Whoever fills in the form has read what changed and decides on that. */
export function adopt(): void {
  const [found, incident] = [seen.value, shown.value];
  if (found === null || incident?.id !== found.incident) return;
  seen.value = { ...found, version: newestOf(incident), journal_no: incident.journal_no };
  failure.value = null;
}

export const draftFor = (incident: string, action: ActionName): Draft => drafts.read(incident, action);

/**
 * Shows the effect at once and sends, as decided on the version that the form was opened over. True when the server took it; otherwise the row is put back, the form
 * opens again with what was typed, and `failure` says why.
 */
export async function submit(incident: IncidentSummary, action: ActionName, values: Values): Promise<boolean> {
  const basis = seenOf(incident.id, action) ?? { incident: incident.id, action, version: incident.version, journal_no: incident.journal_no };
  const { version } = basis;
  const fields = { ...values, actor: actor.value, action, version };
  const id = drafts.idFor(incident.id, action, fields, uuid);
  guess(foresee(incident, action, values, unitName));
  closeForm();
  sending.value++;
  try {
    const done_at = new Date(serverNow()).toISOString();
    const answer = await api.act(incident.id, { ...fields, id, action, version, actor: actor.value, done_at });
    settle(answer.incident);
    renew(answer.incident);
    keepUp(version, answer.incident);
    drafts.done(incident.id, action);
    if (shown.value?.id === incident.id) void reload();
    return true;
  } catch (error) {
    failed(incident.id, action, error as Error, basis);
    return false;
  } finally {
    sending.value--;
  }
}

/** A form that was opened while one's own action was under way need not be told of it. */
function keepUp(from: number, { id, version, journal_no }: IncidentSummary): void {
  const found = seen.value;
  if (found?.incident === id && found.version === from) seen.value = { ...found, version, journal_no };
}

function failed(incident: string, action: ActionName, error: Error, basis: Seen): void {
  withdrawGuess(incident);
  if (error instanceof ApiError && error.problem.status < 500) drafts.refused(incident, action);
  failure.value = { action, incident, error };
  if (shown.value?.id === incident) {
    openAction.value = action;
    seen.value = basis;
  }
  if (!(error instanceof Unreachable)) void reload();
}
