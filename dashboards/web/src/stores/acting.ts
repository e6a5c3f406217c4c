/** The action form that is open, and the sending of what it holds. */
import { computed, ref, shallowRef } from "vue";

import { inOrder } from "@/actions/catalog";
import { type Draft, Drafts, type Values } from "@/actions/draft";
import { foresee } from "@/actions/optimistic";
import { permitted } from "@/actions/permitted";
import { uuid } from "@/actions/uuid";
import { ApiError, Unreachable } from "@/api/client";
import { api } from "@/api/endpoints";
import type { ActionName, IncidentSummary } from "@/types";
import { serverNow } from "./clock";
import { detail, isSettled, reload, renew, shown } from "./detail";
import { actor } from "./identity";
import { guess, settle, withdrawGuess } from "./incidents";
import { unitName } from "./reference";

export interface Failure { action: ActionName; incident: string; error: Error }

export const drafts = new Drafts(sessionStorage);
export const openAction = ref<ActionName | null>(null);
export const failure = shallowRef<Failure | null>(null);
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
  openAction.value = action;
}

export function closeForm(): void {
  openAction.value = null;
  failure.value = null;
}

export const draftFor = (incident: string, action: ActionName): Draft => drafts.read(incident, action);

/**
 * Shows the effect at once and sends. True when the server took it; otherwise the row is put back, the form
 * opens again with what was typed, and `failure` says why.
 */
export async function submit(incident: IncidentSummary, action: ActionName, values: Values): Promise<boolean> {
  const fields = { ...values, actor: actor.value, action, version: incident.version };
  const id = drafts.idFor(incident.id, action, fields, uuid);
  guess(foresee(incident, action, values, unitName));
  closeForm();
  sending.value++;
  try {
    const done_at = new Date(serverNow()).toISOString();
    const answer = await api.act(incident.id, { ...fields, id, action, version: incident.version, actor: actor.value, done_at });
    settle(answer.incident);
    renew(answer.incident);
    drafts.done(incident.id, action);
    if (shown.value?.id === incident.id) void reload();
    return true;
  } catch (error) {
    failed(incident.id, action, error as Error);
    return false;
  } finally {
    sending.value--;
  }
}

function failed(incident: string, action: ActionName, error: Error): void {
  withdrawGuess(incident);
  if (error instanceof ApiError && error.problem.status < 500) drafts.refused(incident, action);
  failure.value = { action, incident, error };
  openAction.value = shown.value?.id === incident ? action : openAction.value;
  if (!(error instanceof Unreachable)) void reload();
}
