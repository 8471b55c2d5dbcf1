// Decides a mount's format by the playing time of its library. For a disk thread only.
import { sameFormat, type StreamFormat } from "../format/frame.ts";
import { systemClock } from "../lib/clock.ts";
import { type FormatWish, isWished, votesOf } from "./format-choice.ts";
import type { Library } from "./library.ts";
import { isFair, isOutdone, majority } from "./majority.ts";

export class FormatElection {
  /** null before it is decided, and if it cannot be. */
  format: StreamFormat | null = null;
  /** Time of the request for the first track. */
  #askedMs: number | null = null;

  constructor(private readonly library: Library) {}

  /** True if the files measured by now, or until then, decide. */
  async sample(wish: FormatWish, untilMs: number): Promise<boolean> {
    this.#askedMs ??= systemClock.nowMs();
    const isAll = await this.library.measureOn(untilMs);
    const votes = [...votesOf(this.library.entries.values(), wish)];
    const isEnough = isAll || isFair(votes, systemClock.nowMs() - this.#askedMs);
    if (isEnough) this.format = majority(votes);
    return isEnough;
  }

  /** Once all files are measured: another format may have most of the playing time. */
  reconsider(chosen: StreamFormat, wish: FormatWish): void {
    const votes = () => votesOf(this.library.entries.values(), wish);
    const leader = majority(votes());
    if (leader === null) return;
    const isOther = !isWished(chosen, wish) || isOutdone(chosen, leader, votes());
    if (isOther && !sameFormat(chosen, leader)) this.format = leader;
  }
}
