// Files of an origin, such as those of HLS: an edge passes them on under the same names and numbers, so that a player goes on
// at any server of the cluster. Each is fetched once for all who ask.
import type { Trust } from "../dial/dial.ts";
import type { Clock } from "../lib/clock.ts";

/** A folder at the origin, with a slash at its end. */
export interface OriginFolder {
  readonly href: string;
  readonly trust: Trust;
}

export interface OriginFile {
  /** The folder that it is from. */
  readonly from: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: Blob;
  /** Of a playlist or JSON; "" for other files. */
  readonly text: string;
}

export interface OriginFilesParts {
  /** null while it is not known. */
  folder(): OriginFolder | null;
  /** A proof for a request of this target. */
  lines(target: string): readonly string[];
  readonly clock: Clock;
  readonly fetch: (url: string, init: BunFetchRequestInit) => Promise<Response>;
}

interface Kept {
  readonly file: OriginFile;
  readonly askedMs: number;
}

/** As long as the origin lets caches keep a playlist. */
const FRESH_MS = 1000;

/** While the origin is away, its last playlist is better than none: players ask again. */
const STALE_MS = 30_000;

/** Longer than the origin lets a request wait for a segment. */
const TIMEOUT_MS = 28_000;

const MAX_BYTES = 16 << 20;
const MAX_FILE_BYTES = 4 << 20;
const MAX_FILES = 1024;

/** Clients make up names. */
const MAX_COMING = 64;

/** Of these, what the origin may let wait for a segment: the segments themselves must not wait for that. */
const MAX_WAITING = 32;

/** These change. */
const TEXTS = /mpegurl|json/i;

export class OriginFiles {
  /** The least recently asked for first. */
  readonly #kept = new Map<string, Kept>();
  readonly #coming = new Map<string, Promise<OriginFile | null>>();
  /** Requests under way that have a query. */
  #waiting = 0;
  #bytes = 0;

  constructor(private readonly parts: OriginFilesParts) {}

  get bytes(): number {
    return this.#bytes;
  }

  /** `query`: "" or one that makes the origin wait for a segment. null: the origin cannot be asked. Never rejects. */
  get(name: string, query = ""): Promise<OriginFile | null> {
    const kept = this.#kept.get(name);
    if (kept !== undefined && query === "" && this.#isFresh(kept)) {
      this.#keep(name, kept);
      return Promise.resolve(kept.file);
    }
    const key = `${name}?${query}`;
    const coming = this.#coming.get(key);
    if (coming !== undefined) return coming;
    if (!this.#hasRoomFor(query)) return Promise.resolve(this.latest(name));
    if (query !== "") this.#waiting++;
    const file = this.#fetch(name, query).finally(() => this.#came(key, query));
    this.#coming.set(key, file);
    return file;
  }

  #hasRoomFor(query: string): boolean {
    return this.#coming.size < MAX_COMING && (query === "" || this.#waiting < MAX_WAITING);
  }

  #came(key: string, query: string): void {
    if (query !== "") this.#waiting--;
    this.#coming.delete(key);
  }

  /** The playlist as it was fetched last; null if that is too long ago. */
  latest(name: string): OriginFile | null {
    const kept = this.#kept.get(name);
    const isUsable = kept !== undefined && this.parts.clock.nowMs() - kept.askedMs < STALE_MS;
    return isUsable ? kept.file : null;
  }

  /** Names of segments have one content for ever. */
  #isFresh({ file, askedMs }: Kept): boolean {
    const isLasting = file.status === 200 && file.text === "";
    return isLasting || this.parts.clock.nowMs() - askedMs < FRESH_MS;
  }

  async #fetch(name: string, query: string): Promise<OriginFile | null> {
    const askedMs = this.parts.clock.nowMs();
    const file = await this.#ask(name, query).catch(() => null);
    if (file === null || file.status >= 500) return this.latest(name) ?? file;
    // What was waited for is as new as its answer.
    const atMs = query === "" ? askedMs : this.parts.clock.nowMs();
    // A refusal of what a query asks says nothing of the file.
    if (query === "" || file.status === 200) this.#keep(name, { file, askedMs: atMs });
    return file;
  }

  /** The file is of the origin that is asked now. */
  isCurrent({ from }: OriginFile): boolean {
    return from === this.parts.folder()?.href;
  }

  async #ask(name: string, query: string): Promise<OriginFile | null> {
    const folder = this.parts.folder();
    if (folder === null) return null;
    const url = new URL(name, folder.href);
    url.search = query === "" ? "redirect=no" : `redirect=no&${query}`;
    const { verify, ca } = folder.trust;
    const tls = { rejectUnauthorized: verify, ...(ca !== null && { ca }) };
    const headers = this.parts.lines(url.pathname).map((line) => splitLine(line));
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await this.parts.fetch(url.href, { headers, tls, signal, redirect: "manual" });
    return fileOf(answer, folder.href);
  }

  #keep(name: string, kept: Kept): void {
    this.#drop(name);
    this.#kept.set(name, kept);
    this.#bytes += kept.file.body.size;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= MAX_BYTES && this.#kept.size <= MAX_FILES) break;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    this.#bytes -= this.#kept.get(name)?.file.body.size ?? 0;
    this.#kept.delete(name);
  }
}

function splitLine(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

/** null: it is no answer of an HLS file. */
async function fileOf(answer: Response, from: string): Promise<OriginFile | null> {
  const { status, headers, body } = answer;
  const isTooLong = Number(headers.get("content-length") ?? 0) > MAX_FILE_BYTES;
  if (isTooLong || (status >= 300 && status < 400)) {
    await body?.cancel();
    return null;
  }
  const blob = await shortBody(answer);
  if (blob === null) return null;
  const contentType = headers.get("content-type") ?? "";
  const isText = status === 200 && TEXTS.test(contentType);
  return { from, status, contentType, body: blob, text: isText ? await blob.text() : "" };
}

/** null: it is too long, whatever its head said. */
async function shortBody({ body, headers }: Response): Promise<Blob | null> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > MAX_FILE_BYTES) return null;
    parts.push(part);
  }
  return new Blob(parts, { type: headers.get("content-type") ?? "" });
}
