/** Absolute times, always of the place that is governed, whatever zone the browser stands in. */
const ZONE = "Asia/Shanghai";

const clockFormat = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const stampFormat = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE, month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const datedFormat = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const yearFormat = new Intl.DateTimeFormat("en", { timeZone: ZONE, year: "numeric" });
const fullFormat = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

type When = string | number | null | undefined;

function shown(format: Intl.DateTimeFormat, when: When): string {
  if (when === null || when === undefined) return "";
  const at = new Date(when);
  return Number.isNaN(at.getTime()) ? "" : format.format(at).replaceAll("/", "-");
}

/** "14:32:07" */
export const clockTime = (when: When): string => shown(clockFormat, when);
/** "11-22 14:32"; of any other year than the present one "2019-11-22 14:32", which would else pass for a recent day. */
export function stamp(when: When, now: number = Date.now()): string {
  return shown(shown(yearFormat, when) === shown(yearFormat, now) ? stampFormat : datedFormat, when);
}
/** "2026-11-22 14:32:07" */
export const fullTime = (when: When): string => shown(fullFormat, when);

const DAY_MS = 86_400_000;
/** Who reports within this many days reports something recent. */
const RECENT_DAYS = 30;

export interface Age { n: number; unit: "days" | "years" }

/** How long before its receipt something happened, in whole days, from a year on in whole years; null when that is recent. */
export function ageAtReceipt(occurred: string | null, received: string): Age | null {
  if (occurred === null) return null;
  const days = Math.floor((Date.parse(received) - Date.parse(occurred)) / DAY_MS);
  if (!(days > RECENT_DAYS)) return null;
  return days < 366 ? { n: days, unit: "days" } : { n: Math.floor(days / 365.25), unit: "years" };
}

export interface Ago { n: number; unit: "now" | "minutes" | "hours" | "days" }

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** How long ago, in whole minutes, from an hour on in whole hours, from two days on in whole days. */
export function ago(when: string, now: number): Ago {
  const past = Math.max(0, now - Date.parse(when));
  if (past < MINUTE_MS) return { n: 0, unit: "now" };
  if (past < HOUR_MS) return { n: Math.floor(past / MINUTE_MS), unit: "minutes" };
  return past < 2 * DAY_MS ? { n: Math.floor(past / HOUR_MS), unit: "hours" } : { n: Math.floor(past / DAY_MS), unit: "days" };
}
