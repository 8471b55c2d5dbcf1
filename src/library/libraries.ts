// The libraries of a disk thread: mounts that play from the same directory share its measurements.
import { relative } from "node:path";
import { systemClock } from "../lib/clock.ts";
import { shownPath } from "../lib/path-text.ts";
import { type Entry, withCopy } from "./entry.ts";
import { Library } from "./library.ts";
import { compareNames } from "./order.ts";
import { grouped, progressOf } from "./progress.ts";
import { Selection } from "./selection.ts";
import {
  type Choice,
  type Chosen,
  type LibraryCall,
  type LibraryReply,
  type LibraryState,
  type FindCall,
  MAX_NAMES,
  type SearchCall,
  type Skipped,
} from "./state.ts";
import { infoOf, matches, type TrackInfo } from "./track-info.ts";

/** Time limit of a call, except for a single file or folder: audio may be waiting. */
const SLICE_MS = 20;

/** Limit of skipped files in one reply. */
const MAX_SKIPPED = 200;
const MAX_UPCOMING = 32;

/** Tracks ahead that are described. */
const MAX_AHEAD = 10;

/** Answers repeat most of the state for this long, and for so many times as long as making it took, which a large library
 * makes long. */
const RECENT_MS = 1000;
const RECENT_TIMES = 20;

/** Settings of one mount that are kept: calls with those before a reload may still come. */
const KEPT_SETTINGS = 2;

/** Files for the catalogue in one reply. */
const MAX_NEWS = 250;

/** A mount's selection, and the skipped files reported so far. */
interface LibraryMount {
  readonly selection: Selection;
  readonly reported: Map<string, string>;
  recent: { readonly untilMs: number; readonly state: LibraryState } | null;
}

export class Libraries {
  readonly #libraries = new Map<string, Library>();
  readonly #mounts = new Map<string, LibraryMount>();

  constructor(private readonly random: () => number = Math.random) {}

