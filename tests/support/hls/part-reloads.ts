// What must hold for parts between one version of a media playlist and the next.
import { type MediaPlaylist, type Part, unquoted } from "./playlist-text.ts";
import type { Report } from "./problem.ts";
import type { Removed } from "./reloads.ts";

const KEPT_TARGETS = 3;

export class PartReloads {
  #last: MediaPlaylist | null = null;
  #addedMs = 0;
  #removed: Removed[] = [];

  constructor(private readonly report: Report) {}

  removedAt(nowMs: number): readonly Removed[] {
    this.#removed = this.#removed.filter(({ untilMs }) => untilMs >= nowMs);
    return this.#removed;
  }

  restarted(): void {
    this.#last = null;
    this.#removed = [];
  }

  /** `gapMs`: between the last two fetches. */
  add(next: MediaPlaylist, nowMs: number, gapMs: number): void {
    const last = this.#last;
    this.#last = next;
    const added = last === null ? next.parts : this.#compare(last, next, nowMs, gapMs);
    if (added.length > 0) this.#addedMs = nowMs;
  }

  #compare(last: MediaPlaylist, next: MediaPlaylist, nowMs: number, gapMs: number) {
    const known = new Map(last.parts.map((part) => [part.url, part]));
    const added = next.parts.filter(({ url }) => !known.has(url));
    for (const part of next.parts) this.#checkSame(known.get(part.url) ?? part, part);
    this.#checkOrder(last.parts.at(-1), added);
    this.#checkHint(last, next, added);
    if (added.length > 0) this.#checkPace(next, nowMs, gapMs);
    const left = new Set(next.parts.map(({ url }) => url));
    for (const { url } of last.parts)
      if (!left.has(url))
        this.#removed.push({ url, untilMs: nowMs - gapMs + KEPT_TARGETS * next.target * 1000 });
    return added;
  }

  #checkSame(before: Part, part: Part): void {
    if (JSON.stringify(before) !== JSON.stringify(part)) this.report("part-order", part.url);
  }

  #checkOrder(newest: Part | undefined, added: readonly Part[]): void {
    const [first] = added;
    if (newest === undefined || first === undefined) return;
    const isNext = first.number === newest.number && first.index === newest.index + 1;
    if (!isNext && !(first.number > newest.number && first.index === 0))
      this.report("part-order", `${first.url} behind ${newest.url}`);
  }

  /** A plan may change where the timeline is broken. */
  #checkHint(last: MediaPlaylist, next: MediaPlaylist, added: readonly Part[]): void {
    const hinted = hintedBy(last);
    const first = added[0]?.url ?? addedSegment(last, next);
    const isBroken = discontinuities(next) > discontinuities(last);
    if (hinted !== null && first !== null && first !== hinted && !isBroken)
      this.report("hint", `${first}, not ${hinted}`);
  }

  #checkPace({ partTarget }: MediaPlaylist, nowMs: number, gapMs: number): void {
    const passedMs = nowMs - this.#addedMs - gapMs;
    if (partTarget !== null && passedMs > partTarget * 1000)
      this.report("part-pace", `${passedMs} ms, part target ${partTarget}`);
  }
}

function hintedBy({ url, hints }: MediaPlaylist): string | null {
  const hint = hints.find((one) => one.get("TYPE") === "PART");
  return hint === undefined ? null : new URL(unquoted(hint.get("URI")), url).href;
}

function addedSegment(last: MediaPlaylist, next: MediaPlaylist): string | null {
  const isPartless = last.parts.length === 0 && next.parts.length === 0;
  const end = last.mediaSequence + last.segments.length;
  return isPartless ? (next.segments.find(({ number }) => number === end)?.url ?? null) : null;
}

function discontinuities({ discontinuitySequence, lines }: MediaPlaylist): number {
  return discontinuitySequence + lines.filter((line) => line === "#EXT-X-DISCONTINUITY").length;
}
