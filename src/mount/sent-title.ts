// Pure: a title that was sent beside the audio of a live input. It may come before its source.
import type { Metadata } from "./metadata.ts";

/** How long a title waits for its source; older ones belong to another show. */
const EARLY_MS = 60_000;

export class SentTitle {
  #sent: { readonly metadata: Metadata; readonly atMs: number } | null = null;

  /** In force until the live input has a title of its own, or ends. */
  send(metadata: Metadata, nowMs: number): void {
    this.#sent = { metadata, atMs: nowMs };
  }

  forget(): void {
    this.#sent = null;
  }

  /** For a live input that goes on air now. */
  at(nowMs: number): Metadata | null {
    if (this.#sent === null) return null;
    return nowMs - this.#sent.atMs <= EARLY_MS ? this.#sent.metadata : null;
  }
}
