/** The state of the line to the server, as one value and one pure step. */

export type LineState =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "reconnecting"; since: number }
  | { kind: "stale"; since: number };

/** `server` is what the server says of itself: connected to it, but nothing new can come while it waits for Kafka. */
export type LineSign =
  | { type: "opened" }
  | { type: "server"; live: boolean; at: number }
  | { type: "cut"; at: number }
  | { type: "tick"; at: number };

/** What is shown is called stale when nothing has been heard for this long. */
export const STALE_AFTER_MS = 60_000;
/** Heartbeats come every 15 s; after this long without a byte the line is taken for dead. */
export const SILENCE_MS = 40_000;

export function step(state: LineState, sign: LineSign): LineState {
  switch (sign.type) {
    case "opened":
      return state.kind === "live" ? state : { kind: "live" };
    case "server":
      if (sign.live) return { kind: "live" };
      return state.kind === "stale" ? state : { kind: "stale", since: sign.at };
    case "cut":
      return state.kind === "reconnecting" || state.kind === "stale" ? state : { kind: "reconnecting", since: sign.at };
    case "tick":
      if (state.kind === "reconnecting" && sign.at - state.since >= STALE_AFTER_MS) return { kind: "stale", since: state.since };
      return state;
  }
}
