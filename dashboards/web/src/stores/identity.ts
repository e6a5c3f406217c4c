/** Who sits here: said by the user, kept on this machine, sent with every action. */
import { computed, ref } from "vue";

import type { Actor } from "@/types";
import { units } from "./reference";
import { recall, remember } from "./remember";
import { t, term } from "./settings";

const KEY = "gridward.identity";
const DESKS = ["desk", "chief", "leader"] as const;

/** "desk", "chief", "leader" or "unit:<code>" */
export const identity = ref(recall(KEY) ?? "desk");

export function become(who: string): void {
  identity.value = who;
  remember(KEY, who);
}

export interface Persona { value: string; label: string }

export const personas = computed<Persona[]>(() => [
  ...DESKS.map((role) => ({ value: role, label: term("roles", role) })),
  ...units.value.map((unit) => ({
    value: `unit:${unit.code}`,
    label: unit.duty?.name ? t("identity.unit", { unit: unit.name, name: unit.duty.name }) : unit.name,
  })),
]);

export const actor = computed<Actor>(() => {
  const who = identity.value;
  if (!who.startsWith("unit:")) return { id: `${who}-1`, name: term("roles", who), role: who };
  const code = who.slice(5);
  const unit = units.value.find((one) => one.code === code);
  return { id: who, name: unit?.duty?.name ?? unit?.name ?? code, role: "unit", unit: code };
});