  /** Files whose names or tags have all words, by name. */
  search({ choice, text, limit }: SearchCall): TrackInfo[] {
    const { library, directory } = this.#mountOf(choice).selection;
    const words = text.normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean);
    const found = [...library.entries.values()].filter((one) => matches(one, words, directory));
    const first = found.toSorted((a, b) => compareNames(a.path, b.path)).slice(0, limit);
    return first.map((entry) => infoOf(entry, directory));
  }

  find({ choice, file, isNext }: FindCall): string | null {
    const mount = this.#mountOf(choice);
    const { selection } = mount;
    const { library, directory } = selection;
    const named = ({ path }: Entry) => relative(directory, shownPath(path)) === file;
    const entry = [...library.entries.values()].find(named);
    if (entry === undefined) return null;
    if (isNext && !selection.playNext(entry)) return null;
    if (isNext) mount.recent = null;
    return entry.path;
  }

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
      case "measure": {
        const isDone = await library.measureOn(untilMs);
        return { isDone, chosen: null, state: recentState(mount) };
      }
      default:
        this.#note(mount, call);
        return { isDone: true, chosen: null, state: recentState(mount) };
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
        mount.recent = null;
        return selection.restore(call.kept, call.played);
      case "resend":
        return library.resend();
      default:
        if (library.learn(call.source, (entry) => learned(call, entry))) mount.recent = null;
    }
  }

  #reject(mount: LibraryMount, why: string): void {
    mount.recent = null;
    mount.selection.reject(why);
    mount.reported.set(mount.selection.given ?? "", why);
  }

  #mountOf(choice: Choice): LibraryMount {
    // A mount with new settings gets a new selection.
    const { mount, directory, file, extensions, shuffle, artistSeparation } = choice;
    const key = JSON.stringify([mount, directory, file, extensions, shuffle, artistSeparation]);
    const known = this.#mounts.get(key) ?? this.#newMount(key, choice);
    known.selection.wish(choice);
    return known;
  }

  #newMount(key: string, choice: Choice): LibraryMount {
    const selection = new Selection(this.#libraryOf(choice), choice, this.random);
    const made = { selection, reported: new Map<string, string>(), recent: null };
    this.#mounts.set(key, made);
    this.#forgetOld(choice.mount);
    return made;
  }

  /** Settings that a reload replaced, and files that only they were about. */
  #forgetOld(mount: string): void {
    const its = [...this.#mounts].filter(([, { selection }]) => selection.choice.mount === mount);
    for (const [key] of its.slice(0, -KEPT_SETTINGS)) this.#mounts.delete(key);
    const used = new Set([...this.#mounts.values()].map(({ selection }) => selection.library));
    for (const [key, library] of this.#libraries)
      if (!used.has(library)) this.#libraries.delete(key);
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
function learned(call: Answered, entry: Entry): Partial<Entry> {
  if (call.call === "analysed") return { analysis: call.analysis };
  if (call.form === "") return { refusal: call.call === "refused" ? call.why : null };
  const { form } = call;
  const isMade = call.call === "converted";
  const converted = isMade ? call.converted : null;
  const refusal = isMade ? null : call.why;
  return { copies: withCopy(entry, { form, converted, refusal }) };
}

function reply(mount: LibraryMount, chosen: Chosen | null | undefined): LibraryReply {
  if (chosen === undefined) return { isDone: false, chosen: null, state: null };
  return { isDone: true, chosen, state: stateOf(mount) };
}

/** The state of a moment ago with what is new: to go through a large library for each answer would take all the
 * time, and much memory. */
function recentState(mount: LibraryMount): LibraryState {
  const { selection, recent } = mount;
  const { library } = selection;
  const isOld = recent === null || systemClock.nowMs() >= recent.untilMs;
  if (isOld || recent.state.isMeasured !== library.isMeasured) return stateOf(mount);
  return { ...recent.state, newlySkipped: [], ...deliveries(selection) };
}

/** What is new for the converter and the catalogue. */
function deliveries(selection: Selection) {
  const { library } = selection;
  const news = library.takeNews(MAX_NEWS);
  return { work: selection.work, news, hasNews: library.hasNews };
}

function stateOf(mount: LibraryMount): LibraryState {
  const begunMs = systemClock.nowMs();
  const state = wholeState(mount);
  const nowMs = systemClock.nowMs();
  const untilMs = nowMs + Math.max(RECENT_MS, RECENT_TIMES * (nowMs - begunMs));
  mount.recent = { untilMs, state };
  return state;
}

function wholeState({ selection, reported }: LibraryMount): LibraryState {
  const { library, directory, format } = selection;
  selection.follow();
  const skipped = skippedOf(selection);
  const { unreadable, unreadableCount, passedOver, tooDeep, isCutOff, missing } = library.unseen;
  const name = (path: string) => relative(directory, shownPath(path));
  const upcoming = selection.upcoming(MAX_UPCOMING);
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
    silent: silentOf(selection).slice(0, MAX_NAMES).map(name),
    upcoming: upcoming.map(name),
    ahead: upcoming
      .slice(0, MAX_AHEAD)
      .flatMap((path) => library.info(path, directory, selection.played) ?? []),
    next: upcoming[0] ?? null,
    coming: selection.coming,
    progress: progressOf(selection, skipped, name),
    format,
    isMeasured: library.isMeasured,
    ...deliveries(selection),
  };
}

/** What was measured, and has no peak. */
function silentOf({ library }: Selection): string[] {
  const silent = [...library.entries.values()].filter(
    ({ analysis }) => analysis?.truePeak === null,
  );
  return silent.map(({ path }) => path).sort(compareNames);
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
  const fresh = [...skipped].filter(([path, why]) => reported.get(path) !== why);
  for (const [path, why] of fresh) reported.set(path, why);
  return grouped(fresh, name);
}
