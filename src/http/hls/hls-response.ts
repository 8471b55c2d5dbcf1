// The forms of HLS answers: playlists that caches keep for a second, and files that never change.
import { gzipSync } from "bun";
import { PLAYLIST_TYPE } from "../../hls/playlist-text.ts";
import { takesGzip } from "../compression.ts";
import { namesTag } from "../content.ts";
import { PreparedHead } from "../prepared.ts";
import { reply } from "../reply.ts";

const OPEN = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Age, Date, ETag",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
};

/** While the station restarts, caches may go on with a playlist for as long as players have audio ahead. */
const STALE_SECONDS = 30;

const FLEETING = {
  ...OPEN,
  "cache-control": `public, max-age=1, stale-if-error=${STALE_SECONDS}`,
  "content-type": PLAYLIST_TYPE,
  vary: "Accept-Encoding",
};

const TEXT = "text/plain;charset=utf-8";

/** Shorter texts gain nothing. */
const MIN_GZIP_BYTES = 512;

/** One form of a playlist, with the heads of its answers. */
interface Form {
  readonly body: Blob;
  readonly etag: string;
  readonly whole: PreparedHead;
  readonly unchanged: PreparedHead;
}

/** A playlist as it is sent, with what is derived from it. */
export class PlaylistBody {
  readonly #tag: string;
  readonly #plain: Form;
  #packed: Form | null = null;

  /** `isOwn`: it is for one client alone. */
  constructor(
    readonly text: string,
    private readonly isOwn = false,
  ) {
    const bytes = new TextEncoder().encode(text);
    this.#tag = Bun.hash(bytes).toString(36);
    this.#plain = this.#form(bytes, `"${this.#tag}"`, {});
  }

  answer(request: Request): Response {
    const form = this.#formFor(request);
    const known = request.headers.get("if-none-match");
    if (known !== null && namesTag(known, form.etag)) return form.unchanged.answer(null);
    return form.whole.answer(request.method === "HEAD" ? null : form.body);
  }

  #formFor(request: Request): Form {
    const { body } = this.#plain;
    const isPacked = body.size >= MIN_GZIP_BYTES && takesGzip(request);
    return isPacked ? (this.#packed ??= this.#pack()) : this.#plain;
  }

  #pack(): Form {
    const bytes = gzipSync(this.text);
    return this.#form(bytes, `"${this.#tag}-gzip"`, { "content-encoding": "gzip" });
  }

  #form(bytes: Uint8Array<ArrayBuffer>, etag: string, coding: Readonly<Record<string, string>>) {
    const kept = this.isOwn ? { "cache-control": "no-store" } : {};
    const headers = { ...FLEETING, ...kept, etag };
    const length = { "content-length": String(bytes.length) };
    const whole = new PreparedHead({ ...headers, ...length, ...coding });
    return { body: new Blob([bytes]), etag, whole, unchanged: new PreparedHead(headers, 304) };
  }
}

/** A segment or an init segment, which its name stands for. */
export class FileBody {
  readonly #head: PreparedHead;

  constructor(
    name: string,
    contentType: string,
    private readonly body: Blob,
  ) {
    const length = { "content-type": contentType, "content-length": String(this.size) };
    this.#head = new PreparedHead({ ...lasting(name), ...length });
  }

  get size(): number {
    return this.body.size;
  }

  answer({ method }: Request): Response {
    return this.#head.answer(method === "HEAD" ? null : this.body);
  }
}

/** The client has the file of this name already; null if it has not. */
export function unchangedFile({ headers }: Request, name: string): Response | null {
  const known = headers.get("if-none-match");
  if (known === null || !namesTag(known, `"${name}"`)) return null;
  return new PreparedHead(lasting(name), 304).answer(null);
}

function lasting(name: string) {
  return { ...OPEN, "cache-control": "public, max-age=86400, immutable", etag: `"${name}"` };
}

/** A refusal, which no cache keeps for longer than a playlist. */
export function sorry(status: 400 | 404 | 503, sentence: string): Response {
  const again = status === 503 ? { "retry-after": "2" } : {};
  const headers = { ...OPEN, "cache-control": "public, max-age=1", ...again };
  return reply(`${sentence}\n`, TEXT, status, headers);
}
