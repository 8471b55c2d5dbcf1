// Many listeners of numbered shows, each of whom checks every byte as it comes and goes on by its token when its connection
// breaks, as the page does. Nothing is kept of what they hear, so thousands fit into one process.
import type { Socket } from "bun";

const HEAD_END = Buffer.from("\r\n\r\n");

/** Enough to tell numbered frames apart: a header and some of the noise behind it. */
const KEY_BYTES = 16;

/** Players do not all come back at once. */
const RETRY_MS = 500;

/** Frames of equal length that follow each other. */
class Show {
  readonly bytes: Buffer;
  readonly frameBytes: number;
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(frames: readonly Uint8Array[]) {
    this.bytes = Buffer.concat(frames);
    this.frameBytes = frames[0]?.length ?? 0;
    this.#numbers = new Map(frames.map((frame, number) => [keyOf(frame), number]));
  }

  /** Where the frame is that these bytes begin with; null if it is none of the show. */
  placeOf(bytes: Uint8Array): number | null {
    const number = this.#numbers.get(keyOf(bytes));
    return number === undefined ? null : number * this.frameBytes;
  }
}

function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, KEY_BYTES)).toString("latin1");
}

/** A place in one of the shows. */
interface Place {
  readonly show: Show;
  readonly at: number;
}

/** What happened to all listeners together. */
export interface CrowdFigures {
  /** They have a stream now. */
  connected: number;
  /** Connections that broke while they had a stream. */
  breaks: number;
  /** Listeners who came back, and went on at a place that the server knew; and those who did not. */
  resumed: number;
  restarted: number;
  /** Frames that they did not hear, and those that they heard again. */
  lost: number;
  repeated: number;
  /** Pieces that are no frames of a show. */
  foreign: number;
}

class CrowdListener {
  /** Of its server; 0 while it has none. */
  port = 0;
  /** Of the next byte; null before it hears a show. */
  place: Place | null = null;
  #bytes = 0;
  #token = "";
  #head: Buffer | null = null;
  /** What came before a whole key did. */
  #held = Buffer.alloc(0);
  #socket: Socket | null = null;

  constructor(private readonly crowd: Crowd) {}

  async connect(port = this.crowd.port, target = this.#target): Promise<void> {
    this.#head = Buffer.alloc(0);
    const request = `GET ${target} HTTP/1.0\r\nHost: test\r\n\r\n`;
    let isOver = false;
    const end = () => {
      if (!isOver) this.#end();
      isOver = true;
    };
    const data = (socket: Socket, bytes: Buffer) => {
      const to = this.#take(socket, bytes, port);
      if (to === null) return;
      isOver = true;
      socket.terminate();
      void this.connect(Number(to.port), to.pathname + to.search);
    };
    const handlers = { open: (socket: Socket) => void socket.write(request), data };
    await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: { ...handlers, close: end, error: end, connectError: end },
    }).catch(end);
  }

  close(): void {
    this.#socket?.terminate();
  }

  get #target(): string {
    const { path } = this.crowd;
    return this.#token === "" ? path : `${path}?resume=${this.#token}&bytes=${this.#bytes}`;
  }

  #end(): void {
    const { figures, isClosed } = this.crowd;
    if (this.port !== 0) {
      figures.breaks++;
      figures.connected--;
    }
    this.port = 0;
    if (!isClosed) setTimeout(() => void this.connect(), RETRY_MS * Math.random());
  }

  /** Returns where the server sends it instead; null: it has its stream, or the head is not complete. */
  #take(socket: Socket, bytes: Buffer, port: number): URL | null {
    if (this.#head === null) {
      this.#hear(bytes);
      return null;
    }
    this.#head = Buffer.concat([this.#head, bytes]);
    const at = this.#head.indexOf(HEAD_END);
    if (at < 0) return null;
    const head = this.#head.toString("latin1", 0, at);
    const rest = Buffer.from(this.#head.subarray(at + HEAD_END.length));
    const to = fieldOf(head, "location");
    if (to !== "") return new URL(to);
    this.#begin(socket, head, port, rest);
    return null;
  }

  #begin(socket: Socket, head: string, port: number, audio: Buffer): void {
    if (!/^HTTP\/1\.\d 200/.test(head)) return void socket.terminate();
    const { figures } = this.crowd;
    this.#head = null;
    this.#socket = socket;
    this.port = port;
    figures.connected++;
    const kept = fieldOf(head, "cycast-resumed");
    if (this.#token !== "") figures[kept === "" ? "restarted" : "resumed"]++;
    if (kept === "" || this.place === null) this.place = null;
    else
      this.place = {
        ...this.place,
        at: this.place.at + this.#held.length - this.#bytes + Number(kept),
      };
    this.#token = fieldOf(head, "cycast-resume");
    this.#bytes = 0;
    this.#held = Buffer.alloc(0);
    this.#hear(audio);
  }

  #hear(bytes: Buffer): void {
    this.#bytes += bytes.length;
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    this.#held = Buffer.from(this.#compare(all));
  }

  /** Returns what cannot be judged yet. */
  #compare(bytes: Buffer): Buffer {
    const { place } = this;
    const same = place === null ? 0 : sameFrames(bytes, place);
    if (place !== null) this.place = { ...place, at: place.at + same };
    const rest = bytes.subarray(same);
    if (rest.length < KEY_BYTES || this.#isExpected(rest)) return rest;
    const next = this.crowd.placeOf(rest);
    if (next === null) return this.#skip(rest);
    this.#leap(next);
    return this.#compare(rest);
  }

  /** A piece of the next frame. */
  #isExpected(bytes: Buffer): boolean {
    const { show, at } = this.place ?? {};
    return show !== undefined && bytes.equals(show.bytes.subarray(at, (at ?? 0) + bytes.length));
  }

  /** Audio of no show: it goes on at the next frame of one. */
  #skip(bytes: Buffer): Buffer {
    if (this.place !== null) this.crowd.figures.foreign++;
    const at = bytes.indexOf(0xff, 1);
    return at < 0 ? Buffer.alloc(0) : this.#compare(bytes.subarray(at));
  }

  #leap(to: Place): void {
    const { place } = this;
    this.place = to;
    if (place === null) return;
    const { figures } = this.crowd;
    const from = place.show === to.show ? place.at : 0;
    const frames = Math.ceil((to.at - from) / to.show.frameBytes);
    if (frames > 0) figures.lost += frames;
    else figures.repeated -= frames;
  }
}

