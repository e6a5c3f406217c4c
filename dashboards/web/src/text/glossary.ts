/** Terms of the one glossary, which the API serves too. */
import glossary from "@glossary";
import type { Language } from "./dictionary";

type Terms = Record<string, Record<string, { zh: string; en: string }>>;

/** The term for an enum's value; the value itself when the glossary lacks it, so that nothing is hidden. */
export function term(language: Language, group: string, key: string | number | null | undefined): string {
  if (key === null || key === undefined) return "";
  return (glossary as Terms)[group]?.[String(key)]?.[language] ?? String(key);
}

export function terms(group: string): string[] {
  return Object.keys((glossary as Terms)[group] ?? {});
}
