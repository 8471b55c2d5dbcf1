// All that a disk thread knows of libraries: mounts that play from one directory share what is known of its files.
import { relative } from "node:path";
import { systemClock } from "../lib/clock.ts";
import { shownPath } from "../lib/path-text.ts";
import { Library } from "./library.ts";
import { compareNames } from "./order.ts";
import { Selection } from "./selection.ts";
import {
  type Choice,
  type LibraryCall,
  type LibraryReply,
  type LibraryState,
  NAMES_TOLD,
  type Skipped,
} from "./state.ts";

/** A call takes no longer, one file or folder apart: audio may wait behind it. */
const SLICE_MS = 20;

/** Told to others at a time. */
const MAX_SKIPPED = 200;
const MAX_UPCOMING = 32;

/** A mount's selection, and what was told of it. */
interface Told {
  readonly selection: Selection;
  readonly told: Map<string, string>;
}

export class Libraries {
  readonly #libraries = new Map<string, Library>();
  readonly #mounts = new Map<string, Told>();

  constructor(private readonly random: () => number = Math.random) {}

  async perform(call: LibraryCall): Promise<LibraryReply> {
    const untilMs = systemClock.nowMs() + SLICE_MS;
    const mount = this.#mountOf(call.choice);
    const { selection } = mount;
    const { library } = selection;
    if (call.call === "next") return reply(mount, await selection.next(untilMs));
    if (call.call === "reject") return this.#reject(mount, call.why);
    const isDone = await (call.call === "look"
      ? library.look(untilMs)
      : library.measureOn(untilMs));
    return reply(mount, isDone ? null : undefined);
  }

  #reject(mount: Told, why: string): LibraryReply {
    mount.selection.reject(why);
    mount.told.set(mount.selection.given ?? "", why);
    return reply(mount, null);
  }

  #mountOf(choice: Choice): Told {
    // Other settings of a mount choose anew.
    const key = JSON.stringify([choice.mount, choice.directory, choice.extensions]);
    const known = this.#mounts.get(key);
    const made = known ?? {
      selection: new Selection(this.#libraryOf(choice), choice, this.random),
      told: new Map<string, string>(),
    };
    made.selection.wish(choice);
    this.#mounts.set(key, made);
    return made;
  }

  #libraryOf({ directory, extensions }: Choice): Library {
    const key = JSON.stringify([directory, extensions]);
    const library = this.#libraries.get(key) ?? new Library(directory, extensions, this.random);
    this.#libraries.set(key, library);
    return library;
  }
}

function reply(mount: Told, path: string | null | undefined): LibraryReply {
  if (path === undefined) return { isDone: false };
  return { isDone: true, path, state: stateOf(mount) };
}

function stateOf({ selection, told }: Told): LibraryState {
  const { library, directory, format } = selection;
  selection.follow();
  const skipped = skippedOf(selection);
  const { unreadable, passedOver, tooDeep, isCutOff } = library.unseen;
  const name = (path: string) => relative(directory, shownPath(path));
  return {
    count: library.entries.size - skipped.size,
    skippedCount: skipped.size,
    skipped: [...skipped].slice(0, MAX_SKIPPED).map(([path, why]) => [name(path), why] as const),
    untold: untold(skipped, told, library.isMeasured, name),
    unreadable: [...unreadable].map(([folder, code]) => [shownPath(folder), code] as const),
    passedOver: [...passedOver],
    tooDeep: tooDeep.slice(0, NAMES_TOLD).map(name),
    isCutOff,
    upcoming: selection.upcoming(MAX_UPCOMING).map(name),
    format,
    isMeasured: library.isMeasured,
  };
}

/** By name, so that those told first are the same ones each time. */
function skippedOf(selection: Selection): Map<string, string> {
  const skipped: [string, string][] = [];
  for (const entry of selection.library.entries.values()) {
    const why = selection.whyNot(entry);
    if (why !== null) skipped.push([entry.path, why]);
  }
  return new Map(skipped.sort(([a], [b]) => compareNames(a, b)));
}

/** Those that were not told with this reason, grouped by it; `told` then has them. While files are being measured they
 * are kept for one telling. */
function untold(
  skipped: ReadonlyMap<string, string>,
  told: Map<string, string>,
  isMeasured: boolean,
  name: (path: string) => string,
): Skipped[] {
  for (const path of told.keys()) if (!skipped.has(path)) told.delete(path);
  if (!isMeasured) return [];
  const groups = new Map<string, string[]>();
  for (const [path, why] of skipped) {
    if (told.get(path) === why) continue;
    told.set(path, why);
    const group = groups.get(why) ?? [];
    group.push(path);
    groups.set(why, group);
  }
  return [...groups].map(([why, paths]) => {
    return { why, count: paths.length, names: paths.slice(0, NAMES_TOLD).map(name) };
  });
}
