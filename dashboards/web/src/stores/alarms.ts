/** Units and grids that have nobody, or will not have: asked for each minute, and when the page is looked at again. */
import { computed, shallowRef } from "vue";

import { type Alarms, api } from "@/api/endpoints";

const EVERY = 60_000;

export const alarms = shallowRef<Alarms | null>(null);
export const alarmsOpen = shallowRef(false);

/** What the badge says: null while there is nothing to say. */
export const alarmed = computed(() => badge(alarms.value));

export interface Badge { now: number; ahead: number; grids: number }

export function badge(found: Alarms | null): Badge | null {
  if (found === null) return null;
  const now = found.units.filter((one) => one.now).length;
  const grids = found.grids.reduce((sum, one) => sum + one.count, 0);
  const ahead = found.units.length - now;
  return now + ahead + grids === 0 ? null : { now, ahead, grids };
}

async function ask(): Promise<void> {
  try {
    alarms.value = await api.alarms();
  } catch {
    // The line's own lamp says when nothing can be read; what was known stays.
  }
}

/** Begin asking; the answer ends it. */
export function watchAlarms(): () => void {
  const looked = (): void => { if (!document.hidden) void ask(); };
  const timer = window.setInterval(looked, EVERY);
  document.addEventListener("visibilitychange", looked);
  void ask();
  return () => { window.clearInterval(timer); document.removeEventListener("visibilitychange", looked); };
}
