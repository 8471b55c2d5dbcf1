// Pure: a media playlist that an edge passes on, while it may be another origin's from one moment to the next: each numbers
// segments by itself. What players know stays listed, and the other's segments follow behind a discontinuity.
import {
  DISCONTINUITIES,
  type Entries,
  type Entry,
  readEntries,
  SEQUENCE,
} from "./playlist-entries.ts";

/** Clocks of servers differ by less. */
const CLOCKS_MS = 30_000;

/** What players begin with, if dates do not say what is new. */
const NEWEST = 3;

export class FollowedPlaylist {
  #entries: readonly Entry[] = [];
  /** Discontinuity sequence number before the first entry. */
  #discontinuity = 0;
  #from = "";
  #origin = 0;
  /** Players know other numbers than the origin's. */
  #isOwn = false;
  #offset = 0;
  #text = "";

  /** What is to be taken from a number that a player asks for. */
  get offset(): number {
    return this.#offset;
  }

  /** The playlist as players get it. `from`: the origin that has answered; `isCurrent`: it is still the one that is followed. */
  take(text: string, from: string, isCurrent = true): string {
    const read = readEntries(text);
    const isOther = this.#entries.length > 0 && from !== this.#from;
    if (isOther && !isCurrent) return this.#text;
    if (read.entries.length === 0) return this.#text === "" ? text : this.#text;
    this.#from = from;
    this.#text = (isOther ? this.#turn(read) : this.#goOn(read, text)) ?? this.#text;
    return this.#text;
  }

  get #end(): number {
    return (this.#entries.at(-1)?.number ?? -1) + 1;
  }

  get #lastDiscontinuity(): number {
    return this.#discontinuity + discontinuities(this.#entries);
  }

  /** null: nothing is new. */
  #goOn(read: Entries, text: string): string | null {
    const own = new Map<string, number>();
    for (const { uri, number, origin } of this.#entries)
      if (origin === this.#origin) own.set(uri, number);
    const at = read.entries.findLastIndex(({ uri }) => own.has(uri));
    const known = read.entries[at];
    if (known === undefined && this.#entries.length > 0)
      return this.#isAhead(read) ? this.#adopt(read, text) : this.#turn(read);
    if (!this.#isOwn || known === undefined) return this.#adopt(read, text);
    this.#offset = (own.get(known.uri) ?? known.number) - known.number;
    if ((own.get(known.uri) ?? 0) < this.#end - 1) return null;
    return this.#append(read, read.entries.slice(at + 1));
  }

  /** Nothing of the list is known: it is another origin's, or of one that has begun anew with lower numbers. */
  #turn(read: Entries): string | null {
    this.#origin++;
    const added = this.#unheard(read.entries);
    const [next] = added;
    if (next === undefined) return null;
    this.#isOwn = true;
    this.#offset = this.#end - next.number;
    return this.#append(read, [{ ...next, isDiscontinuous: true }, ...added.slice(1)]);
  }

  /** Nobody has asked for a while, or its origin has begun anew behind its old numbers. */
  #isAhead({ entries: [first], discontinuity }: Entries): boolean {
    const isLater = first !== undefined && first.number >= this.#end;
    return isLater && discontinuity >= this.#lastDiscontinuity && !this.#isOwn;
  }

  /** Origins play the same at the same time: what players have heard by their dates is not listed again. */
  #unheard(entries: readonly Entry[]): readonly Entry[] {
    const endMs = this.#entries.at(-1)?.toMs ?? Number.NaN;
    const newestMs = entries.at(-1)?.toMs ?? Number.NaN;
    if (!(newestMs > endMs - CLOCKS_MS)) return entries.slice(-NEWEST);
    return entries.filter(({ fromMs, toMs }) => (fromMs + toMs) / 2 > endMs);
  }

  #adopt({ entries, discontinuity }: Entries, text: string): string {
    // A late answer to an earlier request is right, and has nothing new.
    if ((entries.at(-1)?.number ?? 0) < this.#end - 1) return text;
    this.#entries = entries.map((entry) => ({ ...entry, origin: this.#origin }));
    this.#discontinuity = discontinuity;
    this.#offset = 0;
    return text;
  }

  #append(read: Entries, added: readonly Entry[]): string {
    const numbered = added.map((entry, i) => {
      return { ...entry, number: this.#end + i, origin: this.#origin };
    });
    const before = this.#entries.map((entry) => ({ ...entry, lines: withoutParts(entry.lines) }));
    const all = [...(added.length > 0 ? before : this.#entries), ...numbered];
    const kept = all.slice(-Math.max(read.entries.length, NEWEST));
    this.#discontinuity += discontinuities(all.slice(0, all.length - kept.length));
    this.#entries = kept;
    return this.#render(read);
  }

  #render({ head, tail }: Entries): string {
    const lines = head.map((line) => {
      if (line.startsWith(SEQUENCE)) return `${SEQUENCE}${this.#entries[0]?.number ?? 0}`;
      return line.startsWith(DISCONTINUITIES) ? `${DISCONTINUITIES}${this.#discontinuity}` : line;
    });
    const listed = this.#entries.flatMap((entry, i) => {
      const isMapped = entry.map !== this.#entries[i - 1]?.map || entry.isDiscontinuous;
      return [
        ...(entry.isDiscontinuous ? ["#EXT-X-DISCONTINUITY"] : []),
        ...(entry.map !== "" && isMapped ? [entry.map] : []),
        ...entry.lines,
      ];
    });
    return [...lines, ...listed, ...tail].join("\n");
  }
}

function discontinuities(entries: readonly Entry[]): number {
  return entries.filter(({ isDiscontinuous }) => isDiscontinuous).length;
}

function withoutParts(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !line.startsWith("#EXT-X-PART:"));
}
