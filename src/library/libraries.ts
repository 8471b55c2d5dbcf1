// The libraries of a disk thread: mounts that play from the same directory share its measurements.
import { relative } from "node:path";
import { systemClock } from "../lib/clock.ts";
import { shownPath } from "../lib/path-text.ts";
import type { Entry } from "./entry.ts";
import { Library } from "./library.ts";
import { compareNames } from "./order.ts";
import { Selection } from "./selection.ts";
import {
  type Choice,
  type Chosen,
  type LibraryCall,
  type LibraryReply,
  type LibraryState,
  MAX_NAMES,
  type Skipped,
} from "./state.ts";

/** Time limit of a call, except for a single file or folder: audio may be waiting. */
const SLICE_MS = 20;

/** Limit of skipped files in one reply. */
const MAX_SKIPPED = 200;
const MAX_UPCOMING = 32;

/** Files for the catalogue in one reply. */
const MAX_NEWS = 250;

/** A mount's selection, and the skipped files reported so far. */
interface LibraryMount {
  readonly selection: Selection;
  readonly reported: Map<string, string>;
}

export class Libraries {
  readonly #libraries = new Map<string, Library>();
  readonly #mounts = new Map<string, LibraryMount>();

  constructor(private readonly random: () => number = Math.random) {}

  async perform(call: LibraryCall): Promise<LibraryReply> {
    const untilMs = systemClock.nowMs() + SLICE_MS;
    const mount = this.#mountOf(call.choice);
    const { selection } = mount;
    const { library } = selection;
    switch (call.call) {
      case "next":
        return reply(mount, await selection.next(untilMs));
      case "look":
        return reply(mount, (await library.look(untilMs)) ? null : undefined);
      case "measure":
        return reply(mount, (await library.measureOn(untilMs)) ? null : undefined);
      default:
        this.#note(mount, call);
        return reply(mount, null);
    }
  }

  #note(mount: LibraryMount, call: Exclude<LibraryCall, { call: "next" | "look" | "measure" }>) {
    const { selection } = mount;
    const { library } = selection;
    switch (call.call) {
      case "reject":
        return this.#reject(mount, call.why);
      case "recall":
        return library.recall(call.rows);
      case "restore":
        return selection.restore(call.kept, call.played);
      case "resend":
        return library.resend();
      default:
        return library.learn(call.source, learned(call));
    }
  }

  #reject(mount: LibraryMount, why: string): void {
    mount.selection.reject(why);
    mount.reported.set(mount.selection.given ?? "", why);
  }

  #mountOf(choice: Choice): LibraryMount {
    // A mount with new settings gets a new selection.
    const { mount, directory, file, extensions, shuffle, artistSeparation } = choice;
    const key = JSON.stringify([mount, directory, file, extensions, shuffle, artistSeparation]);
    const known = this.#mounts.get(key);
    const made = known ?? {
      selection: new Selection(this.#libraryOf(choice), choice, this.random),
      reported: new Map<string, string>(),
    };
    made.selection.wish(choice);
    this.#mounts.set(key, made);
    return made;
  }

  #libraryOf({ directory, file, extensions }: Choice): Library {
    const root = file || directory;
    const key = JSON.stringify([root, extensions]);
    const library = this.#libraries.get(key) ?? new Library(root, extensions, this.random);
    this.#libraries.set(key, library);
    return library;
  }
}

type Answered = Extract<LibraryCall, { call: "analysed" | "converted" | "refused" }>;

/** What an answer of the converter says about a file. */
function learned(call: Answered): Partial<Entry> {
  if (call.call === "analysed") return { analysis: call.analysis };
  if (call.call === "converted") return { conversion: call.converted, refusal: null };
  return { refusal: call.why };
}

function reply(mount: LibraryMount, chosen: Chosen | null | undefined): LibraryReply {
  if (chosen === undefined) return { isDone: false };
  return { isDone: true, chosen, state: stateOf(mount) };
}

function stateOf({ selection, reported }: LibraryMount): LibraryState {
  const { library, directory, format } = selection;
  selection.follow();
  const skipped = skippedOf(selection);
  const { unreadable, unreadableCount, passedOver, tooDeep, isCutOff, missing } = library.unseen;
  const name = (path: string) => relative(directory, shownPath(path));
  return {
    count: library.entries.size - skipped.size,
    skippedCount: skipped.size,
    skipped: [...skipped].slice(0, MAX_SKIPPED).map(([path, why]) => [name(path), why] as const),
    newlySkipped: newlySkipped(skipped, reported, library.isMeasured, name),
    unreadable: [...unreadable].map(([folder, code]) => [shownPath(folder), code] as const),
    unreadableCount,
    passedOver: [...passedOver],
    tooDeep: tooDeep.slice(0, MAX_NAMES).map(name),
    isCutOff,
    missing: [...missing].slice(0, MAX_NAMES).map(([path, some]) => [name(path), some] as const),
    upcoming: selection.upcoming(MAX_UPCOMING).map(name),
    format,
    isMeasured: library.isMeasured,
    work: selection.work,
    news: library.takeNews(MAX_NEWS),
  };
}

/** By name, so that the first ones are always the same. */
function skippedOf(selection: Selection): Map<string, string> {
  const skipped: [string, string][] = [];
  for (const entry of selection.library.entries.values()) {
    const why = selection.whyNot(entry);
    if (why !== null) skipped.push([entry.path, why]);
  }
  return new Map(skipped.sort(([a], [b]) => compareNames(a, b)));
}

/** Skipped files not yet reported with this reason, grouped by reason; marks them as reported. During measuring
 * they are held back for a single report. */
function newlySkipped(
  skipped: ReadonlyMap<string, string>,
  reported: Map<string, string>,
  isMeasured: boolean,
  name: (path: string) => string,
): Skipped[] {
  for (const path of reported.keys()) if (!skipped.has(path)) reported.delete(path);
  if (!isMeasured) return [];
  const groups = new Map<string, string[]>();
  for (const [path, why] of skipped) {
    if (reported.get(path) === why) continue;
    reported.set(path, why);
    const group = groups.get(why) ?? [];
    group.push(path);
    groups.set(why, group);
  }
  return [...groups].map(([why, paths]) => {
    return { why, count: paths.length, names: paths.slice(0, MAX_NAMES).map(name) };
  });
}
