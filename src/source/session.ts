// A source client that is logged in: its body to its mount, and what the log is told of it.
import type { Log } from "../lib/log.ts";
import { announcedMetaint } from "./inline-titles.ts";
import { LiveSource } from "./live.ts";
import type { Admitted } from "./login.ts";

export interface SessionClient {
  readonly address: string;
  /** What it is when it does not say. */
  readonly program: string;
  /** The mount has let go of it. */
  readonly close: (why: string) => void;
}

/** done: the body has ended by its own word. */
export type Pushed =
  { readonly kind: "open" | "done" } | { readonly kind: "broken"; readonly why: string };

const OPEN: Pushed = { kind: "open" };

export class Session {
  readonly #source: LiveSource;
  #isOver = false;

  /** Attaches it to its mount. */
  constructor(
    private readonly admitted: Admitted,
    client: SessionClient,
  ) {
    const { mount, headers } = admitted;
    this.#source = new LiveSource(mount, {
      address: client.address,
      userAgent: headers.get("user-agent") ?? client.program,
      showName: headers.get("ice-name") ?? headers.get("icy-name") ?? "",
      metaint: announcedMetaint(headers.get("icy-metaint")),
    });
    this.#source.close = client.close;
    mount.attach(this.#source);
    mount.log.info(`${this.#source.name} has logged in`);
  }

  /** It waits to be told to go on, and to be told how it ended. */
  get isExpecting(): boolean {
    return this.admitted.isExpecting;
  }

  /** Seconds it may stay silent. */
  get timeout(): number {
    return this.admitted.mount.config.sourceTimeout;
  }

  push(bytes: Uint8Array, nowMs: number): Pushed {
    const { data, state } = this.admitted.body.push(bytes);
    for (const part of data) {
      const why = this.#source.push(part, nowMs);
      if (why !== null) return { kind: "broken", why };
    }
    if (state === "bad") return { kind: "broken", why: "its chunks are broken" };
    return state === "done" ? { kind: "done" } : OPEN;
  }

  /** Idempotent. */
  end(why: string, nowMs: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#source.end(nowMs);
    const { name, receivedBytes, garbageBytes } = this.#source;
    const sum = `${receivedBytes} bytes, ${garbageBytes} of them garbage`;
    this.#log.info(`${name} has left: ${why} (${sum})`);
  }

  get #log(): Log {
    return this.admitted.mount.log;
  }
}
