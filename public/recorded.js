// What the station's recordings hold of a mount, further back than its memory: stretches of its timeline, and their titles.
// It is asked for while the page offers to go back there.

/**
 * @typedef {import("./status.js").Airing} Airing
 * @typedef {import("./status.js").Timeline} Timeline
 * @typedef {{ from: number, to: number }} Stretch on the timeline, negative before that began
 * @typedef {{ stretches: readonly Stretch[], airings: readonly Airing[] }} Recorded
 */

const FRESH_MS = 60_000;
const ANSWER_MS = 8000;

/** @type {Recorded} */
const NOTHING = { stretches: [], airings: [] };

/** By mount. @type {Map<string, { askedMs: number, recorded: Recorded }>} */
const known = new Map();

/** @param {unknown} value */
function number(value) {
  return typeof value === "number" ? value : Number.NaN;
}

/** @param {unknown} value @returns {Record<string, unknown>[]} */
function objects(value) {
  return Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null) : [];
}

/** @param {Record<string, unknown>} json @returns {Airing} */
function readTitle(json) {
  const [title, artist] = [String(json.title ?? ""), String(json.artist ?? "")];
  const rest = { dj: "", artwork: "", seconds: null, playedSeconds: 0 };
  return { fromSeconds: number(json.from_seconds), kind: "other", title, artist, ...rest };
}

/** @param {Record<string, unknown>} json @returns {Recorded} */
function read({ spans, titles }) {
  const stretches = objects(spans)
    .map((span) => ({ from: number(span.from_seconds), to: number(span.to_seconds) }))
    .filter(({ from, to }) => from < to);
  const airings = objects(titles)
    .map(readTitle)
    .filter(({ fromSeconds }) => Number.isFinite(fromSeconds));
  return { stretches, airings };
}

/** What was known at last, without a look for more. @param {string} mount */
export function recordedOf(mount) {
  return known.get(mount)?.recorded ?? NOTHING;
}

/** Asks once a minute. What the station does not answer stays as it was. @param {string} mount */
export async function askRecorded(mount) {
  const before = known.get(mount);
  if (before && performance.now() - before.askedMs < FRESH_MS) return;
  const asked = { askedMs: performance.now(), recorded: before?.recorded ?? NOTHING };
  known.set(mount, asked);
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch(`api/recorded/${encodeURIComponent(mount.slice(1))}`, { signal });
    if (answer.ok) asked.recorded = read(await answer.json());
  } catch (error) {
    console.info("What is recorded is not known.", error);
  }
}

/** The titles of a mount as far back as they are known. @param {string} mount @param {Timeline} timeline
 * @returns {readonly [Airing, ...Airing[]]} */
export function allAirings(mount, { airings }) {
  const [first] = airings;
  const earlier = recordedOf(mount).airings.filter(
    ({ fromSeconds }) => fromSeconds < first.fromSeconds,
  );
  const [oldest = first, ...others] = [...earlier, ...airings];
  return [oldest, ...others];
}

/** What neither the recordings nor the last `heldSeconds` hold, oldest first. @param {readonly Stretch[]} stretches
 * @param {Stretch} within @param {number} heldSeconds before its end */
export function gapsBetween(stretches, within, heldSeconds) {
  /** @type {Stretch[]} */
  const gaps = [];
  let from = within.from;
  const held = [...stretches, { from: within.to - heldSeconds, to: within.to }];
  for (const one of held.toSorted((a, b) => a.from - b.from)) {
    if (one.from > from) gaps.push({ from, to: Math.min(one.from, within.to) });
    from = Math.max(from, one.to);
  }
  return gaps;
}
