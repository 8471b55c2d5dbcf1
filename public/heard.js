// Estimates which second of a mount's timeline this listener is hearing, so that a title changes together with its sound.
//
// The server counts a mount's audio in seconds. A client that joins starts at join_seconds, one burst behind the head,
// and then hears one second of audio per second that the element has played, however much was buffered, stalled or paused.
// So the position is start + currentTime, and no two clocks are compared. Only the start is an estimate: a status report
// gives the position of a client that joins when the report arrives, while ours joined slightly earlier or later. The join
// lies between our request and the first audio; we take the middle and request a report at that moment. What remains is
// half a round trip, plus up to one page of audio (about a second in Ogg) that the source sends at once. A stream that the
// page fetches itself says where it begins, so there nothing is estimated.

/** @typedef {import("./status.js").Timeline} Timeline */
/** @typedef {import("./status.js").Airing} Airing */

/** A burst this much shorter than configured means that the stream has just begun, and the start stands still. */
const SHORT_SECONDS = 0.5;
const MAX_PLACES = 16;
/** A report this long after the join no longer shows where it was. */
const FRESH_MS = 5000;

/** The position of a client that joins at `atMs`, on the clock of receivedMs. @param {Timeline} timeline @param {number} atMs */
function startAt({ headSeconds, joinSeconds, burstSeconds, receivedMs }, atMs) {
  const isShort = headSeconds - joinSeconds < burstSeconds - SHORT_SECONDS;
  const moved = joinSeconds + (atMs - receivedMs) / 1000;
  if (!isShort) return moved;
  // Clients join at the start of the stream until there is a whole burst.
  return Math.max(joinSeconds, moved + (headSeconds - joinSeconds) - burstSeconds);
}

/** The position that is written now. @param {Timeline} timeline */
function headNow({ headSeconds, receivedMs }) {
  return headSeconds + (performance.now() - receivedMs) / 1000;
}

/** The position of a client that joins now. @param {Timeline} timeline */
export function liveSeconds(timeline) {
  return startAt(timeline, performance.now());
}

export class Heard {
  /** @type {HTMLAudioElement} */ #audio;
  /** Known places: from which second of the element on which position is played, on the timeline of which mount.
   * @type {{ from: number, position: number, through: string }[]} */
  #places = [];
  /** @type {{ mount: string, atMs: number, backSeconds: number, startSeconds: number | null, isSure: boolean } | null} */ #join =
    null;

  /** The mount whose audio has dates. @type {{ mount: string, dateOf: () => Date | null } | null} */
  #dated = null;

  /** @param {HTMLAudioElement} audio */
  constructor(audio) {
    this.#audio = audio;
  }

  /** Call when the element has the first audio of a mount, which began `backSeconds` before the newest; 0 for the live audio.
   * @param {string} mount @param {number} requestedMs @param {number} backSeconds */
  join(mount, requestedMs, backSeconds) {
    const atMs = (requestedMs + performance.now()) / 2;
    this.leave();
    this.#join = { mount, atMs, backSeconds, startSeconds: null, isSure: false };
  }

  /** The element plays the timeline from a position on, from a second of its own on.
   * @param {string} mount @param {number} from @param {number} position */
  place(mount, from, position) {
    const earlier =
      this.#join?.mount === mount ? this.#places.filter((place) => place.from < from) : [];
    this.#join = { mount, atMs: 0, backSeconds: 0, startSeconds: null, isSure: false };
    this.#places = [...earlier, { from, position, through: "" }].slice(-MAX_PLACES);
  }

  /** The listeners of a mount go on in the audio of another one, its fallback, or come back from there. What this listener has
   * still to play of the first comes before. @param {string} mount
   * @param {{ through: string, timeline: Timeline }} before @param {{ through: string, timeline: Timeline }} after */
  move(mount, before, after) {
    if (this.#join?.mount !== mount) return;
    const { currentTime } = this.#audio;
    const position = this.seconds(mount, before.timeline);
    const behind = Math.max(0, headNow(before.timeline) - position);
    const through = this.through(mount) ?? before.through;
    const from = currentTime + behind;
    this.#places = [
      { from: currentTime, position, through },
      { from, position: headNow(after.timeline), through: after.through },
    ];
  }

  /** The mount whose audio this listener hears, if that was seen to change. @param {string} mount */
  through(mount) {
    return this.#placeIn(mount)?.through || null;
  }

  /** @param {string} mount */
  #placeIn(mount) {
    if (this.#join?.mount !== mount) return undefined;
    return this.#places.findLast(({ from }) => from <= this.#audio.currentTime);
  }

  /** The element knows the date of what it plays. @param {string} mount @param {() => Date | null} dateOf */
  date(mount, dateOf) {
    this.leave();
    this.#dated = { mount, dateOf };
  }

  /** It plays the newest audio by its dates, however far that is behind. @param {string} mount */
  isDated(mount) {
    return this.#dated?.mount === mount;
  }

  /** The date of what the element plays; null if it has none. @param {string} mount */
  dateOf(mount) {
    return this.#dated?.mount === mount ? this.#dated.dateOf() : null;
  }

  leave() {
    [this.#join, this.#places, this.#dated] = [null, [], null];
  }

  /** By the date of what is played; null if that is not known. @param {string} mount @param {Timeline} timeline */
  #byDate(mount, { zeroMs }) {
    const date = this.dateOf(mount);
    return date === null || zeroMs === null ? null : (date.getTime() - zeroMs) / 1000;
  }

  /** Position on the timeline: of this listener, or of one who would join now. @param {string} mount @param {Timeline} timeline */
  seconds(mount, timeline) {
    const dated = this.#byDate(mount, timeline);
    if (dated !== null) return dated;
    const { currentTime } = this.#audio;
    const place = this.#placeIn(mount);
    if (place) return place.position + currentTime - place.from;
    const start = this.#start(mount, timeline);
    return start === null ? liveSeconds(timeline) : start + currentTime;
  }

  /** @param {string} mount @param {Timeline} timeline */
  #start(mount, timeline) {
    const join = this.#join;
    if (join?.mount !== mount) return null;
    const isAfter = timeline.receivedMs > join.atMs;
    if (join.startSeconds === null || (!join.isSure && isAfter)) {
      const isFresh = timeline.receivedMs < join.atMs + FRESH_MS;
      if (join.startSeconds === null || isFresh) {
        const live = startAt(timeline, join.atMs);
        const { backSeconds } = join;
        join.startSeconds = backSeconds > 0 ? live + timeline.burstSeconds - backSeconds : live;
      }
      join.isSure = isAfter;
    }
    return join.startSeconds;
  }
}

/**
 * The airing at a position; the oldest known one before that.
 * @param {readonly [Airing, ...Airing[]]} airings
 * @param {number} seconds
 */
export function airingAt(airings, seconds) {
  return airings.findLast(({ fromSeconds }) => fromSeconds <= seconds) ?? airings[0];
}
