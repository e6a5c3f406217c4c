/** The arithmetic of a long list: which rows are drawn, and how far to scroll so that nothing moves under the eye. */

export interface Range { from: number; to: number }

/** Rows in sight and `spare` more on either side; `to` is exclusive. */
export function range(scrollTop: number, height: number, row: number, count: number, spare = 6): Range {
  const from = Math.max(0, Math.floor(scrollTop / row) - spare);
  return { from: Math.min(from, count), to: Math.min(count, Math.ceil((scrollTop + height) / row) + spare) };
}

/**
 * By how many rows the list must scroll so that the anchor stays where it is. The anchor is what the pointer is on,
 * else the selected row, else the first in sight; when it has left, the nearest one below it that is still there.
 */
export function anchorShift(before: readonly string[], after: readonly string[], anchor: string | null): number {
  if (anchor === null) return 0;
  const place = new Map(after.map((id, index) => [id, index]));
  const start = before.indexOf(anchor);
  for (let at = start; at >= 0 && at < before.length; at++) {
    const now = place.get(before[at] as string);
    if (now !== undefined) return now - at;
  }
  return 0;
}

/** The scroll position that brings a row into sight with the least movement. */
export function reveal(index: number, scrollTop: number, height: number, row: number): number {
  const top = index * row;
  if (top < scrollTop) return top;
  return top + row > scrollTop + height ? top + row - height : scrollTop;
}

const CALM_MS = 1000;

/** Whether a lone change may draw the eye; when they come faster than one a second every effect is one too many. */
export function isCalm(changes: number, sinceLastMs: number): boolean {
  return changes <= 1 && sinceLastMs >= CALM_MS;
}
