// Listeners of three kinds that note which frames of a show they hear.
import { IcyReader } from "./icy.ts";
import { type TestStation, until } from "./station.ts";
import { unchunked } from "./unchunked.ts";
import { Wire } from "./wire.ts";

const METAINT = 16_000;

/** Enough to tell numbered frames apart: a header and some of the noise behind it. */
const KEY_BYTES = 16;

function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, KEY_BYTES)).toString("latin1");
}

/** The numbers of the frames of `show` in the audio; whatever else plays between them is left out. */
export function numbersIn(audio: Buffer, show: readonly Uint8Array[]): number[] {
  const byKey = new Map(show.map((frame, number) => [keyOf(frame), number]));
  const numbers: number[] = [];
  for (let at = audio.indexOf(0xff); at >= 0;) {
    const number = byKey.get(keyOf(audio.subarray(at, at + KEY_BYTES)));
    const frame = number === undefined ? undefined : show[number];
    const isWhole = frame !== undefined && audio.subarray(at, at + frame.length).equals(frame);
    if (isWhole && number !== undefined) numbers.push(number);
    at = audio.indexOf(0xff, at + (isWhole ? frame.length : 1));
  }
  return numbers;
}

export class Trio implements Disposable {
  private constructor(
    readonly plain: Wire,
    readonly icy: Wire,
    readonly chunked: Wire,
  ) {}

  static async join({ listenPort, sourcePort }: TestStation, path = "/stream"): Promise<Trio> {
    const plain = await Wire.listen(sourcePort, path);
    const icy = await Wire.listen(listenPort, path, "Icy-MetaData: 1\r\n");
    const chunked = await Wire.open(listenPort);
    chunked.send(`GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`);
    await until("the chunked listener is answered", () => chunked.body.length > 0);
    return new Trio(plain, icy, chunked);
  }

  get titles(): IcyReader {
    const reader = new IcyReader(METAINT);
    reader.push(this.icy.body);
    return reader;
  }

  /** What each has heard, without blocks and chunks. */
  get audio(): readonly Buffer[] {
    return [this.plain.body, this.titles.audio, unchunked(this.chunked.body).bytes];
  }

  /** The frames that each has heard. */
  numbers(show: readonly Uint8Array[]): number[][] {
    return this.audio.map((audio) => numbersIn(audio, show));
  }

  async hears(frame: Uint8Array): Promise<void> {
    await until("all three hear the frame", () =>
      this.audio.every((audio) => audio.includes(frame)),
    );
  }

  get areConnected(): boolean {
    return ![this.plain, this.icy, this.chunked].some(({ isClosed }) => isClosed);
  }

  [Symbol.dispose](): void {
    for (const wire of [this.plain, this.icy, this.chunked]) wire[Symbol.dispose]();
  }
}