/** Of the field; "" if the head has none. */
function fieldOf(head: string, name: string): string {
  return new RegExp(`^${name}: (\\S+)`, "im").exec(head)?.[1] ?? "";
}

/** How many bytes are those of the next frames, up to the last end of a frame: headers of all frames are equal. */
function sameFrames(bytes: Buffer, { show, at }: Place): number {
  const expected = show.bytes.subarray(at, at + bytes.length);
  let same = bytes.length;
  if (!bytes.equals(expected)) {
    const end = Math.min(bytes.length, expected.length);
    for (same = 0; same < end && bytes[same] === expected[same];) same++;
  }
  return Math.max(0, same - ((at + same) % show.frameBytes));
}

export class Crowd {
  readonly listeners: CrowdListener[] = [];
  readonly figures: CrowdFigures = {
    connected: 0,
    breaks: 0,
    resumed: 0,
    restarted: 0,
    lost: 0,
    repeated: 0,
    foreign: 0,
  };
  readonly #shows: readonly Show[];
  isClosed = false;

  /** `port`: whom they ask, at first and after each break. A show follows another one from its first frame on. */
  constructor(
    public port: number,
    shows: readonly (readonly Uint8Array[])[],
    readonly path = "/stream",
  ) {
    this.#shows = shows.map((frames) => new Show(frames));
  }

  /** So many come, some at a time, because a listening socket has a short queue. */
  async join(count: number, atOnce = 50): Promise<void> {
    for (let joined = 0; joined < count; joined += atOnce) {
      const length = Math.min(atOnce, count - joined);
      const some = Array.from({ length }, () => new CrowdListener(this));
      this.listeners.push(...some);
      await Promise.all(some.map((listener) => listener.connect()));
    }
  }

  /** How many have their stream of the server at this port. */
  at(port: number): number {
    return this.listeners.filter((listener) => listener.port === port).length;
  }

  /** All of them hear a show, by its place in the list. */
  hear(index: number): boolean {
    return this.listeners.every(({ place }) => place?.show === this.#shows[index]);
  }

  /** Where each is now. */
  places(): readonly (Place | null)[] {
    return this.listeners.map(({ place }) => place);
  }

  /** All have heard more since then. */
  isFurther(before: readonly (Place | null)[]): boolean {
    return this.listeners.every(({ place }, index) => {
      const { show, at } = before[index] ?? {};
      return place !== null && (place.show !== show || place.at > (at ?? -1));
    });
  }

  placeOf(bytes: Uint8Array): Place | null {
    for (const show of this.#shows) {
      const at = show.placeOf(bytes);
      if (at !== null) return { show, at };
    }
    return null;
  }

  close(): void {
    this.isClosed = true;
    for (const listener of this.listeners) listener.close();
  }
}
