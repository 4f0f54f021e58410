/** The way of bytes: from the client to the server, or back. */
export type Direction = 'request' | 'reply';

/** What befalls bytes on their way, on all links of a proxy. */
export class ConnectionFaults {
  /** Bytes vanish. */
  blackhole = false;
  latencyMs = 0;
  private armedCut: { readonly direction: Direction; bytes: number } | null = null;

  /** After `bytes` more in that direction one link breaks. */
  cutAfter(direction: Direction, bytes: number): void {
    this.armedCut = { direction, bytes };
  }

  heal(): void {
    this.blackhole = false;
    this.latencyMs = 0;
    this.armedCut = null;
  }

  /** Counts bytes that travel. Returns how many of them still pass when the link breaks here, null when it does not. */
  breaksAfter(direction: Direction, bytes: number): number | null {
    const cut = this.armedCut;
    if (cut?.direction !== direction) return null;
    cut.bytes -= bytes;
    if (cut.bytes >= 0) return null;
    this.armedCut = null;
    return cut.bytes + bytes;
  }
}
