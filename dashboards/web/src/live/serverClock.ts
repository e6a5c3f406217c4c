/** The server's time, measured against this machine's clock, so that no countdown trusts the latter. */

/** Milliseconds to add to the local clock; null while nothing has been heard from the server. */
export interface Measured { offset: number; uncertainty: number }

export class ServerClock {
  private best: Measured | null = null;

  constructor(private readonly local: () => number = Date.now) {}

  now(): number {
    return this.local() + (this.best?.offset ?? 0);
  }

  get known(): boolean {
    return this.best !== null;
  }

  /** `resolution` is how coarse the server's stamp is: 1000 ms for a Date header, 0 for an event. */
  heard(server: number, sent: number, received: number, resolution = 0): void {
    if (!Number.isFinite(server) || received < sent) return;
    const offset = server + resolution / 2 - (sent + received) / 2;
    const uncertainty = (received - sent) / 2 + resolution / 2;
    if (this.accepts(offset, uncertainty)) this.best = { offset, uncertainty };
  }

  /** A better measure replaces a worse one; a contradicting one (clock was set) replaces any. */
  private accepts(offset: number, uncertainty: number): boolean {
    if (this.best === null || uncertainty <= this.best.uncertainty) return true;
    return Math.abs(offset - this.best.offset) > uncertainty + this.best.uncertainty;
  }
}
