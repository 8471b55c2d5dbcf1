// Pure: the ids of sessions that the station ended. Their players have to begin again, and to be admitted again.

/** As long as a player may go on asking with its old id. */
const KEPT_MS = 3_600_000;
const MAX_KEPT = 16_384;

export class EndedIds {
  /** The moment of each, the earliest first. */
  readonly #ended = new Map<string, number>();

  add(id: string, nowMs: number): void {
    this.#ended.delete(id);
    this.#ended.set(id, nowMs);
    const [earliest] = this.#ended.size > MAX_KEPT ? this.#ended.keys() : [];
    if (earliest !== undefined) this.#ended.delete(earliest);
  }

  has(id: string, nowMs: number): boolean {
    const endedMs = this.#ended.get(id);
    if (endedMs === undefined) return false;
    if (nowMs - endedMs <= KEPT_MS) return true;
    this.#ended.delete(id);
    return false;
  }
}
