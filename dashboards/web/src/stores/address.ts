/** The part of the address behind #, which names the screen and the open incident. Pure. */
import type { Screen } from "./view";

export interface Place { screen: Screen | null; id: string | null }

const SCREENS: readonly Screen[] = ["list", "unsure", "map", "boundaries", "accuracy"];

/** "#/unsure/0197..." says both; a screen that does not exist is null, and so is an incident that is not named. */
export function readAddress(hash: string): Place {
  const [name, key] = hash.replace(/^#\/?/, "").split("/");
  return { screen: SCREENS.find((screen) => screen === name) ?? null, id: key ? decoded(key) : null };
}

export function writeAddress(screen: Screen, id: string | null): string {
  return id === null ? `#/${screen}` : `#/${screen}/${encodeURIComponent(id)}`;
}

/** A link that was cut short may end amid an escape; what it names is then looked for as it stands. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
