// What a playlist remembers over a restart: its place in the order, and what is known about its files.
import type { PlaylistConfig } from "../../config/config.ts";
import { wallClock } from "../../lib/clock.ts";
import { within } from "../../lib/within.ts";
import type { Catalogue } from "../../library/catalogue.ts";
import type { Analysis } from "../../library/converter.ts";
import type { Played, Whose } from "../../library/catalogue-calls.ts";
import type { Choice, Chosen, LibraryCall, LibraryState } from "../../library/state.ts";

/** A track is not held up for its level by a disk that does not answer. */
const MAX_WAIT_MS = 250;

type Send = (call: LibraryCall) => Promise<void>;

export class PlaylistMemory {
  readonly #whose: Whose;
  readonly #subscription: Disposable;
  #isClosed = false;
  /** Not all rows have been read. */
  #isRecalling = true;

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
    for await (const rows of this.catalogue.rows(this.#directory)) {
      if (this.#isClosed) return;
      await this.send({ call: "recall", choice: this.choice(), rows });
    }
    this.#isRecalling = false;
  }

  /** A playlist file may list files anywhere. */
  get #directory(): string {
    return this.config.file === "" ? this.config.directory : "/";
  }

  /** A track that is chosen while rows are still read, with what its own row says of its sound. Never rejects. */
  async measured(chosen: Chosen): Promise<Chosen> {
    const { path, source, content, loudness } = chosen;
    const isKnown = loudness !== null || content === "" || path !== source;
    if (!this.#isRecalling || isKnown) return chosen;
    const analysis = await within(MAX_WAIT_MS, this.#analysisOf(source, content));
    if (analysis === null) return chosen;
    const { truePeak, cueIn, cueOut, fadeFrom } = analysis;
    return { ...chosen, loudness: analysis.loudness, truePeak, cueIn, cueOut, fadeFrom };
  }

  async #analysisOf(source: string, content: string): Promise<Analysis | null> {
    const before = [...source].slice(0, -1).join("");
    for await (const rows of this.catalogue.rows(this.#directory, before)) {
      const row = rows.find(({ path }) => path === source);
      return row?.measure?.content === content ? row.analysis : null;
    }
    return null;
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
