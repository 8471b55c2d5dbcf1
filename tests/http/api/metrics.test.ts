// /metrics of a running station: who may read it, in which form, and that each number is set by what it counts.
import { describe, expect, test } from "bun:test";
import { digestOf } from "../../../src/access/account.ts";
import { wantsOpenMetrics } from "../../../src/http/api/metrics.ts";
import type { Config } from "../../../src/config/config.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { NO_METADATA } from "../../../src/mount/metadata.ts";
import type { Player } from "../../../src/mount/roles.ts";
import { concat, garbage, mpegFrames } from "../../format/mpeg-builder.ts";
import { FakeInput } from "../../mount/fake-input.ts";
import { FakeSink } from "../../output/fake-sink.ts";
import { CLIENT } from "../../output/stage.ts";
import { PLAYLIST } from "../../facts/example.ts";
import { checkOpenMetrics, checkText, valuesOf } from "../../support/exposition.ts";
import { startStation, until } from "../../support/station.ts";
import { goLive, Wire } from "../../support/wire.ts";
import { AS_SOURCE, App, adminConfig, basic } from "../app.ts";

const OPEN = "application/openmetrics-text";

/** As Prometheus 2 sends it. */
const SCRAPE = {
  accept: `${OPEN};version=1.0.0,${OPEN};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
  "x-prometheus-scrape-timeout-seconds": "10",
};

function guarded(token: string, allow: readonly string[]): Config {
  return { ...adminConfig(), metrics: { token: new Secret(token), allow } };
}

describe("the form", () => {
  test.each([
    ["*/*", false],
    ["", false],
    [SCRAPE.accept, true],
    [`text/plain;q=0.9, ${OPEN};q=0.5`, false],
    [`${OPEN};q=0`, false],
    [`${OPEN}; version=1.0.0 ; q=1, text/plain`, true],
  ])("to a client that accepts %p is OpenMetrics: %p", (accept, isOpen) => {
    expect(wantsOpenMetrics(accept)).toBe(isOpen);
  });

  test("has the type of its format, and both are what Prometheus reads", async () => {
    await using app = await App.start(adminConfig([{}, { path: "/jazz" }]));
    app.play();
    const plain = await app.ask("/metrics");
    expect(plain.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    checkText(plain.text);
    const open = await app.ask("/metrics", { headers: SCRAPE });
    expect(open.headers.get("content-type")).toBe(`${OPEN}; version=1.0.0; charset=utf-8`);
    checkOpenMetrics(open.text);
  });
});

function playing(tracks: Player["tracks"]): Player {
  const nothing = () => Promise.resolve(null);
  return {
    tracks,
    progress: PLAYLIST.progress,
    next: null,
    metadata: NO_METADATA,
    heardFile: null,
    sound: null,
    ahead: () => [],
    upcoming: () => [],
    search: () => Promise.resolve([]),
    playNext: () => Promise.resolve(false),
    open: nothing,
    skip: () => false,
    rescan: () => Promise.resolve(),
  };
}

describe("each number", () => {
  /** What never moves while a station runs. */
  const CONSTANT = [
    "cycast_build_info",
    "cycast_listeners_limit",
    "icecast_server_start",
    "icecast_up",
    "process_max_fds",
    "process_start_time_seconds",
  ];

  const bare = (series: string) => series.replace(/\{.*$|_(?:bucket|sum|count)(?=\{|$)/g, "");

  test("is moved by what it counts, and no counter ever goes back", async () => {
    const config = adminConfig([
      { rules: { denyAgents: ["*stealer*"] } },
      { path: "/jazz", bufferBytes: 1 << 16 },
    ]);
    await using radio = await startStation(config);
    const { station, url, sourcePort, listenPort } = radio;
    const ask = async () => (await fetch(`${url}/metrics`)).text();
    const moved = new Set<string>();
    let before = await ask();
    const names = new Set([...valuesOf(before).keys()].map(bare));

    async function look(): Promise<void> {
      const after = await ask();
      const was = valuesOf(before);
      for (const [series, value] of valuesOf(after)) {
        const old = was.get(series) ?? 0;
        if (value !== old) moved.add(bare(series));
        const isCounter = /_(?:total|bucket|count)(?:\{|$)/.test(series);
        if (isCounter) expect([series, value >= old]).toEqual([series, true]);
        names.add(bare(series));
      }
      before = after;
    }

    async function step(what: string, done: () => boolean | Promise<boolean>): Promise<void> {
      await until(what, done);
      await look();
    }

    const stream = station.parts("/stream");
    const jazz = station.parts("/jazz");
    if (stream === undefined || jazz === undefined) throw new Error("no mounts");

    await fetch(`${url}/admin/stats`, { headers: { authorization: basic("keeper", "wrong") } });
    using _stranger = await goLive(sourcePort, { password: "wrong" });
    await step("a login has failed", () => station.admission.failed.source > 0);

    using _thief = await Wire.listen(listenPort, "/stream", "User-Agent: stealer\r\n");
    await look();

    using source = await goLive(sourcePort);
    source.send(concat(...mpegFrames(150), garbage(5000), ...mpegFrames(150)));
    await step("it is live", () => (stream.mount.live?.feed?.garbageBytes ?? 0) > 0);

    using _first = await Wire.listen(listenPort, "/stream");
    using second = await Wire.listen(sourcePort, "/stream");
    await step("two listen", () => stream.audience.count === 2);

    station.about.watch.sample();
    await step("one is sent audio", () => second.body.length > 0);

    const [one] = [...stream.audience.members()];
    stream.audience.end(one?.number ?? 0, "kicked by a test");
    await step("it is gone", () => stream.audience.count === 1);

    const tracks = { ...PLAYLIST.files, skippedCount: 2 };
    const playlist = Object.assign(new FakeInput("playlist"), { player: playing(tracks) });
    jazz.mount.detach(
      jazz.mount.inputs.find((input) => input.player !== undefined)!,
      0,
    );
    jazz.mount.attach(playlist as unknown as FakeInput);
    await look();

    const slow = new FakeSink();
    slow.state = "blocked";
    jazz.audience.join(CLIENT, slow);
    using talk = await goLive(sourcePort, { path: "/jazz" });
    talk.send(concat(...mpegFrames(350)));
    await step("more was written than the ring holds", () => jazz.mount.ring.tail > 1 << 16);
    slow.drain();
    await step("it is skipped ahead", () => jazz.audience.counts.skipped > 0);
    slow.state = "blocked";
    jazz.mount.reconfigure({ ...jazz.mount.config, listenerTimeout: 0.1 });
    talk.send(concat(...mpegFrames(20)));
    await step("it is dropped", () => jazz.audience.counts.dropped.stalled > 0);

    source.socket.destroy();
    await step("the source is gone", () => stream.mount.live === null);
    using other = await goLive(sourcePort);
    other.send(concat(...mpegFrames(200, { sampleRate: 48_000 })));
    await step("the format has changed", () => stream.audience.counts.dropped.format > 0);

    expect([...names].filter((name) => !moved.has(name)).toSorted()).toEqual(CONSTANT);
  });
});

test("the loop's lag and its turns are counted as long as the station runs", async () => {
  await using app = await App.start();
  app.station.pump.start();
  await until("some turns were late", async () => {
    const values = valuesOf((await app.ask("/metrics")).text);
    return (values.get("cycast_event_loop_lag_seconds_count") ?? 0) > 2;
  });
});

describe("who may read it", () => {
  const FAR = "192.0.2.9";
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  async function statusOf(app: App, from: string, headers: Record<string, string> = {}) {
    const { status, text } = await app.ask("/metrics", { from, headers });
    return [status, text.split("\n")[0]];
  }

  const OK = [200, "# HELP cycast_build_info The versions of the program and of its runtime."];
  const HERE = [
    403,
    "The metrics are for programs on this machine: set metrics.token or metrics.allow to read them from elsewhere.",
  ];
  const NOT_ALLOWED = [403, "This address is not in metrics.allow."];
  const NO_TOKEN = [
    401,
    "The metrics need the token of metrics.token, or one of the API: send it as Authorization: Bearer.",
  ];

  test("as shipped: this machine, and nobody who came through its proxy", async () => {
    await using app = await App.start();
    expect(await statusOf(app, "127.0.0.1")).toEqual(OK);
    expect(await statusOf(app, "::1", SCRAPE)).toEqual([
      200,
      OK[1]?.toString().replace("_info", ""),
    ]);
    expect(await statusOf(app, FAR)).toEqual(HERE);
    for (const name of ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
      expect(await statusOf(app, "127.0.0.1", { [name]: "127.0.0.1" })).toEqual(HERE);
    expect(await statusOf(app, "127.0.0.1", { host: "radio.example" })).toEqual(HERE);
    // As nginx does without any header of its own.
    expect(await statusOf(app, "127.0.0.1", { connection: "close" })).toEqual(HERE);
  });

  test("with addresses: those, and nobody who came through a proxy that is not trusted", async () => {
    await using app = await App.start(
      guarded("", ["192.0.2.0/24", "127.0.0.0/8", "2001:db8::/32"]),
    );
    expect(await statusOf(app, FAR)).toEqual(OK);
    expect(await statusOf(app, "2001:db8::7")).toEqual(OK);
    expect(await statusOf(app, "198.51.100.1")).toEqual(NOT_ALLOWED);
    // nginx passes on a client's own headers where its configuration sets none.
    const forged = { "x-forwarded-for": "192.0.2.9", "x-real-ip": "192.0.2.9" };
    for (const [name, value] of Object.entries({ ...forged, forwarded: "for=192.0.2.9" }))
      expect(await statusOf(app, "127.0.0.1", { [name]: value })).toEqual(NOT_ALLOWED);
  });

  test("with a token: whoever has it, and this machine without", async () => {
    await using app = await App.start(guarded("s3cret", []));
    expect(await statusOf(app, FAR, bearer("s3cret"))).toEqual(OK);
    expect(await statusOf(app, FAR)).toEqual(NO_TOKEN);
    expect(await statusOf(app, FAR, bearer("wrong"))).toEqual(NO_TOKEN);
    expect(await statusOf(app, FAR, AS_SOURCE)).toEqual(NO_TOKEN);
    expect(await statusOf(app, "127.0.0.1")).toEqual(OK);
    expect(await statusOf(app, "127.0.0.1", bearer("wrong"))).toEqual(NO_TOKEN);
    expect(app.logged.join("\n")).not.toContain("s3cret");
  });

  test("with a token of several words: whoever has all of them", async () => {
    await using app = await App.start(guarded("a long random text", []));
    expect(await statusOf(app, FAR, bearer("a long random text"))).toEqual(OK);
    expect(await statusOf(app, FAR, bearer("a long random"))).toEqual(NO_TOKEN);
  });

  test("with both: whoever has the token, at one of the addresses", async () => {
    await using app = await App.start(guarded("s3cret", ["192.0.2.0/24"]));
    expect(await statusOf(app, FAR, bearer("s3cret"))).toEqual(OK);
    expect(await statusOf(app, FAR)).toEqual(NO_TOKEN);
    expect(await statusOf(app, "198.51.100.1", bearer("s3cret"))).toEqual(NOT_ALLOWED);
  });

  test("a token of the API reads them too, and without it nobody elsewhere does", async () => {
    const hash = new Secret(digestOf("of-the-api"));
    const token = [{ label: "grafana", hash, scope: "read" }] as const;
    await using app = await App.start({ ...adminConfig(), token });
    expect(await statusOf(app, FAR, bearer("of-the-api"))).toEqual(OK);
    expect(await statusOf(app, FAR)).toEqual(NO_TOKEN);
    expect(await statusOf(app, FAR, bearer("wrong"))).toEqual(NO_TOKEN);
    expect(await statusOf(app, "127.0.0.1")).toEqual(OK);
  });

  test("guesses at the token are limited as those at the admin's password are", async () => {
    await using app = await App.start(guarded("s3cret", []));
    for (let i = 0; i < 20; i++)
      await app.ask("/metrics", { from: FAR, headers: bearer(`no${i}`) });
    const { status, headers } = await app.ask("/metrics", { from: FAR, headers: bearer("s3cret") });
    expect([status, Number(headers.get("retry-after")) > 0]).toEqual([429, true]);
  });
});
