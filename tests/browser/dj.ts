// A source client that sends tones at the speed at which they are heard, and sets titles.
import { PASSWORD } from "../support/config.ts";
import { goLive, type Wire } from "../support/wire.ts";
import type { Radio } from "./radio.ts";

/** Of the tones of tests/support/tone.ts, which have a constant 128 kbit/s. */
const BYTES_PER_MS = 16;
const STEP_MS = 50;

export class Dj implements Disposable {
  #tone: Uint8Array = new Uint8Array(0);
  #sent = 0;
  #sinceMs = performance.now();
  readonly #timer = setInterval(() => this.#send(), STEP_MS);

  private constructor(
    private readonly radio: Radio,
    private readonly wire: Wire,
  ) {}

  /** `aheadMs`: of the tone is sent at once. */
  static async goLive(
    radio: Radio,
    tone: Uint8Array,
    name = "The Late Show",
    aheadMs = 0,
  ): Promise<Dj> {
    const headers = `ice-name: ${name}\r\nUser-Agent: libshout/2.4.6\r\n`;
    const dj = new Dj(radio, await goLive(radio.sourcePort, { headers }));
    dj.play(tone, aheadMs);
    return dj;
  }

  /** From now on this. */
  play(tone: Uint8Array, aheadMs = 0): void {
    [this.#tone, this.#sent, this.#sinceMs] = [tone, 0, performance.now() - aheadMs];
  }

  #send(): void {
    const due = Math.floor((performance.now() - this.#sinceMs) * BYTES_PER_MS);
    if (due <= this.#sent) return;
    this.wire.send(this.#tone.subarray(this.#sent, due));
    this.#sent = due;
  }

  /** What is sent after this has that title. */
  async setTitle(song: string): Promise<void> {
    const query = new URLSearchParams({ mode: "updinfo", mount: "/stream", song });
    const authorization = `Basic ${Buffer.from(`source:${PASSWORD}`).toString("base64")}`;
    const asked = `${this.radio.url}/admin/metadata?${query}`;
    const answer = await fetch(asked, { headers: { authorization } });
    if (!answer.ok) throw new Error(`the title was refused: ${answer.status}`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.wire[Symbol.dispose]();
  }
}
