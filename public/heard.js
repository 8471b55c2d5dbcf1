// Estimates where on a mount's timeline this listener's sound is, so that titles change when the sound does.
//
// The server counts a mount's audio in seconds. Whoever joins begins at its join_seconds, a burst behind what is written,
// and from there on hears a second of audio for each second that the element has played, whatever was buffered, stalled
// or paused on the way: no clock of ours or the server's is compared. So what is heard is start + currentTime. The start
// itself is estimated: a report of the server says where one would have joined at the moment it came, and the join was a
// little before or after that. It lies between our request and the first audio; we take the middle, and ask for a report
// at that moment, so what is left is half a round trip, and up to a page of audio (about a second in Ogg) of what the
// source sends at a time.

/** @typedef {import("./status.js").Timeline} Timeline */
/** @typedef {import("./status.js").Airing} Airing */

/** Shorter bursts than asked for mean that the stream has just begun: then the start stands still. */
const shortSeconds = 0.5;
/** A report later than this after the join says little about it. */
const freshMs = 5000;

/** Where one joined at a moment. @param {Timeline} timeline @param {number} atMs on the clock of receivedMs */
function startAt({ headSeconds, joinSeconds, burstSeconds, receivedMs }, atMs) {
  const isShort = headSeconds - joinSeconds < burstSeconds - shortSeconds;
  const moved = joinSeconds + (atMs - receivedMs) / 1000;
  // While a burst is not full yet the start is the stream's own, until it is.
  if (!isShort) return moved;
  return Math.max(joinSeconds, moved + (headSeconds - joinSeconds) - burstSeconds);
}

export class Heard {
  /** @type {HTMLAudioElement} */ #audio;
  /** @type {{ mount: string, atMs: number, startSeconds: number | null, isSure: boolean } | null} */ #join =
    null;

  /** @param {HTMLAudioElement} audio */
  constructor(audio) {
    this.#audio = audio;
  }

  /** The element has the first audio of a mount. @param {string} mount @param {number} requestedMs */
  join(mount, requestedMs) {
    const atMs = (requestedMs + performance.now()) / 2;
    this.#join = { mount, atMs, startSeconds: null, isSure: false };
  }

  leave() {
    this.#join = null;
  }

  /** Seconds on the timeline: of what the listener hears, else of what one would who joins now. @param {string} mount @param {Timeline} timeline */
  seconds(mount, timeline) {
    const start = this.#start(mount, timeline);
    if (start === null) return startAt(timeline, performance.now());
    return start + this.#audio.currentTime;
  }

  /** @param {string} mount @param {Timeline} timeline */
  #start(mount, timeline) {
    const join = this.#join;
    if (join?.mount !== mount) return null;
    const isAfter = timeline.receivedMs > join.atMs;
    if (join.startSeconds === null || (!join.isSure && isAfter)) {
      const isFresh = timeline.receivedMs < join.atMs + freshMs;
      if (join.startSeconds === null || isFresh) join.startSeconds = startAt(timeline, join.atMs);
      join.isSure = isAfter;
    }
    return join.startSeconds;
  }
}

/** What holds at a second; before everything known it is the oldest. @param {Airing[]} airings @param {number} seconds */
export function airingAt(airings, seconds) {
  return airings.findLast(({ fromSeconds }) => fromSeconds <= seconds) ?? airings[0];
}
