/** Small values kept by the browser; a browser that keeps nothing costs the memory, not the page. */
export function recall(key: string, store?: Storage): string | null {
  try {
    return (store ?? localStorage).getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string, store?: Storage): void {
  try {
    (store ?? localStorage).setItem(key, value);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}
