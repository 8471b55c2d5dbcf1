// The desk's calls to the server; a refusal is an error with the server's sentence.

const answerMs = 10_000;

export class Refusal extends Error {
  /** @param {number} status @param {string} sentence */
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/** @param {string} path @param {RequestInit} [init] */
async function call(path, init = {}) {
  const signal = AbortSignal.timeout(answerMs);
  const answer = await fetch(`api/admin/${path}`, { cache: "no-store", signal, ...init });
  const json = await answer.json().catch(() => ({}));
  if (answer.ok) return json;
  throw new Refusal(answer.status, json.error ?? `The server answered ${answer.status}.`);
}

/** @param {string} path @param {Record<string, string | number>} [query] */
export function ask(path, query = {}) {
  const names = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return call(names.length === 0 ? path : `${path}?${new URLSearchParams(names)}`);
}

/** @param {string} path @param {object} body */
export function command(path, body) {
  const headers = { "content-type": "application/json" };
  return call(path, { method: "POST", headers, body: JSON.stringify(body) });
}

export function signOut() {
  return call("session", { method: "DELETE" });
}
