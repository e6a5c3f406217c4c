/** The console's sentences in both languages. Terms (statuses, actions, ...) come from the glossary instead. */
import en from "./en.json";
import zh from "./zh.json";

export type Language = "zh" | "en";
export type Params = Record<string, string | number>;

const SENTENCES: Record<Language, Record<string, string>> = { zh, en };

/** A missing key shows itself rather than an empty place. */
export function sentence(language: Language, key: string, params: Params = {}): string {
  const template = SENTENCES[language][key] ?? SENTENCES.zh[key] ?? key;
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
