// What a listener by HLS still has to play of a station that has started again. The new run's timeline begins at 0 and knows
// nothing of that audio; its dates go on.

/** @typedef {import("./status.js").Mount} Mount */
/** @typedef {import("./status.js").Timeline} Timeline */

/** A report may be as much older than the one before. */
const TOLERANCE_SECONDS = 1;

export class EarlierRuns {
  /** The last known timeline of a mount's run before this one. @type {Map<string, Timeline>} */ #last =
    new Map();

  /** A report follows another one. @param {readonly Mount[]} before @param {readonly Mount[]} after */
  note(before, after) {
    for (const { mount, timeline } of after) {
      const was = before.find((one) => one.mount === mount)?.timeline;
      const isOther = was && timeline.headSeconds < was.headSeconds - TOLERANCE_SECONDS;
      // One that ends before it has dates was not heard by them.
      if (isOther && was.zeroMs !== null) this.#last.set(mount, was);
    }
  }

  /** The timeline of what a mount's audio of this date belongs to. @param {Mount} mount @param {Date | null} date
   * @returns {Timeline} */
  timelineAt({ mount, timeline }, date) {
    const last = this.#last.get(mount);
    if (!last || date === null) return timeline;
    const beginMs =
      (timeline.zeroMs ?? Number.POSITIVE_INFINITY) + timeline.airings[0].fromSeconds * 1000;
    return date.getTime() < beginMs ? last : timeline;
  }
}
