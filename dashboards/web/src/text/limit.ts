/** A limit such as "4 WH" in words: "4 工作时". */
import { sentence, type Language } from "./dictionary";

/** Words that came as words stay as they are. */
export function limitWords(text: string, language: Language): string {
  const found = /^([\d.]+)\s*(MIN|EH|WH|WD|CD)$/.exec(text.trim());
  return found ? sentence(language, `limit.${found[2]}`, { n: found[1] as string }) : text;
}
