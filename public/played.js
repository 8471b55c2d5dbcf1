// Pure: which titles of the past are tracks, and how one is written in a line.

/**
 * @typedef {object} Titled
 * @property {string} kind
 * @property {string} title
 * @property {string} artist
 * @property {string} dj
 * @property {number | null} seconds
 */

/** What stations call their own short pieces; a song named "Jingle Bells" is none. */
const IDENT =
  /\b(?:jingles?(?! bell)|idents?|station ids?|sweepers?|liners?|bumpers?|stingers?|promos?)\b/i;

/** They are no longer than this, */
const LONGEST_IDENT_SECONDS = 60;
/** and what has no artist and is shorter than that is one. */
const SHORTEST_TRACK_SECONDS = 12;

/** What encoders send for a show without titles. */
const LIVE = /^(?:live|live on air|on air|unknown|untitled|no title)$/i;

/** @param {string} a @param {string} b */
function isSame(a, b) {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** @param {Titled} titled @param {boolean} hasArtist */
function isIdent({ title, seconds }, hasArtist) {
  if (seconds === null || seconds === 0) return !hasArtist && IDENT.test(title);
  if (!hasArtist && seconds < SHORTEST_TRACK_SECONDS) return true;
  return seconds <= LONGEST_IDENT_SECONDS && IDENT.test(title);
}

/** Neither silence nor a jingle, nor the name of the show or station for want of a title.
 * @param {Titled} titled @param {string} station */
export function isTrack(titled, station) {
  const { kind, title, artist, dj } = titled;
  const hasArtist = artist !== "" && !isSame(artist, station);
  if (kind === "silence" || title === "" || isIdent(titled, hasArtist)) return false;
  return hasArtist || (!LIVE.test(title) && !isSame(title, dj) && !isSame(title, station));
}

/** "Artist – Title". @param {{ artist: string, title: string }} titled */
export function lineOf({ artist, title }) {
  return [artist, title].filter(Boolean).join(" – ");
}
