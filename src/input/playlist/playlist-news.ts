// The log lines about a playlist's files: one for each change.
import type { PlaylistConfig } from "../../config/config.ts";
import type { Log } from "../../lib/log.ts";
import { type LibraryState, MAX_NAMES, NO_STATE, type Skipped } from "../../library/state.ts";
import { isPlaylistFile } from "../../library/playlist-file.ts";
import { MAX_DEPTH, MAX_ENTRIES } from "../../library/walk.ts";

export class PlaylistNews {
  #logged: LibraryState = NO_STATE;

  constructor(
    private readonly config: PlaylistConfig,
    private readonly log: Log,
  ) {}

  /** Logs what differs from the previous state. */
  report(state: LibraryState): void {
    this.#reportDirectory(state);
    this.#reportFolders(state);
    this.#reportLeftOut(state);
    this.#reportMissing(state);
    for (const skipped of state.newlySkipped) this.log.warn(skippedLine(skipped));
    this.#logged = state;
  }

  #reportDirectory(state: LibraryState): void {
    const { directory, file } = this.config;
    const root = file || directory;
    const what = `the playlist ${file === "" ? "directory" : "file"} ${root}`;
    const [before, now] = [this.#logged, state].map(({ unreadable }) =>
      new Map(unreadable).get(root),
    );
    if (before === undefined && now !== undefined)
      this.log.warn(`${what} cannot be read (${now}): no playlist plays`);
    if (before !== undefined && now === undefined) this.log.info(`${what} is there again`);
  }

  #reportFolders({ unreadable, unreadableCount }: LibraryState): void {
    const known = new Set([this.config.file || this.config.directory, ...foldersOf(this.#logged)]);
    const fresh = unreadable.filter(([folder]) => !known.has(folder));
    const count = Math.max(fresh.length, unreadableCount - this.#logged.unreadableCount);
    if (fresh.length > 0) this.log.warn(unreadableLine(fresh, count));
  }

  #reportMissing({ missing }: LibraryState): void {
    const known = new Map(this.#logged.missing);
    for (const [name, { count, first }] of missing) {
      if (known.get(name)?.count === count) continue;
      const what = count === 1 ? "a file that is" : `${count} files that are`;
      const example = count === 1 ? first : `the first is ${first}`;
      this.log.warn(`${name} lists ${what} not there: ${example}`);
    }
  }

  #reportLeftOut({ passedOver, tooDeep, isCutOff }: LibraryState): void {
    const known = new Set(this.#logged.passedOver.map(([ending]) => ending));
    if (passedOver.some(([ending]) => !known.has(ending))) {
      this.log.info(`${endings(passedOver)}: playlist.extensions does not name them`);
    }
    if (tooDeep.length > 0 && this.#logged.tooDeep.length === 0) {
      this.log.warn(`folders more than ${MAX_DEPTH} deep are left out: ${tooDeep.join(", ")}`);
    }
    if (isCutOff && !this.#logged.isCutOff) {
      this.log.warn(
        `the playlist directory has more than ${MAX_ENTRIES} entries: the rest is left out`,
      );
    }
  }
}

function foldersOf({ unreadable }: LibraryState): string[] {
  return unreadable.map(([folder]) => folder);
}

/** `count`: of all, since the folders may be truncated. */
function unreadableLine(folders: LibraryState["unreadable"], count: number): string {
  const named = folders.slice(0, MAX_NAMES).map(([folder, code]) => `${folder} (${code})`);
  const [[folder, code] = ["", ""]] = folders;
  if (count === 1 && isPlaylistFile(folder)) {
    return `the playlist file ${folder} cannot be read (${code}): its tracks are left out`;
  }
  if (count === 1) return `the folder ${folder} cannot be read (${code}): its tracks are left out`;
  return `${count} folders cannot be read: their tracks are left out (${listed(named, count)})`;
}

/** "files with other endings are passed over (3 .m4a, 1 .wav)". */
function endings(passedOver: LibraryState["passedOver"]): string {
  const counts = passedOver.map(([ending, count]) => `${count} ${ending}`).join(", ");
  return `files with other endings are passed over (${counts})`;
}

function skippedLine({ why, count, names }: Skipped): string {
  if (count === 1) return `${names[0]} is skipped: ${why}`;
  return `${count} files are skipped: ${inPlural(why)} (${listed(names, count)})`;
}

function listed(names: readonly string[], count: number): string {
  return names.join(", ") + (count > names.length ? `, and ${count - names.length} more` : "");
}

function inPlural(why: string): string {
  return why
    .replace(/^it is /, "they are ")
    .replace(/^it has /, "they have ")
    .replace(/^it /, "they ");
}
