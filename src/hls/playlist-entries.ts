// Pure: the segments of a media playlist with their lines, so that another playlist can list them.

export interface Entry {
  readonly number: number;
  readonly uri: string;
  readonly isDiscontinuous: boolean;
  /** EXT-X-MAP in force; "" for none. */
  readonly map: string;
  readonly lines: readonly string[];
  /** Time of day, in milliseconds since 1970; NaN if that is not said. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Counts the origins. */
  readonly origin: number;
}

export interface Entries {
  /** Lines before the first segment. */
  readonly head: readonly string[];
  readonly entries: readonly Entry[];
  /** Lines behind the last one. */
  readonly tail: readonly string[];
  readonly discontinuity: number;
}

export const SEQUENCE = "#EXT-X-MEDIA-SEQUENCE:";
export const DISCONTINUITIES = "#EXT-X-DISCONTINUITY-SEQUENCE:";
const OF_SEGMENTS =
  /^#(?:EXT-X-DISCONTINUITY$|EXT-X-MAP:|EXT-X-PROGRAM-DATE-TIME:|EXT-X-PART:|EXTINF:)/;

export function readEntries(text: string): Entries {
  const lines = text.split("\n");
  const begin = lines.findIndex((line) => OF_SEGMENTS.test(line));
  const head = begin < 0 ? lines : lines.slice(0, begin);
  const numberOf = (tag: string) =>
    Number(head.find((line) => line.startsWith(tag))?.slice(tag.length) ?? 0) || 0;
  const entries: Entry[] = [];
  let [own, map, seconds, fromMs]: [string[], string, number, number] = [[], "", 0, Number.NaN];
  for (const line of begin < 0 ? [] : lines.slice(begin)) {
    own.push(line);
    if (line.startsWith("#EXT-X-MAP:")) map = line;
    if (line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) fromMs = Date.parse(line.slice(25));
    if (line.startsWith("#EXTINF:")) seconds = Number.parseFloat(line.slice(8)) || 0;
    if (line === "" || line.startsWith("#")) continue;
    const toMs = fromMs + seconds * 1000;
    entries.push(entryOf(own, { number: numberOf(SEQUENCE) + entries.length, map, fromMs, toMs }));
    [own, fromMs] = [[], toMs];
  }
  return { head, entries, tail: own, discontinuity: numberOf(DISCONTINUITIES) };
}

function entryOf(
  own: readonly string[],
  place: Pick<Entry, "number" | "map" | "fromMs" | "toMs">,
): Entry {
  const isDiscontinuous = own.includes("#EXT-X-DISCONTINUITY");
  const isElsewhere = (line: string) =>
    line === "#EXT-X-DISCONTINUITY" || line.startsWith("#EXT-X-MAP:");
  const lines = own.filter((line) => !isElsewhere(line));
  return { ...place, uri: own.at(-1) ?? "", isDiscontinuous, lines, origin: 0 };
}
