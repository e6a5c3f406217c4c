/** The server's time as the pages show it: ticking each second, and each five for whatever is counted. */
import { shallowRef } from "vue";

import { ServerClock } from "@/live/serverClock";

const clock = new ServerClock();

export const now = shallowRef(clock.now());
export const coarseNow = shallowRef(clock.now());

export function heard(server: number, sent: number, received: number, resolution: number): void {
  clock.heard(server, sent, received, resolution);
}

export const serverNow = (): number => clock.now();

/** Starts the ticking; the returned function ends it. */
export function startClock(): () => void {
  let ticks = 0;
  const timer = setInterval(() => {
    now.value = clock.now();
    if (ticks++ % 5 === 0) coarseNow.value = now.value;
  }, 1000);
  return () => clearInterval(timer);
}
