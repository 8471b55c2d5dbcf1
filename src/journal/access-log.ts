// The access log: one line per finished request, on any port.
import { type ClientOrigin, directFrom } from "../lib/client-origin.ts";
import type { Clock } from "../lib/clock.ts";
import type { LineFile } from "../lib/line-file.ts";
import type { Log } from "../lib/log.ts";
import { accessLine } from "./access-line.ts";
import type { LeftEvent } from "./journal.ts";

/** The request as the client sent it. */
export interface LoggedRequest {
  /** Method, target and protocol. */
  readonly request: string;
  readonly referer: string;
  readonly userAgent: string;
}

const NOTHING: LoggedRequest = { request: "", referer: "", userAgent: "" };

/** One request, from its first byte to its log line. */
export class AccessRecord {
  asked = NOTHING;
  /** The authenticated account. */
  user = "";
  /** 0 until there is an answer; a request without one is not logged. */
  status = 0;
  sentBytes = 0;
  origin: ClientOrigin;
  /** It stands for all requests of a session, which ends later; or it is one of those, and has no line. */
  isSession = false;
  /** In place of the time since it began; null for that. */
  heardSeconds: number | null = null;
  #isOver = false;

  /** `address`: the connection's peer, until a proxy has named the client. */
  constructor(
    address: string,
    readonly startedMs: number,
    private readonly log: AccessLog,
  ) {
    this.origin = directFrom(address);
  }

  /** The client's. */
  get address(): string {
    return this.origin.address;
  }

  /** Idempotent: the end of a connection may be reported more than once. */
  end(): void {
    if (!this.isSession) this.#end();
  }

  endSession(): void {
    this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.status > 0) this.log.add(this);
  }
}

export class AccessLog {
  constructor(
    /** null: only listeners that leave are logged, in the station's log. */
    private file: LineFile | null,
    private readonly log: Log,
    private readonly clock: Clock,
    private readonly wall: Clock,
  ) {}

  /** If true, every request that ends adds its record. */
  get isOn(): boolean {
    return this.file !== null;
  }

  async start(): Promise<void> {
    await this.file?.open();
  }

  async close(): Promise<void> {
    await this.file?.close();
  }

  /** From now on to this file; null as in the constructor. */
  async use(file: LineFile | null): Promise<void> {
    const before = this.file;
    this.file = file;
    await Promise.all([before?.close(), file?.open()]);
  }

  /** After the file was moved away: the next lines go to a new one. */
  async reopen(): Promise<void> {
    await this.file?.reopen();
  }

  open(address: string): AccessRecord {
    return new AccessRecord(address, this.clock.nowMs(), this);
  }

  add(record: AccessRecord): void {
    this.file?.add(this.#line(record));
  }

  /** A listener has left. Without a file the station's log gets the line; with one, the record of its
   * request writes it. */
  listenerLeft(event: LeftEvent): void {
    if (!this.isOn) this.log.often("access: a listener left", () => this.#leftLine(event));
  }

  #leftLine({ mount, client, joinedMs, sentBytes, heardSeconds }: LeftEvent) {
    const { address, userAgent, request = `GET ${mount} HTTP/1.1`, referer = "", user } = client;
    const asked = { request, referer, userAgent };
    const record = new AccessRecord(address, joinedMs, this);
    Object.assign(record, { asked, user, status: 200, sentBytes });
    record.heardSeconds = heardSeconds ?? null;
    const seconds = Math.floor(this.#secondsOf(record));
    const fields = { address, user_agent: userAgent, mount, seconds, bytes: sentBytes };
    return { text: `access: ${this.#line(record)}`, fields };
  }

  #secondsOf({ heardSeconds, startedMs }: AccessRecord): number {
    return heardSeconds ?? (this.clock.nowMs() - startedMs) / 1000;
  }

  #line(record: AccessRecord): string {
    const { address, user, asked, status, sentBytes } = record;
    const seconds = this.#secondsOf(record);
    const endedMs = this.wall.nowMs();
    return accessLine({ address, user, ...asked, status, sentBytes, seconds, endedMs });
  }
}
