// A real station whose HTTP app is asked without a port, as the source port asks it.
import type { AdminAccount, Config } from "../../src/config/config.ts";
import { StatusFeed } from "../../src/http/api/status-feed.ts";
import { carrying, Exchange } from "../../src/http/exchange.ts";
import { createApp } from "../../src/http/server.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createLog } from "../../src/lib/log.ts";
import { Secret } from "../../src/lib/secret.ts";
import { Station } from "../../src/station/station.ts";
import { ManualClock } from "../input/stage.ts";
import { frames } from "../native/known-audio.ts";
import { CD_QUALITY, FakeInput } from "../mount/fake-input.ts";
import { PASSWORD, testConfig, type TestMount } from "../support/config.ts";

export const ADMIN: AdminAccount = { user: "keeper", password: new Secret("admin-of-the-test") };

/** 2026-08-01 10:00:00 UTC */
export const WALL_MS = Date.UTC(2026, 7, 1, 10);

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

export const AS_ADMIN = { authorization: basic("keeper", "admin-of-the-test") };
export const AS_SOURCE = { authorization: basic("source", PASSWORD) };

export function adminConfig(
  mounts: readonly [TestMount, ...TestMount[]] = [{}],
  admin: AdminAccount | null = ADMIN,
): Config {
  const config = testConfig(mounts);
  return { ...config, server: { ...config.server, admin } };
}

export interface Ask extends RequestInit {
  /** Loopback unless a test says otherwise; null: nobody tells. */
  from?: string | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The same configuration with a proxy that is trusted. */
export function trusting(config: Config, ...trustedProxies: string[]): Config {
  return { ...config, server: { ...config.server, trustedProxies } };
}

/** A request as the source port passes it to the app. */
export function arriving(request: Request, from: string, { access, proxies }: Station): Request {
  const record = access.open(from);
  record.origin = proxies.originOf(from, request.headers);
  return carrying(request, new Exchange(record, "source"));
}

export class App implements AsyncDisposable {
  private constructor(
    readonly station: Station,
    readonly feed: StatusFeed,
    private readonly app: Awaited<ReturnType<typeof createApp>>,
    readonly logged: readonly string[],
    /** What the station takes for the time of day. */
    readonly wall: ManualClock,
  ) {}

  static async start(config: Config = adminConfig()): Promise<App> {
    const logged: string[] = [];
    const log = createLog((level, text) => logged.push(`${level} ${text}`));
    const wall = new ManualClock(WALL_MS);
    const station = new Station(config, systemClock, log, wall);
    const feed = new StatusFeed(station);
    return new App(station, feed, await createApp(station, feed), logged, wall);
  }

  async raw(path: string, { from = "127.0.0.1", ...init }: Ask = {}): Promise<Response> {
    const request = new Request(`http://radio.example:8001${path}`, init);
    return this.app.handle(from === null ? request : arriving(request, from, this.station));
  }

  async ask(path: string, init: Ask = {}): Promise<Answer> {
    const answer = await this.raw(path, init);
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  /** Puts something on the air of a mount, with audio to join. */
  play(
    path = "/stream",
    kind: "live" | "playlist" = "live",
    title = "",
    format = CD_QUALITY,
  ): FakeInput {
    const mount = this.mount(path);
    const input = new FakeInput(kind, title);
    input.ready = true;
    input.format = format;
    mount.attach(input);
    const nowMs = systemClock.nowMs();
    mount.advance(nowMs);
    this.hear(path, input);
    return input;
  }

  /** Ten seconds more of an input: whatever its title was, now it is heard. */
  hear(path: string, input: FakeInput): void {
    const audio = frames(0, 100, { length: 90, ms: 100 });
    this.mount(path).write(input, audio, systemClock.nowMs());
  }

  mount(path = "/stream") {
    return this.parts(path).mount;
  }

  audience(path = "/stream") {
    return this.parts(path).audience;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.station.stop();
  }

  private parts(path: string) {
    const parts = this.station.parts(path);
    if (parts === undefined) throw new Error(`no mount ${path}`);
    return parts;
  }
}
