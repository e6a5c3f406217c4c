/** The places that the words of the open incident may mean, while it waits for a unit; and which one somebody chose. */
import { computed, shallowRef, watch } from "vue";

import { type Spot, spotsOf } from "@/map/spots";
import { choicesOf } from "@/text/why";
import type { Choice } from "@/types";
import { detail } from "./detail";
import { gridName } from "./reference";
import { t } from "./settings";

/** The digit keys. */
const MOST = 9;
const WAITING: ReadonlySet<string> = new Set(["queued", "returned"]);
const CODE = "spot-";

/** The number of the place that was chosen for the open incident. */
export const spotNo = shallowRef<number | null>(null);
watch(() => detail.value?.id, () => (spotNo.value = null));

export const spots = computed<Spot[]>(() => {
  const full = detail.value;
  return full !== null && WAITING.has(full.status) ? spotsOf(choicesOf(full.why?.place)).slice(0, MOST) : [];
});
export const spot = computed<Spot | null>(() => spots.value.find(({ n }) => n === spotNo.value) ?? null);

/** A village is known and which of its grids is not: chosen, or the only one that is named. */
export const village = computed<Spot | null>(() => {
  const only = spots.value.length === 1 ? spots.value[0] : undefined;
  const found = spot.value ?? only;
  return found && found.grids.length > 1 ? found : null;
});

/** The places to choose between now, which stand on the map as points; none where only grids are left to choose. */
export const offered = computed<Spot[]>(() => (village.value === null ? spots.value : []));

/** Where choices come from places: those, or the grids of the village that was chosen. Null where words named none. */
export const spotChoices = computed<Choice[] | null>(() => {
  if (village.value) return village.value.grids.slice(0, MOST).map((code) => ({ code, name: gridName(code) }));
  return spots.value.length > 0 ? spots.value.map((one) => ({ code: codeOf(one.n), name: one.name, hint: holds(one) })) : null;
});

export const codeOf = (n: number): string => `${CODE}${n}`;
/** The number in a choice's code; null when it is a grid's. */
export const numberIn = (code: string): number | null => (code.startsWith(CODE) ? Number(code.slice(CODE.length)) : null);

/** What choosing it leads to, in words. */
export function holds({ grids: [first, ...others] }: Spot): string {
  if (first === undefined) return t("spot.noGrid");
  return others.length > 0 ? t("spot.grids", { n: others.length + 1 }) : gridName(first);
}
