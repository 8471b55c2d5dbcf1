// Pure: the ended sessions of a title that goes on, as sums: a title may last for months.
import {
  audienceOf,
  type Heard,
  type PlayAudience,
  type Stretch,
  uniquesOf,
} from "./play-audience.ts";

/** More different listeners of one title are not distinguished from those before. */
const MAX_UNIQUES = 1 << 20;

export interface CountedAudience extends PlayAudience {
  readonly uniques: ReadonlySet<number>;
}

export class PastAudience {
  readonly #uniques = new Set<number>();
  #sum: PlayAudience | null = null;
  /** The peak up to here counts those too who go on. */
  #until = Number.NEGATIVE_INFINITY;

  constructor(private readonly maxUniques = MAX_UNIQUES) {}

  /** `past`: sessions that ended at `until` or before, of a title that began at `from`. `others`: those that may have heard
   * something of it up to then, and are not kept here. Later sessions begin behind `until`. */
  add(from: number, until: number, past: readonly Heard[], others: readonly Heard[]): void {
    const sum = audienceOf({ from, to: Number.POSITIVE_INFINITY }, past);
    const begun = { from: Math.max(from, this.#until), to: until };
    const { peak } = audienceOf(begun, [...past, ...others]);
    const before = this.#sum;
    this.#sum = {
      ...(before === null ? sum : together(before, sum)),
      peak: Math.max(before?.peak ?? 0, peak),
    };
    this.#until = until;
    for (const id of uniquesOf({ from, to: Number.POSITIVE_INFINITY }, past))
      if (this.#uniques.size < this.maxUniques) this.#uniques.add(id);
  }

  /** With the sessions that are not kept here. */
  with(play: Stretch, rest: readonly Heard[]): CountedAudience {
    const audience = audienceOf(play, rest);
    const uniques = uniquesOf(play, rest);
    if (this.#sum === null) return { ...audience, uniques };
    const { peak } = audienceOf({ from: Math.max(play.from, this.#until), to: play.to }, rest);
    const all = this.#uniques.union(uniques);
    const sum = { ...together(this.#sum, audience), peak: Math.max(this.#sum.peak, peak) };
    return { ...sum, listeners: all.size, uniques: all };
  }
}

/** `peak` and `listeners` are no sums. */
function together(a: PlayAudience, b: PlayAudience): PlayAudience {
  const names = ["sessions", "seconds", "atStart", "atEnd", "joined", "left", "tunedOut"] as const;
  const sums = Object.fromEntries(names.map((name) => [name, a[name] + b[name]]));
  const length = Math.max(a.leaving.length, b.leaving.length);
  const leaving = Array.from({ length }, (_, at) => (a.leaving[at] ?? 0) + (b.leaving[at] ?? 0));
  const countries: Record<string, number> = { ...a.countries };
  for (const [country, count] of Object.entries(b.countries))
    countries[country] = (countries[country] ?? 0) + count;
  return { ...a, ...sums, leaving, countries };
}
