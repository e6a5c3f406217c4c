/** A limit's remaining time in words, in the kind of time that the limit has. */
import type { Language } from "./dictionary";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Kind = "clock" | "working_hour" | "working_day";

/** Working hours and days are named as such; every other limit runs round the clock. */
export function kindOf(limitText: string): Kind {
  if (/工作时|\bWH\b/.test(limitText) && !/紧急工作时/.test(limitText)) return "working_hour";
  if (/工作日|\bWD\b/.test(limitText)) return "working_day";
  return "clock";
}

const WORDS: Record<Language, Record<"left" | "over" | "s" | "m" | "h" | "d" | "wh" | "wd", string>> = {
  zh: { left: "剩", over: "超", s: "秒", m: "分", h: "时", d: "天", wh: "工作时", wd: "工作日" },
  en: { left: "", over: "over", s: "s", m: "min", h: "h", d: "d", wh: "wk h", wd: "wk d" },
};

/** "剩 42 分", "超 1 工作日", "剩 3 时 20 分"; rounded down, so that nobody counts on time that is not there. */
export function countdown(due: number, now: number, limitText: string, language: Language = "zh"): string {
  const words = WORDS[language];
  const over = now >= due;
  const amount = span(Math.abs(due - now), kindOf(limitText), language);
  return `${over ? words.over : words.left} ${amount}`.trim();
}

function span(ms: number, kind: Kind, language: Language): string {
  const words = WORDS[language];
  if (ms < MINUTE) return `${Math.floor(ms / 1000)} ${words.s}`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} ${words.m}`;
  if (kind === "working_day" && ms >= DAY) return `${Math.floor(ms / DAY)} ${words.wd}`;
  if (kind === "working_hour") return `${Math.floor(ms / HOUR)} ${words.wh}`;
  if (ms < 10 * HOUR) return hours(ms, language);
  return ms < 2 * DAY ? `${Math.floor(ms / HOUR)} ${words.h}` : `${Math.floor(ms / DAY)} ${words.d}`;
}

function hours(ms: number, language: Language): string {
  const words = WORDS[language];
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  const whole = `${Math.floor(ms / HOUR)} ${words.h}`;
  return minutes === 0 ? whole : `${whole} ${minutes} ${words.m}`;
}
