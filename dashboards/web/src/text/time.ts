/** Absolute times, always of the place that is governed, whatever zone the browser stands in. */
const ZONE = "Asia/Shanghai";

const clockFormat = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const stampFormat = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE, month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
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
/** "11-22 14:32" */
export const stamp = (when: When): string => shown(stampFormat, when);
/** "2026-11-22 14:32:07" */
export const fullTime = (when: When): string => shown(fullFormat, when);
