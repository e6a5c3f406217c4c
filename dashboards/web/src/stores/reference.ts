/** What changes rarely: units, categories, grid boundaries. Each is asked for until it has come. */
import { computed, shallowRef } from "vue";

import { api, type Grids } from "@/api/endpoints";
import { backoff } from "@/live/backoff";
import type { Category, Unit } from "@/types";
import { term } from "./settings";

export const units = shallowRef<Unit[]>([]);
export const categories = shallowRef<Category[]>([]);
export const grids = shallowRef<Grids | null>(null);

const unitNames = computed(() => new Map(units.value.map((unit) => [unit.code, unit.name])));
const gridNames = computed(() => new Map(grids.value?.features.map(({ properties }) => [properties.code, properties.name]) ?? []));
const byCode = computed(() => new Map(categories.value.map((category) => [category.code, category])));

export const unitName = (code: string): string => unitNames.value.get(code) ?? code;
export const gridName = (code: string): string => gridNames.value.get(code) ?? code;
export const categoryOf = (code: string | null): Category | undefined => (code === null ? undefined : byCode.value.get(code));
export const groupName = (code: string | null): string => (code === null ? "" : term("category_groups", code.slice(0, 2)));

/** Four digits name a category, two a group of them; only the former can be chosen. */
export const choosable = computed(() => categories.value.filter(({ code }) => code.length === 4));

async function until<T>(ask: () => Promise<T>, took: (value: T) => void): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      took(await ask());
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, backoff(attempt)));
    }
  }
}

export function loadReference(): void {
  void until(api.units, (found) => (units.value = found));
  void until(api.categories, (found) => (categories.value = found));
  void until(api.grids, (found) => (grids.value = found));
}
