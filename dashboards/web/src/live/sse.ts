/** Splits a byte stream of server-sent events into events; comments count only as signs of life. */

export interface ServerEvent { id: string | null; event: string; data: string }

export class SseParser {
  private readonly decoder = new TextDecoder();
  private rest = "";
  private id: string | null = null;
  private event = "";
  private data: string[] = [];

  /** Events completed by this chunk; an unfinished line or event waits for the next one. */
  push(chunk: Uint8Array): ServerEvent[] {
    this.rest += this.decoder.decode(chunk, { stream: true });
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): ServerEvent[] {
    if (line === "") return this.finish();
    if (line.startsWith(":")) return [];
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.data.push(value);
    else if (field === "event") this.event = value;
    else if (field === "id" && !value.includes("\0")) this.id = value;
    return [];
  }

  /** An id without data still moves the position: events that this reader may not see are passed so. */
  private finish(): ServerEvent[] {
    const done = { id: this.id, event: this.event || "message", data: this.data.join("\n") };
    const empty = this.data.length === 0 && this.event === "" && this.id === null;
    this.event = "";
    this.data = [];
    return empty ? [] : [done];
  }
}
