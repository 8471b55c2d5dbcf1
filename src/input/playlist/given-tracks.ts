// The tracks that a playlist gave lately: they may still be heard, or have been given up since.
import type { Chosen } from "../../library/state.ts";

const MAX_GIVEN = 16;

export class GivenTracks {
  /** By the path that is read, the last one last. */
  readonly #tracks = new Map<string, Chosen>();

  add(chosen: Chosen): void {
    this.#tracks.delete(chosen.path);
    this.#tracks.set(chosen.path, chosen);
    const [oldest = ""] = this.#tracks.keys();
    if (this.#tracks.size > MAX_GIVEN) this.#tracks.delete(oldest);
  }

  get(path: string): Chosen | null {
    return this.#tracks.get(path) ?? null;
  }

  /** The path of the last one, or "". */
  get last(): string {
    return [...this.#tracks.keys()].at(-1) ?? "";
  }
}
