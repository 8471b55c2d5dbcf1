// A source port without sockets: connections whose socket only notes what was done to it.
import { Accounts } from "../../src/access/accounts.ts";
import { Admission } from "../../src/access/admission.ts";
import { TrustedProxies } from "../../src/access/trusted-proxies.ts";
import { Secret } from "../../src/lib/secret.ts";
import { Connection } from "../../src/door/connection.ts";
import type { Port } from "../../src/door/port.ts";
import type { Counts } from "../../src/door/ingest.ts";
import { Turn } from "../../src/lib/turn.ts";
import { LoggedSocket, type Wire } from "../../src/door/logged-socket.ts";
import { AccessLog } from "../../src/journal/access-log.ts";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD, type TestMount } from "../support/config.ts";
import { Stage } from "../input/stage.ts";
import { LOGIN } from "./encoders.ts";

/** What a connection did to its socket, in order. */
class FakeSocket {
  readonly calls: string[] = [];
  isPaused = false;

  constructor(readonly remoteAddress: string) {}

  write(text: string): number {
    this.calls.push(text);
    return text.length;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  shutdown(): void {
    this.calls.push("half-close");
  }

  end(): void {
    this.calls.push("close");
  }
}

/** A source port with one mount, /live. */
export class Door implements Disposable {
  readonly stage: Stage;
  readonly counts: Counts = {};
  readonly port: Port;

  constructor(
    password: Secret = new Secret(PASSWORD),
    given: TestMount = {},
    accounts = new Accounts(),
  ) {
    const mount = { path: "/live", sourcePassword: password, sourceTimeout: 10, ...given };
    this.stage = new Stage(mount);
    const { clock, log } = this.stage;
    this.port = {
      mounts: new Map([["/live", this.stage.mount]]),
      firstMount: this.stage.mount,
      clock,
      log,
      admission: new Admission(clock, log, undefined, accounts),
      router: null,
      proxies: new TrustedProxies(),
      hasTls: false,
      startTls: (plain) => plain,
      turn: new Turn(clock),
      tlsTurn: new Turn(clock),
      settle: () => undefined,
      watch: () => undefined,
      failed: (_, error) => {
        throw error;
      },
      count: (what) => (this.counts[what] = (this.counts[what] ?? 0) + 1),
    };
  }

  connect(address = "127.0.0.1", Kind = Connection) {
    const socket = new FakeSocket(address);
    const { clock, log } = this.stage;
    const record = new AccessLog(null, log, clock, clock).open(address);
    const watched = new LoggedSocket(socket as unknown as Wire, record);
    const connection = new Kind(watched, this.port);
    return { connection, calls: socket.calls, socket };
  }

  /** What a new client is answered to this. */
  ask(text: string | Uint8Array, address?: string): string[] {
    const { connection, calls } = this.connect(address);
    connection.onData(Buffer.from(text));
    return calls;
  }

  [Symbol.dispose](): void {
    this.stage[Symbol.dispose]();
  }
}

export function put(...headers: string[]): string {
  return ["PUT /live HTTP/1.1", ...headers, "", ""].join("\r\n");
}

export const AUTHORIZED = `Authorization: Basic ${LOGIN}`;
export const MPEG = "Content-Type: audio/mpeg";

export function inChunks(audio: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < audio.length; at += 100) {
    const part = audio.subarray(at, at + 100);
    parts.push(
      Buffer.from(`${part.length.toString(16).toUpperCase()}\r\n`),
      part,
      Buffer.from("\r\n"),
    );
  }
  return concat(...parts);
}
