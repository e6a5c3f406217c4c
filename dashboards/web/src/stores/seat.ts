/** Who sits here, bare of names: kept on this machine, and said with all that is read. */
import { computed, ref } from "vue";

import type { Viewer } from "@/types";
import { recall, remember } from "./remember";

const KEY = "gridward.identity";
const UNIT = "unit:";

/** "desk", "chief", "leader" or "unit:<code>" */
export const identity = ref(recall(KEY) ?? "desk");

export function become(who: string): void {
  identity.value = who;
  remember(KEY, who);
}

export const viewer = computed<Viewer>(() =>
  (identity.value.startsWith(UNIT) ? { role: "unit", unit: identity.value.slice(UNIT.length) } : { role: identity.value }));
