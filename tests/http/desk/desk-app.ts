// A station with a desk, its clock in the hands of a test; asked without a port.
import { Desk } from "../../../src/http/desk/desk.ts";
import { StatusFeed } from "../../../src/http/api/status-feed.ts";
import { createApp } from "../../../src/http/server.ts";
import { createLog } from "../../../src/lib/log.ts";
import type { Config } from "../../../src/config/config.ts";
import { Reloader } from "../../../src/station/reload.ts";
import { Station } from "../../../src/station/station.ts";
import { FakeSink, ManualClock } from "../../output/fake-sink.ts";
import { CLIENT } from "../../output/stage.ts";
import { CD_QUALITY, FakeInput } from "../../mount/fake-input.ts";
import { frames } from "../../native/known-audio.ts";
import { AS_ADMIN, adminConfig, arriving, WALL_MS } from "../app.ts";

export interface DeskAsk {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Loopback unless a test says otherwise. */
  readonly from?: string;
}

export interface DeskAnswer {
  readonly status: number;
  readonly headers: Headers;
  // Whatever a test looks for in it.
  readonly json: any;
}

export class DeskApp implements AsyncDisposable {
  readonly desk: Desk;
  readonly logged: readonly string[];

  private constructor(
    readonly station: Station,
    readonly clock: ManualClock,
    private readonly app: Awaited<ReturnType<typeof createApp>>,
    desk: Desk,
    logged: readonly string[],
  ) {
    this.desk = desk;
    this.logged = logged;
  }

  /** `read` gives the configuration of a reload. */
  static async start(
    config: Config = adminConfig(),
    read = () => Promise.resolve(config),
  ): Promise<DeskApp> {
    const logged: string[] = [];
    const log = createLog((level, text) => logged.push(`${level} ${text}`));
    const clock = new ManualClock();
    const wall = { nowMs: () => WALL_MS + clock.now };
    const station = new Station(config, clock, log, wall);
    const desk = new Desk(station, new Reloader(station, read));
    const app = await createApp(station, new StatusFeed(station), desk);
    return new DeskApp(station, clock, app, desk, logged);
  }

  /** A path below /api/admin/ when it does not begin with a slash. */
  raw(path: string, { body, from = "127.0.0.1", ...init }: DeskAsk = {}): Promise<Response> {
    const url = path.startsWith("/") ? path : `/api/admin/${path}`;
    const request = new Request(`http://radio.example:8001${url}`, {
      ...init,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        ...init.headers,
      },
    });
    return this.handle(request, from);
  }

  handle(request: Request, from = "127.0.0.1"): Promise<Response> {
    return Promise.resolve(this.app.handle(arriving(request, from, this.station)));
  }

  async ask(path: string, ask: DeskAsk = {}): Promise<DeskAnswer> {
    const answer = await this.raw(path, ask);
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.includes("json") ?? false;
    return {
      status: answer.status,
      headers: answer.headers,
      json: isJson ? JSON.parse(text) : text,
    };
  }

  get(path: string): Promise<DeskAnswer> {
    return this.ask(path, { headers: AS_ADMIN });
  }

  post(path: string, body: object): Promise<DeskAnswer> {
    return this.ask(path, { method: "POST", body, headers: AS_ADMIN });
  }

  /** The cookie of a new session, as a browser sends it back. */
  async signIn(): Promise<Record<string, string>> {
    const body = { user: "keeper", password: "admin-of-the-test" };
    const { headers } = await this.ask("session", { method: "POST", body });
    return { cookie: headers.get("set-cookie")?.split(";")[0] ?? "" };
  }

  parts(path = "/stream") {
    const parts = this.station.parts(path);
    if (parts === undefined) throw new Error(`no mount ${path}`);
    return parts;
  }

  /** Reads ahead what the inputs of the first mount play. */
  async prepare(): Promise<void> {
    await Promise.all(this.parts().mount.inputs.map((input) => input.prepare?.()));
  }

  /** Puts something with ten seconds of audio on the air. */
  play(path = "/stream", kind: "live" | "playlist" = "playlist", title = "A Song"): FakeInput {
    const { mount } = this.parts(path);
    const input = new FakeInput(kind, title);
    input.ready = true;
    input.format = CD_QUALITY;
    mount.attach(input);
    mount.advance(this.clock.now);
    mount.write(input, frames(0, 100, { length: 90, ms: 100 }), this.clock.now);
    return input;
  }

  listen(path = "/stream", client: Partial<typeof CLIENT & { isForwarded: boolean }> = {}) {
    const sink = new FakeSink();
    const listener = this.parts(path).audience.join({ ...CLIENT, ...client }, sink);
    if (listener === null) throw new Error("nobody can join");
    return { sink, listener };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.desk.close();
    await this.station.stop();
  }
}
