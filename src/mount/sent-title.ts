// Pure: titles that were sent beside the audio of live inputs. One may come before its source.
import type { Metadata } from "./metadata.ts";
import type { Input } from "./roles.ts";

/** How long a title waits for its source; older ones belong to another show. */
const EARLY_MS = 60_000;

export class SentTitles {
  readonly #sent = new Map<Input, Metadata>();
  #early: { readonly metadata: Metadata; readonly atMs: number } | null = null;

  /** In force until the live input has a title of its own, or ends; null: for the next one that goes on air. */
  send(metadata: Metadata, to: Input | null, nowMs: number): void {
    if (to === null) this.#early = { metadata, atMs: nowMs };
    else this.#sent.set(to, metadata);
  }

  /** The input has a title of its own. */
  forget(input: Input): void {
    this.#sent.delete(input);
    this.#early = null;
  }

  /** The input has left. `isExpected`: its title waits for its return. */
  leave(input: Input, isExpected: boolean, nowMs: number): void {
    const metadata = this.#sent.get(input);
    this.forget(input);
    if (isExpected && metadata !== undefined) this.#early = { metadata, atMs: nowMs };
  }

  /** For a live input that goes on air. */
  take(input: Input, nowMs: number): Metadata | null {
    const own = this.#sent.get(input);
    const early = this.#early;
    if (own !== undefined || early === null) return own ?? null;
    this.#early = null;
    if (nowMs - early.atMs > EARLY_MS) return null;
    this.#sent.set(input, early.metadata);
    return early.metadata;
  }
}
