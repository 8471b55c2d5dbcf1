// The forms of HLS answers: playlists that caches keep for a second, and files that never change.
import { gzipSync } from "bun";
import { PLAYLIST_TYPE } from "../../hls/playlist-text.ts";
import { takesGzip } from "../compression.ts";
import { namesTag } from "../content.ts";
import { reply } from "../reply.ts";

const OPEN = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Age, Date, ETag",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
};

const LASTING = { ...OPEN, "cache-control": "public, max-age=86400, immutable" };

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

/** One form of a playlist, with the headers of its answers. */
interface Form {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  readonly whole: ResponseInit;
  readonly unchanged: ResponseInit;
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
    const { bytes } = this.#plain;
    const isPacked = bytes.length >= MIN_GZIP_BYTES && takesGzip(request);
    const form = isPacked ? (this.#packed ??= this.#pack(bytes)) : this.#plain;
    const known = request.headers.get("if-none-match");
    if (known !== null && namesTag(known, form.etag)) return new Response(null, form.unchanged);
    return new Response(request.method === "HEAD" ? null : form.bytes, form.whole);
  }

  #pack(bytes: Uint8Array<ArrayBuffer>): Form {
    return this.#form(gzipSync(bytes), `"${this.#tag}-gzip"`, { "content-encoding": "gzip" });
  }

  #form(bytes: Uint8Array<ArrayBuffer>, etag: string, coding: Readonly<Record<string, string>>) {
    const kept = this.isOwn ? { "cache-control": "no-store" } : {};
    const headers = { ...FLEETING, ...kept, etag };
    const length = { "content-length": String(bytes.length) };
    const whole = { headers: { ...headers, ...length, ...coding } };
    return { bytes, etag, whole, unchanged: { status: 304, headers } };
  }
}

/** A segment or an init segment, which its name stands for. */
export function fileOf(
  request: Request,
  name: string,
  contentType: string,
  file: () => Blob | null,
): Response | null {
  const etag = `"${name}"`;
  const headers = { ...LASTING, etag };
  if (namesTag(request.headers.get("if-none-match"), etag))
    return new Response(null, { status: 304, headers });
  const body = file();
  if (body === null) return null;
  const length = { "content-type": contentType, "content-length": String(body.size) };
  const all = { headers: { ...headers, ...length } };
  return new Response(request.method === "HEAD" ? null : body, all);
}

/** A refusal, which no cache keeps for longer than a playlist. */
export function sorry(status: 400 | 404 | 503, sentence: string): Response {
  const again = status === 503 ? { "retry-after": "2" } : {};
  const headers = { ...OPEN, "cache-control": "public, max-age=1", ...again };
  return reply(`${sentence}\n`, TEXT, status, headers);
}
