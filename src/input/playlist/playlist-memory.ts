// What a playlist remembers over a restart: its place in the order, and what is known about its files.
import type { PlaylistConfig } from "../../config/config.ts";
import { wallClock } from "../../lib/clock.ts";
import type { Catalogue } from "../../library/catalogue.ts";
import type { Played, Whose } from "../../library/catalogue-calls.ts";
import type { Choice, Chosen, LibraryCall, LibraryState } from "../../library/state.ts";

type Send = (call: LibraryCall) => Promise<void>;

export class PlaylistMemory {
  readonly #whose: Whose;
  readonly #subscription: Disposable;
  #isClosed = false;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly config: PlaylistConfig,
    mount: string,
    private readonly choice: () => Choice,
    private readonly send: Send,
  ) {
    this.#whose = { mount, directory: config.file || config.directory };
    this.#subscription = catalogue.onEmptied(() => void send({ call: "resend", choice: choice() }));
  }

  /** Goes on where it was before a restart; what is known about the files comes after that. Never rejects. */
  async restore(): Promise<void> {
    const kept = await this.catalogue.place(this.#whose);
    if (kept !== null) {
      const played: Played[number][] = [];
      for await (const page of this.catalogue.played(this.#whose, kept.place.round)) {
        played.push(...page);
      }
      await this.send({ call: "restore", choice: this.choice(), kept, played });
    }
    void this.#recall();
  }

  async #recall(): Promise<void> {
    // A playlist file may list files anywhere.
    const directory = this.config.file === "" ? this.config.directory : "/";
    for await (const rows of this.catalogue.rows(directory)) {
      if (this.#isClosed) return;
      await this.send({ call: "recall", choice: this.choice(), rows });
    }
  }

  /** The track is heard now. */
  heard({ source, content, place }: Chosen): void {
    const heard = { path: source, content, atMs: wallClock.nowMs(), place };
    this.catalogue.heard({ ...this.#whose, ...heard });
  }

  keep({ rows, gone }: LibraryState["news"]): void {
    this.catalogue.keep(rows, gone);
  }

  close(): void {
    this.#isClosed = true;
    this.#subscription[Symbol.dispose]();
  }
}
