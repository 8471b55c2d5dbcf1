// The operator's files for the page: bounded, and of the type that their first bytes show, whatever their names say.

export type BrandKind = "logo" | "background" | "css";

export interface BrandFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  /** Changes with the content. */
  readonly stamp: string;
}

/** Every visit of the page loads them. */
export const MAX_BYTES: Readonly<Record<BrandKind, number>> = {
  logo: 1 << 20,
  background: 4 << 20,
  css: 256 << 10,
};

/** A larger picture takes too much of a browser's memory. */
const MAX_PIXELS = 25_000_000;

export const SVG = "image/svg+xml";

const START_BYTES = 512;

function rasterType(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  return /^RIFF[^]{4}WEBP/.test(start) ? "image/webp" : null;
}

function isSvg(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, START_BYTES));
  return /^\s*(?:<\?xml[^>]*>|<!--[^]*?-->|<!DOCTYPE[^>]*>|\s)*<svg[\s>]/i.test(start);
}

/** Throws a sentence without its end if it is no such file. */
async function typeOf(kind: BrandKind, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (kind === "css") return cssType(bytes);
  const type = rasterType(bytes) ?? (kind === "logo" && isSvg(bytes) ? SVG : null);
  if (type === null)
    throw new Error(`not a ${kind === "logo" ? "PNG, JPEG, WebP or SVG" : "PNG, JPEG or WebP"}`);
  if (type !== SVG) await lookInside(bytes);
  return type;
}

function cssType(bytes: Uint8Array): string {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("not in UTF-8");
  }
  return "text/css; charset=utf-8";
}

async function lookInside(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const { width, height } = await new Bun.Image(bytes).metadata().catch(() => {
    throw new Error("a damaged picture");
  });
  if (width * height > MAX_PIXELS) throw new Error("too large, in pixels");
}

type Read = (path: string, maxBytes: number) => Promise<Uint8Array<ArrayBuffer>>;

/** Rejects with a sentence without its end. */
export async function readBrandFile(kind: BrandKind, path: string, read: Read): Promise<BrandFile> {
  const bytes = await read(path, MAX_BYTES[kind]);
  const contentType = await typeOf(kind, bytes);
  return { bytes, contentType, stamp: Bun.hash(bytes).toString(36) };
}
