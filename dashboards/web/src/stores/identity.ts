/** Who sits here: said by the user, kept on this machine, sent with every action. */
import { computed } from "vue";

import type { Actor } from "@/types";
import { units } from "./reference";
import { identity, viewer } from "./seat";
import { t, term } from "./settings";

export { become, identity } from "./seat";

const DESKS = ["desk", "chief", "leader"] as const;

export interface Persona { value: string; label: string }

export const personas = computed<Persona[]>(() => [
  ...DESKS.map((role) => ({ value: role, label: term("roles", role) })),
  ...units.value.map((unit) => ({
    value: `unit:${unit.code}`,
    label: unit.duty?.name ? t("identity.unit", { unit: unit.name, name: unit.duty.name }) : unit.name,
  })),
]);

export const actor = computed<Actor>(() => {
  const { role, unit: code } = viewer.value;
  if (code === undefined) return { id: `${role}-1`, name: term("roles", role), role };
  const unit = units.value.find((one) => one.code === code);
  return { id: identity.value, name: unit?.duty?.name ?? unit?.name ?? code, role, unit: code };
});
