// The shipped nginx configuration, word by word but for its ports, in front of the executable.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { concat } from "../format/mpeg-builder.ts";
import { IcyReader } from "../support/icy.ts";
import { freePort } from "../support/ports.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";
import { configText, launch, PASSWORD, type Running } from "./executable.ts";

const SITE = join(import.meta.dir, "..", "..", "packaging", "nginx.conf");
const MODULE = "/usr/lib/nginx/modules/ngx_stream_module.so";

interface Doors {
  /** Of the station. */
  readonly listen: string;
  readonly source: string;
  /** Of nginx. */
  readonly site: number;
  readonly dj: number;
}

/** The site, and the commented part for DJs as what it is meant to be. */
async function nginxConfig(folder: string, { listen, source, site, dj }: Doors): Promise<string> {
  const [http = "", stream = ""] = (await Bun.file(SITE).text()).split(/^(?=# stream \{)/m);
  return `load_module ${MODULE};
daemon off;
pid ${folder}/pid;
error_log stderr;
events {}
http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join("\n")}
  ${http
    .replace("listen 80;", `listen 127.0.0.1:${site};`)
    .replace("listen [::]:80;", "")
    .replaceAll("127.0.0.1:8001", `127.0.0.1:${listen}`)}
}
${stream.replace(/^# ?/gm, "").replace("8010", `127.0.0.1:${dj}`).replace("127.0.0.1:8000", `127.0.0.1:${source}`)}`;
}

const nginx = requireProgram("nginx");

/** nginx without the module would end at once; CI has to have it. */
const hasModule = existsSync(MODULE) || Boolean(process.env["CI"]);
if (!hasModule) console.warn(`skipped: ${MODULE} is missing`);

describe.skipIf(nginx === null || !hasModule)("behind nginx", () => {
  const site = freePort();
  const dj = freePort();
  const url = `http://127.0.0.1:${site}`;
  let home: Awaited<ReturnType<typeof scratch>>;
  let radio: Running;
  let proxy: ReturnType<typeof Bun.spawn>;

  beforeAll(async () => {
    home = await scratch();
    await Bun.write(join(home.path, "config.hcl"), configText());
    radio = await launch([], { cwd: home.path });
    const listen = new URL(radio.url).port;
    const source = String(radio.sourcePort);
    const file = join(home.path, "nginx.conf");
    await Bun.write(file, await nginxConfig(home.path, { listen, source, site, dj }));
    proxy = Bun.spawn([nginx ?? "", "-p", home.path, "-e", "stderr", "-c", file], {
      stderr: "inherit",
    });
    await until("nginx answers", async () => {
      const answer = await fetch(`${url}/health`).catch(() => null);
      return answer?.status === 200;
    });
  });

  afterAll(async () => {
    proxy.kill("SIGTERM");
    await proxy.exited;
    await radio[Symbol.asyncDispose]();
    await home[Symbol.asyncDispose]();
  });

  test("page, API and documentation come through", async () => {
    for (const path of ["/", "/app.js", "/api/status", "/swagger", "/swagger/ui.js"]) {
      expect({ path, status: (await fetch(url + path)).status }).toEqual({ path, status: 200 });
    }
  });

  test("a listener hears the burst at once and then every frame as it comes", async () => {
    using wire = await Wire.listen(site, "/stream");
    await until("audio arrives", () => wire.body.length > 0);
    // What nginx held back until 4 KiB are full would come in pieces of that size.
    const begun = wire.length;
    let [length, arrivals] = [begun, 0];
    await until("some has come", () => {
      if (wire.length > length) arrivals++;
      length = wire.length;
      return length > begun + 8000;
    });
    expect((length - begun) / arrivals).toBeLessThan(2000);
  });

  test("a DJ goes live through the stream proxy, and titles reach who asks for them", async () => {
    using source = await goLive(dj, { password: PASSWORD, headers: "ice-name: Behind\r\n" });
    expect(source.head).toContain("200 OK");
    using wire = await Wire.listen(site, "/stream", "Icy-MetaData: 1\r\n");
    const metaint = Number(/icy-metaint: ?(\d+)/i.exec(wire.head)?.[1]);
    expect(metaint).toBe(16000);
    const icy = new IcyReader(metaint);
    source.send(concat(...trackFrames(1, 100)));
    const login = `Basic ${Buffer.from(`source:${PASSWORD}`).toString("base64")}`;
    const told = await fetch(
      `${url}/admin/metadata?mode=updinfo&mount=/stream&song=${encodeURIComponent("Artist - Through")}`,
      { headers: { authorization: login } },
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

  test("events of the status come as they happen", async () => {
    const hangUp = new AbortController();
    const answer = await fetch(`${url}/api/events`, { signal: hangUp.signal });
    expect(answer.headers.get("content-type")).toStartWith("text/event-stream");
    let text = "";
    for await (const chunk of answer.body ?? []) {
      text += new TextDecoder().decode(chunk);
      if (text.includes("\n\n")) break;
    }
    hangUp.abort();
    expect(text).toContain('"mount":"/stream"');
  });

  test("a listener who hangs up is noticed behind nginx too", async () => {
    const count = async () => {
      const status = await (await fetch(`${url}/api/status`)).text();
      return Number(/"listeners":(\d+)/.exec(status)?.[1]);
    };
    await until("nobody is left from before", async () => (await count()) === 0);
    {
      using wire = await Wire.listen(site, "/stream");
      await until("it is counted", async () => wire.length > 0 && (await count()) === 1);
    }
    await until("it is gone", async () => (await count()) === 0);
  });
});
