/** Between what a date field holds and an instant: the field speaks the time of the place, UTC+8, wherever the browser stands. */
const OFFSET_MS = 8 * 3_600_000;

/** "2026-11-22T14:32" -> "2026-11-22T14:32:00+08:00" */
export function fromLocal(field: string): string | undefined {
  return field === "" ? undefined : `${field.slice(0, 16)}:00+08:00`;
}

export function toLocal(instant: string | undefined): string {
  const at = instant === undefined ? Number.NaN : Date.parse(instant);
  return Number.isNaN(at) ? "" : new Date(at + OFFSET_MS).toISOString().slice(0, 16);
}
