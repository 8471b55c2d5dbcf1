// Pictures as small PNGs, for programs that take no other kind: made one at a time and not too often, whatever is asked
// for, and kept for a while.
import { squareIcon } from "../../branding/square-icon.ts";
import { paintSunrise } from "../../stats/sunrise-pixels.ts";
import { sunriseScene } from "../../stats/sunrise-scene.ts";

export type Png = Uint8Array<ArrayBuffer>;

/** Width and height in pixels: previews are small, and some programs take no large files. */
const SIDE = 400;

/** Larger pictures are not decoded: each takes four bytes a pixel meanwhile. */
const MAX_PIXELS = 25_000_000;

const MAX_KEPT_BYTES = 4 << 20;
const MAX_WAITING = 8;

/** Painting one takes about 20 ms, encoding it as long on another thread. */
const PAUSE_MS = 200;

/** Rows between two turns of the event loop: about a millisecond. */
const ROWS = 16;

export class PicturePreviews {
  readonly #kept = new Map<string, Png>();
  #keptBytes = 0;
  readonly #making = new Map<string, Promise<Png | null>>();
  #last: Promise<unknown> = Promise.resolve();

  /** null if too many are being made, or `make` gives none. Never rejects. */
  async get(key: string, make: () => Promise<Png | null>): Promise<Png | null> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const running = this.#making.get(key);
    if (running !== undefined) return running;
    if (this.#making.size >= MAX_WAITING) return null;
    const made = this.#last.then(() => this.#make(key, make));
    this.#making.set(key, made);
    this.#last = made.then(() => Bun.sleep(PAUSE_MS));
    return made;
  }

  async #make(key: string, make: () => Promise<Png | null>): Promise<Png | null> {
    const png = await make().catch(() => null);
    this.#making.delete(key);
    if (png !== null) this.#keep(key, png);
    return png;
  }

  #keep(key: string, png: Png): void {
    this.#kept.set(key, png);
    this.#keptBytes += png.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= MAX_KEPT_BYTES) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= length;
    }
  }
}

async function encoded(image: Bun.Image): Promise<Png> {
  return new Uint8Array(await image.png().bytes());
}

/** What is beside a cover that is no square. */
const GROUND = "#191a30";

/** A cover as a square of that size, since those who ask want to know it beforehand. Rejects if it cannot be decoded. */
export async function coverPng(bytes: Uint8Array<ArrayBuffer>): Promise<Png> {
  const image = new Bun.Image(bytes, { maxPixels: MAX_PIXELS });
  const { width, height } = await image.metadata();
  if (width !== height) return squareIcon(bytes, SIDE, GROUND, 1);
  return encoded(image.resize(SIDE, SIDE));
}

/** The picture drawn for a track without a cover. */
export async function sunrisePng(artist: string, title: string): Promise<Png> {
  const painting = paintSunrise(sunriseScene(artist, title));
  for (let row = 1; ; row++) {
    const { done, value } = painting.next();
    if (done === true) return encoded(new Bun.Image(value));
    if (row % ROWS === 0) await Bun.sleep(0);
  }
}
