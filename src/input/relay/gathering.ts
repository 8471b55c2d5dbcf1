// Pure: how many bytes of a stream are read at once. Some masters write each frame alone; waking up for it costs several times
// what taking it does.

/** A stream that has come for this long has no burst any more. */
const STEADY_MS = 10_000;

/** How much later a frame may be read: two frames of MP3. */
const LATER_SECONDS = 0.055;

export class Gathering {
  #seenBytes = 0;
  #bytes = 1;

  /** `set`: called with the least bytes to wait for when they change; 1: nothing is waited for. */
  constructor(
    private readonly sinceMs: number,
    private readonly set: (bytes: number) => void,
  ) {}

  /** To be called about once a second. What waits while nothing more comes is read then. `bitrate`: in kbit/s. */
  check(receivedBytes: number, bitrate: number, nowMs: number): void {
    const isComing = receivedBytes > this.#seenBytes && nowMs - this.sinceMs >= STEADY_MS;
    this.#seenBytes = receivedBytes;
    const bytes = isComing ? Math.max(1, Math.floor(bitrate * 125 * LATER_SECONDS)) : 1;
    if (bytes === this.#bytes) return;
    this.#bytes = bytes;
    this.set(bytes);
  }
}
