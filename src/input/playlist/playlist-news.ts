// What the log says of a playlist's files: a line for each thing that changed since it was told.
import type { PlaylistConfig } from "../../config/config.ts";
import type { Log } from "../../lib/log.ts";
import { type LibraryState, NO_STATE, type Skipped } from "../../library/state.ts";
import { MAX_DEPTH, MAX_ENTRIES } from "../../library/walk.ts";

export class PlaylistNews {
  #told: LibraryState = NO_STATE;

  constructor(
    private readonly config: PlaylistConfig,
    private readonly log: Log,
  ) {}

  tell(state: LibraryState): void {
    this.#tellUnreadable(state);
    this.#tellLeftOut(state);
    for (const skipped of state.newlySkipped) this.log.warn(skippedLine(skipped));
    this.#told = state;
  }

  #tellUnreadable({ unreadable }: LibraryState): void {
    const { directory } = this.config;
    const before = new Map(this.#told.unreadable);
    for (const [folder, code] of unreadable) {
      if (before.has(folder)) continue;
      const what = folder === directory ? "playlist directory" : "folder";
      const rest = folder === directory ? "DJs only" : "its tracks are left out";
      this.log.warn(`the ${what} ${folder} cannot be read (${code}): ${rest}`);
    }
    if (before.has(directory) && !new Map(unreadable).has(directory)) {
      this.log.info(`the playlist directory ${directory} is there again`);
    }
  }

  #tellLeftOut({ passedOver, tooDeep, isCutOff }: LibraryState): void {
    const known = new Set(this.#told.passedOver.map(([ending]) => ending));
    if (passedOver.some(([ending]) => !known.has(ending))) {
      this.log.info(`${endings(passedOver)}: playlist.extensions does not name them`);
    }
    if (tooDeep.length > 0 && this.#told.tooDeep.length === 0) {
      this.log.warn(`folders more than ${MAX_DEPTH} deep are left out: ${tooDeep.join(", ")}`);
    }
    if (isCutOff && !this.#told.isCutOff) {
      this.log.warn(
        `the playlist directory has more than ${MAX_ENTRIES} entries: the rest is left out`,
      );
    }
  }
}

/** "files with other endings are passed over (3 .m4a, 1 .wav)". */
function endings(passedOver: LibraryState["passedOver"]): string {
  const counts = passedOver.map(([ending, count]) => `${count} ${ending}`).join(", ");
  return `files with other endings are passed over (${counts})`;
}

function skippedLine({ why, count, names }: Skipped): string {
  if (count === 1) return `${names[0]} is skipped: ${why}`;
  const more = count > names.length ? `, and ${count - names.length} more` : "";
  return `${count} files are skipped: ${inPlural(why)} (${names.join(", ")}${more})`;
}

function inPlural(why: string): string {
  return why
    .replace(/^it is /, "they are ")
    .replace(/^it has /, "they have ")
    .replace(/^it /, "they ");
}
