// The shipped configurations of nginx, HAProxy and Caddy, each in the program itself, in front of the executable.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { concat } from "../format/mpeg-builder.ts";
import { basic } from "../http/app.ts";
import { IcyReader } from "../support/icy.ts";
import { scratch, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";
import { launch, PASSWORD, type Running } from "./executable.ts";
import { PROXY_PROGRAMS, type RunningProxy, startProxy } from "./proxy-programs.ts";

/** The client's own address: on this machine, and not the one that proxies connect from. */
const CLIENT = "127.0.0.9";

const asClient = (port: number) => Wire.open(port, "127.0.0.1", CLIENT);

const ADMIN = { authorization: basic("admin", "admin-of-the-test") };

const FORGED =
  "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: gopher\r\n";

function configOf(takesDjs: boolean): string {
  return `server {
  host = "127.0.0.1"
  source_port = 0
  listen_port = 0
  source_password = "${PASSWORD}"
  admin_password = "admin-of-the-test"
  trusted_proxies = ["127.0.0.1"]
  proxy_protocol = ${takesDjs}
}
`;
}

describe.each(PROXY_PROGRAMS)("behind $name", (program) => {
  const { takesDjs } = program;
  let home: Awaited<ReturnType<typeof scratch>>;
  let radio: Running;
  let proxy: RunningProxy;

  if (program.program === null) {
    test.skip("its recipe works", () => undefined);
    return;
  }

  beforeAll(async () => {
    home = await scratch();
    await Bun.write(join(home.path, "config.hcl"), configOf(takesDjs));
    radio = await launch([], { cwd: home.path });
    const ports = { listen: new URL(radio.url).port, source: String(radio.sourcePort) };
    proxy = await startProxy(program, ports, home.path);
    await until("the proxy answers", async () => {
      const answer = await fetch(`${proxy.url}/health`).catch(() => null);
      return answer?.status === 200;
    });
  });

  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await radio[Symbol.asyncDispose]();
    await home[Symbol.asyncDispose]();
  });

  async function addresses(): Promise<string[]> {
    const answer = await fetch(`${radio.url}/api/admin/listeners`, { headers: ADMIN });
    const { listeners } = (await answer.json()) as { listeners: { address: string }[] };
    return listeners.map(({ address }) => address);
  }

  const isEmpty = async () => (await addresses()).length === 0;

  test("page, API and documentation come through", async () => {
    for (const path of ["/", "/app.js", "/api/status", "/swagger", "/swagger/ui.js"]) {
      const { status } = await fetch(proxy.url + path);
      expect({ path, status }).toEqual({ path, status: 200 });
    }
  });

  test("a listener has its own address at the desk and in the log, whatever it sends", async () => {
    await until("nobody is left from before", isEmpty);
    {
      using wire = await Wire.listen(proxy.site, "/stream", FORGED, asClient);
      await until("it is counted", async () => wire.length > 0 && !(await isEmpty()));
      expect(await addresses()).toEqual([CLIENT]);
    }
    await until("it has left", isEmpty);
    const lines = () => radio.log().split("\n");
    await until("it is logged", () =>
      lines().some((line) => line.includes(`access: ${CLIENT} - - [`)),
    );
    expect(radio.log()).not.toContain("203.0.113.9");
  });

  test("links have the name that the client uses", async () => {
    using wire = await Wire.listen(proxy.site, "/stream.m3u", FORGED, asClient);
    await until("it is there", () => wire.body.includes("/stream"));
    expect(wire.body.toString()).toContain("http://test/stream");
    expect(wire.text).not.toMatch(/evil|gopher/);
  });

  test("a listener hears the burst at once and then every frame as it comes", async () => {
    using wire = await Wire.listen(proxy.site, "/stream");
    await until("audio arrives", () => wire.body.length > 0);
    // What a proxy held back until 4 KiB are full would come in pieces of that size.
    const begun = wire.length;
    let [length, arrivals] = [begun, 0];
    await until("some has come", () => {
      if (wire.length > length) arrivals++;
      length = wire.length;
      return length > begun + 8000;
    });
    expect((length - begun) / arrivals).toBeLessThan(2000);
  });

  test("events of the status come as they happen", async () => {
    const hangUp = new AbortController();
    const answer = await fetch(`${proxy.url}/api/events`, { signal: hangUp.signal });
    expect(answer.headers.get("content-type")).toStartWith("text/event-stream");
    let text = "";
    for await (const chunk of answer.body ?? []) {
      text += new TextDecoder().decode(chunk);
      if (text.includes("\n\n")) break;
    }
    hangUp.abort();
    expect(text).toContain('"mount":"/stream"');
  });

  if (takesDjs) {
    test("a DJ goes live with its own address, and titles arrive", async () => {
      const headers = "ice-name: Behind\r\n";
      using source = await goLive(proxy.dj, { password: PASSWORD, headers, open: asClient });
      expect(source.head).toContain("200 OK");
      const isLogged = (line: string) => line.includes(CLIENT) && line.endsWith("has logged in");
      await until("it is logged", () => radio.log().split("\n").some(isLogged));
      using wire = await Wire.listen(proxy.site, "/stream", "Icy-MetaData: 1\r\n");
      const metaint = Number(/icy-metaint: ?(\d+)/i.exec(wire.head)?.[1]);
      expect(metaint).toBe(16000);
      const icy = new IcyReader(metaint);
      source.send(concat(...trackFrames(1, 100)));
      const song = encodeURIComponent("Artist - Through");
      const told = await fetch(
        `${proxy.url}/admin/metadata?mode=updinfo&mount=/stream&song=${song}`,
        { headers: { authorization: basic("source", PASSWORD) } },
      );
      expect(told.status).toBe(200);
      let read = 0;
      await until("the title arrives", () => {
        source.send(concat(...trackFrames(1, 5)));
        const { body } = wire;
        icy.push(body.subarray(read));
        read = body.length;
        return icy.titles.some((title) => title.includes("Through"));
      });
    });
  }

  test("a listener that hangs up is noticed", async () => {
    await until("nobody is left from before", isEmpty);
    {
      using wire = await Wire.listen(proxy.site, "/stream");
      await until("it is counted", async () => wire.length > 0 && !(await isEmpty()));
    }
    await until("it is gone", isEmpty);
  });
});
