// Content that never changes while the station runs, read and compressed once: shipped files, and documents that are
// generated once.
import { gzipSync } from "bun";
import { HTML_TYPE } from "./reply.ts";
import { isText, takesGzip, varyByEncoding } from "./compression.ts";

interface Form {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

interface Forms {
  readonly plain: Form;
  /** null if it is not text, or would not become smaller. */
  readonly packed: Form | null;
}

type HeaderList = Readonly<Record<string, string>>;

function etagOf(bytes: Uint8Array<ArrayBuffer>, ending = ""): string {
  return `"${Bun.hash(bytes).toString(36)}${ending}"`;
}

function formsOf(bytes: Uint8Array<ArrayBuffer>, contentType: string): Forms {
  const plain = { bytes, etag: etagOf(bytes) };
  const packed = isText(contentType) ? gzipSync(bytes) : bytes;
  if (packed.length >= bytes.length) return { plain, packed: null };
  return { plain, packed: { bytes: packed, etag: etagOf(bytes, "-gzip") } };
}

/** Whether an If-None-Match names one of these tags. */
export function namesTag(noneMatch: string | null, ...etags: readonly string[]): boolean {
  const named = (noneMatch ?? "").split(",").map((part) => part.trim().replace(/^W\//, ""));
  return named.includes("*") || etags.some((etag) => named.includes(etag));
}

export class Content {
  #forms: Promise<Forms> | null = null;

  /** `source` is read on the first request. */
  constructor(
    private readonly source: Blob,
    private readonly headers: HeaderList = {},
    private readonly contentType: string = source.type,
  ) {}

  static ofFile(path: string, headers: HeaderList = {}): Content {
    return Content.ofBlob(Bun.file(path), headers);
  }

  /** Pages get one spelling of their type. */
  static ofBlob(blob: Blob, headers: HeaderList = {}): Content {
    return new Content(blob, headers, blob.type.startsWith("text/html") ? HTML_TYPE : undefined);
  }

  static ofText(text: string, contentType: string, headers: HeaderList = {}): Content {
    return new Content(new Blob([text]), headers, contentType);
  }

  /** 200 in the encoding that the client accepts, or 304 if it has the content already. */
  async answer(request: Request): Promise<Response> {
    // Bun itself selects the range of a file.
    if (request.headers.has("range")) return this.#partOf();
    const { plain, packed } = await (this.#forms ??= this.#read());
    const form = takesGzip(request) ? (packed ?? plain) : plain;
    const headers = new Headers({ ...this.headers, etag: form.etag });
    if (packed !== null) varyByEncoding(headers);
    const etags = [plain.etag, packed?.etag ?? plain.etag];
    if (namesTag(request.headers.get("if-none-match"), ...etags)) {
      return new Response(null, { status: 304, headers });
    }
    headers.set("content-type", this.contentType);
    headers.set("content-length", String(form.bytes.length));
    if (form === packed) headers.set("content-encoding", "gzip");
    return new Response(form.bytes, { headers });
  }

  /** A failed read is tried again on the next request. */
  async #read(): Promise<Forms> {
    try {
      return formsOf(await this.source.bytes(), this.contentType);
    } catch (error) {
      this.#forms = null;
      throw error;
    }
  }

  #partOf(): Response {
    const headers = { ...this.headers, "content-type": this.contentType };
    return new Response(this.source, { headers });
  }
}
