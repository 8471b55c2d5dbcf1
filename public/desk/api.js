// The desk's calls to the server. A refused call throws an error with the server's sentence.

/**
 * @typedef {object} OwnAnswers
 * @property {import("../../src/http/desk/desk-schema.ts").Session} session
 * @property {import("../../src/http/desk/listener-schema.ts").ListenerPage} listeners
 * @property {import("../../src/http/desk/library-schema.ts").Playlist} playlist
 * @property {import("../../src/http/desk/library-schema.ts").Library} library
 * @property {import("../../src/http/desk/library-schema.ts").Files} files
 * @property {import("../../src/http/desk/desk-schema.ts").History} history
 * @property {import("../../src/http/desk/desk-schema.ts").Log} log
 * @property {import("../../src/http/desk/ban-schema.ts").BanList} bans
 * @property {import("../../src/http/desk/recording-schema.ts").RecordingList} recordings
 */

/**
 * @typedef {{
 *   audience: import("../../src/http/desk/audience-schema.ts").AudienceFigures,
 *   "audience/top": import("../../src/http/desk/audience-schema.ts").TopList,
 *   "audience/week": import("../../src/http/desk/audience-schema.ts").WeekMap,
 *   "audience/curve": import("../../src/http/desk/audience-schema.ts").StayingCurve,
 *   "audience/sessions": import("../../src/http/desk/audience-schema.ts").SessionList,
 *   "history/plays": import("../../src/http/desk/audience-schema.ts").PlayList,
 * }} PastAnswers
 */

/** @typedef {OwnAnswers & PastAnswers} Answers */

/** @typedef {import("../../src/http/desk/desk-schema.ts").Configuration} Configuration */
/** @typedef {import("../../src/http/desk/desk-schema.ts").Reloaded} Reloaded */

const ANSWER_MS = 10_000;

export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} sentence
   * @param {Configuration["problems"]} [problems] of a configuration
   */
  constructor(status, sentence, problems = []) {
    super(sentence);
    this.status = status;
    this.problems = problems;
  }
}

/** Aborted while the session ends: what is asked then would be refused. */
let asking = new AbortController();

/** @param {string} path @param {RequestInit} [init] */
async function call(path, init = {}) {
  const { signal = AbortSignal.any([AbortSignal.timeout(ANSWER_MS), asking.signal]) } = init;
  const answer = await fetch(`api/admin/${path}`, { cache: "no-store", ...init, signal });
  const json = await answer.json().catch(() => ({}));
  signal?.throwIfAborted();
  if (answer.ok) return json;
  const sentence = json.error ?? `The server answered ${answer.status}.`;
  throw new Refusal(answer.status, sentence, json.problems);
}

/**
 * @template {keyof Answers} P
 * @param {P} path
 * @param {Record<string, string | number>} [query]
 * @returns {Promise<Answers[P]>}
 */
export function ask(path, query = {}) {
  const fields = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return call(fields.length === 0 ? path : `${path}?${new URLSearchParams(fields)}`);
}

/** @param {string} path @param {object} body @returns {Promise<{ message: string }>} */
export function command(path, body) {
  const headers = { "content-type": "application/json" };
  return call(path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** @returns {Promise<Reloaded>} */
export function reloadConfiguration() {
  return call("reload", { method: "POST" });
}

/** @param {string} address @returns {Promise<{ message: string }>} */
export function endBan(address) {
  return call(`bans?${new URLSearchParams({ address })}`, { method: "DELETE" });
}

/** @param {string} id @returns {Promise<{ message: string }>} */
export function deleteRecording(id) {
  return call(`recordings?${new URLSearchParams({ id })}`, { method: "DELETE" });
}

/** Ends what is being asked, and asks nothing more unless it fails. */
export async function signOut() {
  asking.abort();
  try {
    await call("session", { method: "DELETE", signal: AbortSignal.timeout(ANSWER_MS) });
  } catch (error) {
    asking = new AbortController();
    throw error;
  }
}
