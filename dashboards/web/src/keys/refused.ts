/** A key whose action is not possible now is answered in words, for a few seconds. */
import { shallowRef } from "vue";

import type { ActionName } from "@/types";

export interface RefusedKey { action: ActionName; possible: ActionName[] }

export const refusedKey = shallowRef<RefusedKey | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

export function refuse(action: ActionName, possible: ActionName[]): void {
  clearTimeout(timer);
  refusedKey.value = { action, possible };
  timer = setTimeout(() => (refusedKey.value = null), 5000);
}
