// What one mount has played: the airings that this page has seen pass, and before those the plays of the station's history.

import { readAiring } from "./status.js";

/**
 * @typedef {import("./status.js").Airing} Airing
 * @typedef {import("./status.js").Timeline} Timeline
 * @typedef {object} PastPlay
 * @property {string} key differs from play to play
 * @property {Airing} airing
 * @property {number} atMs when it began to be heard, by this browser's clock, in milliseconds since 1970
 */

const MAX_KEPT = 500;
const PAGE = 50;
const ANSWER_MS = 8000;
/** Estimates of one moment differ by less, and no track is shorter. */
const TOLERANCE_MS = 10_000;

/** @param {unknown} value @returns {Record<string, unknown>} */
function object(value) {
  return typeof value === "object" && value !== null
    ? /** @type {Record<string, unknown>} */ (value)
    : {};
}

export class Past {
  /** The newest first. @type {(PastPlay & { run: string })[]} */ #seen = [];
  /** @type {PastPlay[]} */ #history = [];
  /** Airings that were seen, by where they begin. @type {Set<string>} */ #known = new Set();
  /** When the oldest airing began that was seen. */
  #sinceMs = Number.POSITIVE_INFINITY;
  /** A station that starts again counts from 0. */
  #runs = 0;
  #headSeconds = 0;
  /** Where the listener is: a timeline, and where on it the current airing begins. */
  #place = { run: "", fromSeconds: 0 };
  /** For the plays that follow; null: there are none. @type {string | null} */ #before = "";
  /** @type {Promise<void> | null} */ #loading = null;
  isFailed = false;
  wasAsked = false;

  /** @param {string} mount */
  constructor(mount) {
    this.mount = mount;
  }

  /** The newest first. */
  get plays() {
    const since = this.#sinceMs - TOLERANCE_MS;
    const { run, fromSeconds } = this.#place;
    // Those that a listener who has gone back is still to hear.
    const isAhead = (/** @type {PastPlay & { run: string }} */ play) =>
      play.run === run && play.airing.fromSeconds >= fromSeconds;
    const seen = this.#seen.filter((play) => !isAhead(play));
    return [...seen, ...this.#history.filter(({ atMs }) => atMs < since)];
  }

  /** The station may know more. */
  get hasMore() {
    return this.#before !== null;
  }

  get isLoading() {
    return this.#loading !== null;
  }

  /** The airings before the current one. @param {Timeline} timeline @param {Airing} current @param {string} heard the mount whose
   * timeline it is */
  note(timeline, current, heard) {
    if (timeline.headSeconds < this.#headSeconds - 1) this.#runs += 1;
    this.#headSeconds = timeline.headSeconds;
    const run = `${heard} ${this.#runs}`;
    this.#place = { run, fromSeconds: current.fromSeconds };
    for (const airing of timeline.airings) {
      if (airing.fromSeconds < current.fromSeconds) this.#see(airing, run, timeline);
    }
    this.#seen.length = Math.min(this.#seen.length, MAX_KEPT);
    if (this.#known.size === 0) this.#sinceMs = timeOf(timeline, current.fromSeconds);
  }

  /** @param {Airing} airing @param {string} run @param {Timeline} timeline */
  #see(airing, run, timeline) {
    const key = `${run} ${airing.fromSeconds}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    const atMs = timeOf(timeline, airing.fromSeconds);
    this.#sinceMs = Math.min(this.#sinceMs, atMs);
    this.#seen.unshift({ key, airing, atMs, run });
  }

  /** One page more of the history; calls share one. Does not reject. */
  load() {
    this.wasAsked = true;
    this.#loading ??= this.#load().finally(() => (this.#loading = null));
    return this.#loading;
  }

  async #load() {
    try {
      const query = new URLSearchParams({ mount: this.mount, limit: String(PAGE) });
      if (this.#before) query.set("before", this.#before);
      const answer = await fetch(`api/history?${query}`, {
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      this.#add(object(await answer.json()), aheadMs(answer));
      this.isFailed = false;
    } catch (error) {
      console.info("The history could not be loaded.", error);
      this.isFailed = true;
    }
  }

  /** @param {Record<string, unknown>} page @param {number} ahead of the server's clock before this browser's */
  #add({ plays, next_before: before }, ahead) {
    for (const play of Array.isArray(plays) ? plays.map(object) : []) {
      const startedMs = Date.parse(String(play.started_at));
      if (play.ended_at === null || Number.isNaN(startedMs)) continue;
      const key = String(play.started_at);
      if (this.#history.some((one) => one.key === key)) continue;
      this.#history.push({ key, airing: readAiring(play), atMs: startedMs - ahead });
    }
    const isFull = this.#history.length >= MAX_KEPT;
    this.#before = typeof before === "string" && !isFull ? before : null;
  }
}

/** By this browser's clock. @param {Timeline} timeline @param {number} fromSeconds */
function timeOf({ headSeconds, burstSeconds, receivedMs }, fromSeconds) {
  const agoMs = (headSeconds - fromSeconds - burstSeconds) * 1000 + performance.now() - receivedMs;
  return Date.now() - agoMs;
}

/** A clock that is set wrong is shown as its listener knows it. @param {Response} answer */
function aheadMs({ headers }) {
  const sent = Date.parse(headers.get("date") ?? "");
  const ahead = sent - Date.now();
  return Number.isNaN(sent) || Math.abs(ahead) < 2000 ? 0 : ahead;
}
