/** All open incidents, kept current: snapshots and live events go in, versions come out once per frame. */
import { shallowRef } from "vue";

import type { IncidentSummary } from "@/types";
import { Book } from "./book";

type Guess = { incident: IncidentSummary; at: number };

const book = new Book();
/** What actions under way will most likely do, until the server has spoken. */
const guesses = new Map<string, Guess>();
let waiting: IncidentSummary[] = [];
let scheduled = false;
let arrivedSince = new Set<string>();

/** Changes whenever anything in the book changed; whoever reads the book reads this first. */
export const edition = shallowRef(0);
export interface Fresh { versions: IncidentSummary[]; newcomers: ReadonlySet<string> }
type Listener = (fresh: Fresh) => void;
/** Called with each batch of versions that were news, and which incidents were not known before. */
const listeners = new Set<Listener>();

export function incidents(): IncidentSummary[] {
  void edition.value;
  return Array.from(book.all(), (incident) => guesses.get(incident.id)?.incident ?? incident);
}

export function incident(id: string): IncidentSummary | undefined {
  void edition.value;
  return guesses.get(id)?.incident ?? book.get(id);
}

export const hasEnded = (id: string): boolean => (void edition.value, book.hasEnded(id));

export const isGuess = (id: string): boolean => (void edition.value, guesses.has(id));

export function onFresh(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** In a flood of events the page is redrawn ten times a second, out of sight twice. */
const APART_MS = 100;
const HIDDEN_MS = 500;
let flushedAt = 0;

/** A lone event shows with the next frame; those of a burst wait for one redraw together. */
export function receive(version: IncidentSummary): void {
  waiting.push(version);
  if (scheduled) return;
  scheduled = true;
  const wait = flushedAt + APART_MS - performance.now();
  if (document.hidden) setTimeout(flush, HIDDEN_MS);
  else if (wait > 0) setTimeout(flush, wait);
  else requestAnimationFrame(flush);
}

export function flush(): void {
  scheduled = false;
  flushedAt = performance.now();
  const batch = waiting;
  waiting = [];
  take(batch);
}

function take(batch: IncidentSummary[]): void {
  const newcomers = new Set(batch.map(({ id }) => id).filter((id) => book.get(id) === undefined));
  const fresh = batch.filter((version) => book.put(version));
  if (fresh.length === 0) return;
  for (const version of fresh) {
    arrivedSince.add(version.id);
    guesses.delete(version.id);
  }
  edition.value++;
  for (const listener of listeners) listener({ versions: fresh, newcomers });
}

/** Marks the beginning of a snapshot: what arrives from here on is newer than it. */
export function beginSnapshot(): void {
  arrivedSince = new Set();
}

export function takePage(page: IncidentSummary[]): void {
  for (const version of page) book.put(version);
  edition.value++;
}

export function endSnapshot(listed: ReadonlySet<string>): void {
  book.keepOnly(listed, arrivedSince);
  edition.value++;
}

export function guess(foreseen: IncidentSummary): void {
  guesses.set(foreseen.id, { incident: foreseen, at: Date.now() });
  edition.value++;
}

/** The server's answer to an action: takes the guess's place at once, so that the old state does not flash up between. */
export function settle(version: IncidentSummary): void {
  guesses.delete(version.id);
  take([version]);
  edition.value++;
}

export function withdrawGuess(id: string): void {
  if (guesses.delete(id)) edition.value++;
}
