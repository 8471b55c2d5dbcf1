// Who asked for what, and how it was answered: a line for each finished request, whichever door it came through.
import type { Clock } from "../lib/clock.ts";
import type { LineFile } from "../lib/line-file.ts";
import type { Log } from "../lib/log.ts";
import { accessLine } from "./access-line.ts";

/** As the asker tells it. */
export interface Asked {
  /** Method, target and protocol. */
  readonly request: string;
  readonly referer: string;
  readonly userAgent: string;
}

interface LeftListener {
  readonly joinedMs: number;
  readonly visitor: Partial<Asked> & { readonly address: string; readonly userAgent: string };
}

const NOTHING: Asked = { request: "", referer: "", userAgent: "" };

/** One request from its beginning to its one line. */
export class Visit {
  asked = NOTHING;
  /** The account whose credentials were accepted. */
  user = "";
  /** 0 while nothing is answered: one that never is has no line. */
  status = 0;
  sentBytes = 0;
  #isOver = false;

  constructor(
    readonly address: string,
    readonly startedMs: number,
    private readonly log: AccessLog,
  ) {}

  /** Idempotent: a connection may be seen to end in more than one way. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.status > 0) this.log.tell(this);
  }
}

export class AccessLog {
  readonly #users = new WeakMap<Request, string>();

  constructor(
    /** null: listeners that leave are told in the station's log, and nothing else is. */
    private readonly file: LineFile | null,
    private readonly log: Log,
    private readonly clock: Clock,
    private readonly wall: Clock,
  ) {}

  /** Every request is told, so whoever answers one has to open a visit. */
  get isOn(): boolean {
    return this.file !== null;
  }

  async start(): Promise<void> {
    await this.file?.open();
  }

  async close(): Promise<void> {
    await this.file?.close();
  }

  open(address: string): Visit {
    return new Visit(address, this.clock.nowMs(), this);
  }

  /** The credentials of this request, or its session, are those of an account. */
  accept(request: Request, user: string): void {
    this.#users.set(request, user);
  }

  userOf(request: Request): string {
    return this.#users.get(request) ?? "";
  }

  tell(visit: Visit): void {
    this.file?.add(this.#line(visit));
  }

  /** A listener of `path` has left. Without a file the station's log gets the line; with one, its request's visit writes it. */
  listenerLeft(path: string, { visitor, joinedMs }: LeftListener, sentBytes: number): void {
    if (this.isOn) return;
    const { address, userAgent, request = `GET ${path} HTTP/1.1`, referer = "" } = visitor;
    const asked = { request, referer, userAgent };
    const visit = new Visit(address, joinedMs, this);
    Object.assign(visit, { asked, status: 200, sentBytes });
    this.log.often("access: a listener left", `access: ${this.#line(visit)}`);
  }

  #line({ address, user, asked, status, sentBytes, startedMs }: Visit): string {
    const seconds = (this.clock.nowMs() - startedMs) / 1000;
    const endedMs = this.wall.nowMs();
    return accessLine({ address, user, ...asked, status, sentBytes, seconds, endedMs });
  }
}
