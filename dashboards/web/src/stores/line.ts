/** Ties the live stream to the stores: what came, what it means, and how the line stands. */
import { ref, shallowRef } from "vue";

import { step, type LineSign, type LineState } from "@/live/lineState";
import { LiveStream } from "@/live/liveStream";
import type { ServerEvent } from "@/live/sse";
import type { IncidentEvent } from "@/types";
import { heard, now } from "./clock";
import { grow, reload } from "./detail";
import { receive } from "./incidents";
import { recall, remember } from "./remember";
import { loadSnapshot } from "./snapshot";

const KEY = "gridward.live";
/** An older position is not worth replaying: the snapshot that a load begins with says it all. */
const WORTH_MS = 10 * 60_000;

export const line = shallowRef<LineState>({ kind: "connecting" });
/** When the last event or answer came, by this machine's clock. */
export const lastHeard = ref<number | null>(null);

const sign = (what: LineSign): void => { line.value = step(line.value, what); };

function savedId(): string | null {
  const [at, id] = (recall(KEY, sessionStorage) ?? "").split("|");
  return id && Date.now() - Number(at) < WORTH_MS ? id : null;
}

let stream: LiveStream | null = null;
let saved = 0;
let snapshotWanted = true;

function received(event: ServerEvent): void {
  lastHeard.value = Date.now();
  if (event.event === "incident") take(event.data);
  else if (event.event === "reset") void loadSnapshot().then(reload);
  else if (event.event === "hello" || event.event === "state") greet(event.data);
  if (event.id && Date.now() - saved > 1000) {
    saved = Date.now();
    remember(KEY, `${saved}|${event.id}`, sessionStorage);
  }
}

function take(data: string): void {
  const event = JSON.parse(data) as IncidentEvent;
  receive(event.incident);
  grow(event);
}

interface Greeting { now?: string; state?: "live" | "stale" }

/** What the server says of itself: its time, and whether anything new can come at all. */
function greet(data: string): void {
  const { now: at, state } = JSON.parse(data) as Greeting;
  if (at) heard(Date.parse(at), Date.now(), Date.now(), 0);
  if (state) sign({ type: "server", live: state === "live", at: now.value });
}

/** Subscribes first and loads after, so that nothing falls between the snapshot and the stream. */
function opened(): void {
  sign({ type: "opened" });
  lastHeard.value = Date.now();
  if (!snapshotWanted && stream?.lastId !== null) return;
  snapshotWanted = false;
  void loadSnapshot();
}

export function startLine(): () => void {
  const lastId = savedId();
  stream = new LiveStream({ url: "/api/live", lastId }, {
    opened, received, cut: () => sign({ type: "cut", at: now.value }),
  });
  void stream.run();
  void loadFallback();
  const timer = setInterval(() => sign({ type: "tick", at: now.value }), 1000);
  const nudge = (): void => stream?.nudge();
  addEventListener("online", nudge);
  return () => {
    clearInterval(timer);
    removeEventListener("online", nudge);
    stream?.stop();
  };
}

/** A stream that does not open must not keep the list empty: after two seconds the snapshot comes alone. */
async function loadFallback(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  if (!snapshotWanted) return;
  await loadSnapshot();
}
