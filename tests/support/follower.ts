// A listener as the page is one: it follows redirects, counts its audio, and goes on by its token when its connection breaks.
import { IcyReader } from "./icy.ts";
import { until } from "./station.ts";
import { Wire } from "./wire.ts";

export interface FollowerOptions {
  readonly path?: string;
  /** Further headers, each with its end. */
  readonly headers?: string;
  /** Inline titles, as announced. */
  readonly hasTitles?: boolean;
}

interface Response {
  readonly wire: Wire;
  /** Where it was answered. */
  readonly port: number;
  /** How much of the audio before it stands behind. */
  readonly keptBytes: number;
}

export class Follower implements Disposable {
  readonly #done: Buffer[] = [];
  #now: Response | null = null;
  /** Ports that answered with a stream, in order. */
  readonly ports: number[] = [];

  constructor(
    private readonly originPort: number,
    private readonly options: FollowerOptions = {},
  ) {}

  /** The port that it is connected to. */
  get port(): number {
    return this.#now?.port ?? 0;
  }

  get isClosed(): boolean {
    return this.#now?.wire.isClosed ?? true;
  }

  get head(): string {
    return this.#now?.wire.head ?? "";
  }

  /** All audio that it heard, in one piece. */
  get audio(): Buffer {
    return Buffer.concat([...this.#done, this.#audioNow]);
  }

  /** Waits until it has heard so many bytes; returns how many. */
  async heard(bytes: number): Promise<number> {
    await until(`it hears ${bytes} bytes`, () => this.audio.length > bytes);
    return this.audio.length;
  }

  /** Asks the origin, as at first and after each break. Throws unless a stream answers in the end. */
  async connect(): Promise<void> {
    const { token, bytes } = this.#end();
    const query = token === "" ? "" : `?resume=${token}&bytes=${bytes}`;
    const response = await this.#ask(this.originPort, `${this.options.path ?? "/stream"}${query}`);
    const resumed = /^cycast-resumed: (\d+)/im.exec(response.wire.head)?.[1];
    if (token !== "") this.#cut(resumed === undefined ? null : Number(resumed));
    this.#now = response;
    this.ports.push(response.port);
  }

  /** Ends its connection, as networks do. */
  cut(): void {
    this.#now?.wire[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.cut();
  }

  get #audioNow(): Buffer {
    const wire = this.#now?.wire;
    if (wire === undefined) return Buffer.alloc(0);
    const metaint = Number(/^icy-metaint: (\d+)/im.exec(wire.head)?.[1] ?? 0);
    if (metaint === 0) return wire.body;
    const reader = new IcyReader(metaint);
    reader.push(wire.body);
    return reader.audio;
  }

  #end(): { token: string; bytes: number } {
    const token = /^cycast-resume: (\S+)/im.exec(this.head)?.[1] ?? "";
    return { token, bytes: this.#audioNow.length };
  }

  /** null: it was not known where it stopped. */
  #cut(keptBytes: number | null): void {
    if (keptBytes === null) throw new Error(`it did not go on:\n${this.head}`);
    this.#done.push(this.#audioNow.subarray(0, keptBytes));
  }

  async #ask(port: number, target: string, redirects = 0): Promise<Response> {
    const icy = this.options.hasTitles === true ? "Icy-MetaData: 1\r\n" : "";
    const wire = await Wire.listen(port, target, `${icy}${this.options.headers ?? ""}`);
    const location = /^location: (\S+)/im.exec(wire.head)?.[1];
    if (location === undefined && !/^HTTP\/1\.\d 200/.test(wire.head))
      throw new Error(`no stream at ${port}: ${wire.head}`);
    if (location === undefined) return { wire, port, keptBytes: 0 };
    wire[Symbol.dispose]();
    if (redirects > 3) throw new Error("it is sent in circles");
    const to = new URL(location);
    return this.#ask(Number(to.port), to.pathname + to.search, redirects + 1);
  }
}
