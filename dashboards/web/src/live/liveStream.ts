/** The live stream's reader: connects, parses, watches for silence, comes back with the last position. */
import { backoff } from "./backoff";
import { SILENCE_MS } from "./lineState";
import { type ServerEvent, SseParser } from "./sse";

export interface LiveHandlers {
  opened(): void;
  received(event: ServerEvent): void;
  cut(): void;
}

export interface LiveOptions { url: string; lastId: string | null; fetch?: typeof fetch }

export class LiveStream {
  private stopped = false;
  private attempt = 0;
  private abort: AbortController | null = null;
  private wake: (() => void) | null = null;

  constructor(private readonly options: LiveOptions, private readonly handlers: LiveHandlers) {}

  get lastId(): string | null {
    return this.options.lastId;
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      await this.once().catch(() => undefined);
      if (this.stopped) return;
      this.handlers.cut();
      if (!this.stopped) await this.pause(backoff(this.attempt++));
    }
  }

  /** Tries again now, for instance when the browser says that the network is back. */
  nudge(): void {
    this.wake?.();
  }

  /** Forgets the position, so that the next connection begins at the present. */
  forget(): void {
    this.options.lastId = null;
  }

  stop(): void {
    this.stopped = true;
    this.abort?.abort();
    this.wake?.();
  }

  private async once(): Promise<void> {
    const abort = (this.abort = new AbortController());
    let silence = setTimeout(() => abort.abort(), SILENCE_MS);
    try {
      const response = await (this.options.fetch ?? fetch)(this.address(), {
        headers: { accept: "text/event-stream" }, cache: "no-store", signal: abort.signal,
      });
      if (!response.ok || !response.body) throw new Error(`live stream answered ${response.status}`);
      this.attempt = 0;
      this.handlers.opened();
      const parser = new SseParser();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(silence);
        silence = setTimeout(() => abort.abort(), SILENCE_MS);
        for (const event of parser.push(value)) this.take(event);
      }
    } finally {
      clearTimeout(silence);
      abort.abort();
    }
  }

  private take(event: ServerEvent): void {
    if (event.id) this.options.lastId = event.id;
    this.handlers.received(event);
  }

  private address(): string {
    const { url, lastId } = this.options;
    return lastId === null ? url : `${url}?last_event_id=${encodeURIComponent(lastId)}`;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => (clearTimeout(timer), resolve());
    });
  }
}
