// Playlists on their way from one run of the station to the next: a file for each mount below the state directory, which is
// read once and deleted.
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { FileCall, FoundFile } from "../disk/call.ts";
import { type Disk, DiskError } from "../disk/disk.ts";
import type { Log } from "../lib/log.ts";
import type { KeptWindow } from "./kept-window.ts";
import { windowBytes, windowIn } from "./window-bytes.ts";

const FOLDER = "hls";
const ENDING = ".window";
const MODE = 0o640;

/** One for each mount of a large station. */
const MAX_FILES = 4096;

/** Of all files. */
export const MAX_WINDOW_BYTES = 64 << 20;

/** What else is in the files: titles, times and names. */
const MAX_BYTES = MAX_WINDOW_BYTES + (16 << 20);

/** The part of a disk that is used. */
export type WindowDisk = Pick<Disk, "open" | "ask">;

export class WindowFiles {
  readonly #folder: string;

  constructor(
    stateFolder: string,
    private readonly disk: WindowDisk,
    private readonly log: Log,
  ) {
    this.#folder = join(stateFolder, FOLDER);
  }

  /** All that can be read, and deletes them, so that none is read twice. Never rejects. */
  async take(): Promise<KeptWindow[]> {
    try {
      const files = await this.#find();
      const windows = await this.#read(files);
      await this.#remove(files);
      return windows;
    } catch (error) {
      this.log.warn(`cannot read the HLS playlists of the run before (${codeOf(error)})`);
      return [];
    }
  }

  /** `windows`: made one after the other. Never rejects. */
  async put(windows: Iterable<KeptWindow>): Promise<void> {
    for (const window of windows) {
      const name = createHash("sha256").update(window.path).digest("hex").slice(0, 16);
      const path = join(this.#folder, name + ENDING);
      const bytes = windowBytes(window);
      const call = { call: "replace", path, bytes, mode: MODE, isQuick: true } as const;
      const why = await this.#ask(call).then(() => null, codeOf);
      if (why === null) continue;
      return this.log.warn(`cannot keep HLS playlists for the next start (${why}): ${path}`);
    }
  }

  async #find(): Promise<FoundFile[]> {
    const endings = [ENDING, `${ENDING}.part`];
    const call = { call: "find", path: this.#folder, endings, max: MAX_FILES } as const;
    return (await this.#ask(call)) as FoundFile[];
  }

  /** One that stays is not used again: numbers and dates say how old it is. */
  async #remove(files: readonly FoundFile[]): Promise<void> {
    const paths = files.map(({ path }) => path);
    if (paths.length === 0) return;
    await this.#ask({ call: "remove", paths, upTo: "" }).catch((error: unknown) =>
      this.log.warn(`cannot delete the HLS playlists of the run before (${codeOf(error)})`),
    );
  }

  async #read(files: readonly FoundFile[]): Promise<KeptWindow[]> {
    const windows: KeptWindow[] = [];
    let [left, unusable] = [MAX_BYTES, 0];
    for (const { path, size } of files.filter((file) => file.path.endsWith(ENDING))) {
      const window = size > left ? null : await this.#window(path, size).catch(() => null);
      if (window === null) unusable++;
      else windows.push(window);
      if (window !== null) left -= size;
    }
    if (unusable > 0)
      this.log.warn(
        `${unusable} HLS playlists of the run before are damaged or cannot be read, and begin anew`,
      );
    return windows;
  }

  /** Rejects with a DiskError or a SyntaxError: of this file, which costs the others nothing. */
  async #window(path: string, size: number): Promise<KeptWindow> {
    const file = await this.disk.open(path);
    try {
      const bytes = new Uint8Array(size);
      const { bytesRead } = await file.read(bytes, 0, size, 0);
      return windowIn(bytes.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  }

  #ask(call: FileCall): Promise<unknown> {
    return this.disk.ask(call, true);
  }
}

function codeOf(error: unknown): string {
  return error instanceof DiskError ? error.code : String(error);
}
