// The complete recordings of one folder, read from the documents beside them.
import type { FileCall, FoundFile } from "../disk/call.ts";
import type { Disk } from "../disk/disk.ts";
import { type Summary, SUMMARY_KEYS, summaryIn } from "./document.ts";
import { PART } from "./part-file.ts";
import type { Entry } from "./retention.ts";

/** Further ones are not listed, nor deleted. */
const MAX_FILES = 50_000;

const DOCUMENT = ".json";
const MAX_DOCUMENT_BYTES = 8 << 20;

/** Read in one call. */
const MAX_AT_ONCE = 100;

export class RecordedFiles {
  /** By id. */
  readonly #entries = new Map<string, Entry>();
  /** The entry of each document, by its path, and the date of the document. */
  readonly #known = new Map<string, { readonly mtimeMs: number; readonly entry: Entry | null }>();

  constructor(
    private readonly directory: string,
    private readonly disk: Disk,
  ) {}

  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  get count(): number {
    return this.#entries.size;
  }

  find(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  /** Audio that was not completed. Rejects with a DiskError. */
  async parts(): Promise<string[]> {
    const endings = ENDINGS.map((ending) => ending + PART);
    return (await this.#find(endings)).map(({ path }) => path);
  }

  /** Reads the documents that are new or have changed. Rejects with a DiskError. */
  async read(): Promise<void> {
    const found = await this.#find([DOCUMENT]);
    const audio = new Map((await this.#find(ENDINGS)).map((file) => [file.path, file.size]));
    const changed = found.filter(({ path, mtimeMs }) => this.#known.get(path)?.mtimeMs !== mtimeMs);
    for (let at = 0; at < changed.length; at += MAX_AT_ONCE) {
      await this.#readSome(changed.slice(at, at + MAX_AT_ONCE), audio);
    }
    this.#forgetMissing(new Set(found.map(({ path }) => path)), audio);
  }

  add(path: string, document: Summary): void {
    const summary = Object.fromEntries(
      Object.entries(document).filter(([key]) => SUMMARY_KEYS.includes(key as keyof Summary)),
    ) as unknown as Summary;
    this.#put(entryOf(path, summary, document.head_bytes + document.audio_bytes));
  }

  /** Replaces what is known of an entry. */
  #put(entry: Entry): void {
    this.#entries.set(entry.id, entry);
  }

  /** Deletes all of its files. Rejects with a DiskError. */
  async remove(entry: Entry): Promise<void> {
    const paths = [entry.path, `${entry.base}.cue`, entry.base + DOCUMENT];
    await this.#ask({ call: "remove", paths, upTo: this.directory });
    this.#entries.delete(entry.id);
    this.#known.delete(entry.base + DOCUMENT);
  }

  /** Sets or lifts a hold. Rejects with a DiskError. */
  async hold(entry: Entry, isHeld: boolean): Promise<Entry> {
    const path = entry.base + DOCUMENT;
    const [whole] = await this.documents([path], []);
    if (whole === null || whole === undefined) throw new Error(`${path} cannot be read`);
    const bytes = new TextEncoder().encode(`${JSON.stringify({ ...whole, hold: isHeld })}\n`);
    await this.#ask({ call: "replace", path, bytes, mode: 0o640 });
    const held = { ...entry, summary: { ...entry.summary, hold: isHeld } };
    this.#put(held);
    return held;
  }

  /** Parsed; null for one that cannot be read. No keys: all of them. Rejects with a DiskError. */
  async documents(paths: readonly string[], keys: readonly string[]): Promise<(object | null)[]> {
    const call = { call: "documents", paths, keys, maxBytes: MAX_DOCUMENT_BYTES } as const;
    return (await this.#ask(call)) as (object | null)[];
  }

  async #readSome(some: readonly FoundFile[], audio: ReadonlyMap<string, number>): Promise<void> {
    const read = await this.documents(
      some.map(({ path }) => path),
      SUMMARY_KEYS,
    );
    for (const [at, { path, mtimeMs }] of some.entries()) {
      const summary = summaryIn(read[at]);
      const audioPath = path.slice(0, path.lastIndexOf("/") + 1) + (summary?.file ?? "");
      const size = audio.get(audioPath);
      const entry = summary && size !== undefined ? entryOf(audioPath, summary, size) : null;
      this.#known.set(path, { mtimeMs: entry === null ? -1 : mtimeMs, entry });
      if (entry !== null) this.#put(entry);
    }
  }

  #forgetMissing(documents: ReadonlySet<string>, audio: ReadonlyMap<string, number>): void {
    for (const path of this.#known.keys()) if (!documents.has(path)) this.#known.delete(path);
    for (const [id, { path, base }] of this.#entries) {
      if (!audio.has(path) || !documents.has(base + DOCUMENT)) this.#entries.delete(id);
    }
  }

  async #find(endings: readonly string[]): Promise<FoundFile[]> {
    const call = { call: "find", path: this.directory, endings, max: MAX_FILES } as const;
    return (await this.#ask(call)) as FoundFile[];
  }

  #ask(call: FileCall): Promise<unknown> {
    return this.disk.ask(call, false);
  }
}

const ENDINGS = [".mp3", ".mp2", ".mp1", ".aac", ".ogg", ".opus", ".oga", ".spx", ".webm", ".mka"];

function entryOf(path: string, summary: Summary, size: number): Entry {
  return { id: idOf(path), base: path.slice(0, path.lastIndexOf(".")), path, summary, size };
}

/** Names a recording, by the path of its audio. */
export function idOf(path: string): string {
  return new Bun.CryptoHasher("sha256").update(path).digest("hex").slice(0, 16);
}
