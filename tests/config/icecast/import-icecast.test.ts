// An icecast.xml becomes a configuration: what its settings turn into, what is said about the rest, and what is never shown.
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import {
  convertIcecast,
  importIcecast,
  ImportError,
} from "../../../src/config/icecast/import-icecast.ts";
import { parseConfig } from "../../../src/config/load-config.ts";
import { requireProgram } from "../../support/programs.ts";
import { scratch } from "../../support/station.ts";

/** In the manner of a station with several streams on the KH branch. */
const RICH = `<?xml version="1.0" encoding="UTF-8"?>
<!-- Several streams -->
<icecast>
  <hostname>radio.example</hostname>
  <limits>
    <clients>2500</clients>
    <sources>8</sources>
    <queue-size>1048576</queue-size>
    <source-timeout>25</source-timeout>
    <burst-size>240000</burst-size>
    <workers>4</workers>
  </limits>
  <authentication>
    <source-password>global-source-secret</source-password>
    <relay-password>relay-secret</relay-password>
    <admin-user>boss</admin-user>
    <admin-password>admin &amp; "secret" \${HOME}</admin-password>
  </authentication>
  <listen-socket><port>9000</port><bind-address>192.0.2.1</bind-address></listen-socket>
  <listen-socket><port>9001</port><shoutcast-compat>1</shoutcast-compat></listen-socket>
  <listen-socket><port>9080</port></listen-socket>
  <listen-socket><port>9443</port><ssl>1</ssl></listen-socket>
  <listen-socket><port>9999</port></listen-socket>
  <mount type="default">
    <max-listeners>500</max-listeners>
    <genre>Everything</genre>
    <public>1</public>
  </mount>
  <mount type="normal">
    <mount-name>/live</mount-name>
    <password>live-secret</password>
    <stream-name>Radio &lt;Live&gt; &#x263A;</stream-name>
    <bitrate>192</bitrate>
    <burst-size>96000</burst-size>
    <fallback-mount>/auto</fallback-mount>
    <authentication type="url">
      <option name="listener_add" value="https://user:url-secret@auth.example/"/>
      <option name="listener_remove" value="https://user:url-secret@auth.example/left"/>
      <option name="stream_auth" value="https://auth.example/source"/>
      <option name="headers" value="cookie"/>
    </authentication>
    <max-listener-duration>3600</max-listener-duration>
  </mount>
  <mount>
    <mount-name>/auto</mount-name>
    <username>autodj-secret-name</username>
    <max-listeners>-1</max-listeners>
    <stream-name>AutoDJ</stream-name>
    <stream-url>https://radio.example/auto</stream-url>
    <mp3-metadata-interval>8192</mp3-metadata-interval>
    <linger-for>30</linger-for>
  </mount>
  <mount><mount-name>/live</mount-name></mount>
  <mount><mount-name>/admin</mount-name></mount>
  <relay><server>master.example</server><password>pull-secret</password></relay>
  <paths>
    <logdir>/var/log/radio</logdir>
    <ssl-certificate>/etc/radio/both.pem</ssl-certificate>
    <x-forwarded-for>127.0.0.1</x-forwarded-for>
    <x-forwarded-for>10.1.*</x-forwarded-for>
    <x-forwarded-for>proxy.example</x-forwarded-for>
  </paths>
  <logging><accesslog>access.log</accesslog><errorlog>-</errorlog><loglevel>4</loglevel></logging>
  <invented/>
</icecast>
`;

const NAME = "icecast.xml";

const shell = (inside: string) => `<icecast>${inside}</icecast>`;

async function converted(xml: string) {
  const { text, notes } = convertIcecast(xml, NAME);
  const config = await parseConfig("/srv/config.hcl", text, {});
  return { config, text, notes: notes.map(({ line, sentence }) => `${line} ${sentence}`) };
}

describe("a rich configuration", () => {
  test("keeps its ports, passwords, mounts, proxies and log", async () => {
    const { config } = await converted(RICH);
    const { server, tls, log, advanced, mounts } = config;
    expect(server).toMatchObject({ host: "192.0.2.1", sourcePort: 9000, listenPort: 9080 });
    expect(server.admin?.user).toBe("boss");
    expect(server.admin?.password.reveal()).toBe('admin & "secret" ${HOME}');
    expect(server.trustedProxies).toEqual(["127.0.0.1", "10.1.0.0/16"]);
    expect(tls).toMatchObject({ certificate: "/etc/radio/both.pem", listenPort: 9443 });
    expect(tls.key).toBe(tls.certificate);
    expect(advanced.accessLog).toBe("/var/log/radio/access.log");
    expect(log).toMatchObject({ level: "debug", file: "" });
    expect(mounts.map(({ path }) => path)).toEqual(["/live", "/auto"]);
    const [live, auto] = mounts;
    expect(live.sourcePassword.reveal()).toBe("live-secret");
    expect(live).toMatchObject({ maxListeners: 500, sourceTimeout: 25, fallback: "/auto" });
    expect(live.metadata).toMatchObject({
      stationName: "Radio <Live> ☺",
      stationGenre: "Everything",
    });
    expect(live.listeners.url.reveal()).toBe("https://user:url-secret@auth.example/");
    expect(live.stream_auth.url.reveal()).toBe("https://auth.example/source");
    expect(live.rules.maxListenerDuration).toBe(3600);
    // 96,000 bytes at 192 kbit/s, and 240,000 at 128.
    expect([live.buffer.burstSeconds, auto?.buffer.burstSeconds]).toEqual([4, 15]);
    expect(auto?.sourcePassword.reveal()).toBe("global-source-secret");
    expect(auto).toMatchObject({ maxListeners: 0, fallback: "" });
    expect(auto?.metadata).toMatchObject({
      stationName: "AutoDJ",
      stationUrl: "https://radio.example/auto",
      stationGenre: "Everything",
      icyMetaint: 8192,
    });
  });

  test("has one line for each setting without a counterpart, and no other", async () => {
    const { notes } = await converted(RICH);
    const named = notes.map((note) => note.split(":", 1)[0]);
    expect(named).toEqual([
      "4 <hostname>",
      "6 <clients>",
      "7 <sources>",
      "8 <queue-size>",
      "10 <burst-size>",
      "11 <workers>",
      "15 <relay-password>",
      "23 <port>",
      "34 <burst-size>",
      "38 <option>",
      "40 <option>",
      "46 <username>",
      "51 <linger-for>",
      "53 <mount-name>",
      "54 <mount-name>",
      "55 <relay>",
      "61 <x-forwarded-for>",
      "64 <invented>",
    ]);
  });

  test("keeps its directory, and which mounts are in it", async () => {
    const mount = (name: string, inside: string) =>
      `<mount><mount-name>${name}</mount-name>${inside}</mount>`;
    const url = "https://dir.example/cgi-bin/yp-cgi";
    const directory = `<directory><yp-url-timeout>15</yp-url-timeout><yp-url>${url}</yp-url></directory>`;
    const mounts =
      mount("/a", "<public>1</public>") +
      mount("/b", "<public>0</public>") +
      mount("/c", "<no-yp>1</no-yp>");
    const { config, notes } = await converted(shell(directory + mounts));
    expect(config.yp).toEqual({ url, listenUrl: "" });
    expect(config.mounts.map((one) => one.directory.public)).toEqual([true, false, false]);
    expect(notes).toEqual([
      "1 <yp-url-timeout>: a directory has 10 s to answer",
      "1 <yp-url>: set yp.listen_url, the address of this server as the world reaches it",
    ]);
    const other = await converted(
      shell(`<yp-directory url="${url}"/><yp-directory url="${url}"/>`),
    );
    expect(other.config.yp.url).toBe(url);
    expect(other.notes[1]).toContain("there is one directory");
  });

  test("makes relays of its relays, and relay_all of its master", async () => {
    const { config, notes } = await converted(
      shell(`<mount><mount-name>/live</mount-name></mount>
        <relay><server>a.example</server><port>8010</port><mount>/x.mp3</mount>
          <local-mount>/live</local-mount><on-demand>1</on-demand>
          <username>me</username><password>pull-secret</password></relay>
        <relays><relay><local-mount>/jazz</local-mount><mount>/j</mount>
          <host><ip>192.0.2.7</ip><port>80</port></host>
          <host><ip>2001:db8::7</ip><tls>1</tls><port>443</port><mount>other</mount></host>
        </relay></relays>
        <relay><mount>/nowhere</mount></relay>
        <master-server>master.example</master-server><master-server-port>8001</master-server-port>
        <master-password>master-secret</master-password>
        <master-update-interval>30</master-update-interval>`),
    );
    const shown = config.mounts.map(({ path, relay }) => [
      path,
      ...relay.map(({ url, urls, user, onDemand }) => [
        [url, ...urls].map((one) => one.reveal()),
        user,
        onDemand,
      ]),
    ]);
    expect(shown).toEqual([
      ["/live", [["http://a.example:8010/x.mp3"], "me", true]],
      ["/jazz", [["http://192.0.2.7:80/j", "https://[2001:db8::7]:443/other"], "", false]],
    ]);
    expect(config.mounts[0].relay[0]?.password.reveal()).toBe("pull-secret");
    expect(config.relay_all.url.reveal()).toBe("http://master.example:8001/");
    expect(config.relay_all.password.reveal()).toBe("master-secret");
    expect(config.relay_all).toMatchObject({ user: "relay", interval: 30, onDemand: false });
    expect(notes.join()).toContain("<relay>: no address that can be relayed");
    expect(notes.join() + JSON.stringify(config)).not.toMatch(/pull-secret|master-secret/);
  });

  test("keeps fallbacks that lead somewhere, and names the others", async () => {
    const mount = (name: string, inside: string) =>
      `<mount><mount-name>${name}</mount-name>${inside}</mount>\n`;
    const to = (name: string) => `<fallback-mount>${name}</fallback-mount>`;
    const { config, notes } = await converted(
      shell(
        mount("/a", `${to("/b")}<fallback-when-full>1</fallback-when-full>`) +
          mount("/b", to("/c")) +
          mount("/c", to("/a")) +
          mount("/d", to("/no.mp3")) +
          mount("/e", "<fallback-override>1</fallback-override>"),
      ),
    );
    const kept = config.mounts.map(({ fallback, fallbackWhenFull }) => [
      fallback,
      fallbackWhenFull,
    ]);
    expect(kept).toEqual([["/b", true], ["/c", false], ...Array(3).fill(["", false])]);
    expect(notes.map((note) => note.replace(/^\d+ /, ""))).toEqual([
      "<fallback-mount>: it leads back to this mount",
      "<fallback-mount>: there is no <mount> of this name",
      "<fallback-override>: listeners come back as soon as the mount has something to play, and only those who came from it",
    ]);
  });

  test("keeps the file of those who may listen", async () => {
    const users = '<authentication type="htpasswd"><option name="filename" value="/etc/users"/>';
    const mount = `<mount><mount-name>/a</mount-name>${users}</authentication></mount>`;
    const { config, notes } = await converted(shell(mount));
    expect([config.mounts[0].listeners.file, notes]).toEqual(["/etc/users", []]);
  });

  test("says no secret of it", async () => {
    expect((await converted(RICH)).notes.join("\n")).not.toMatch(/secret/);
  });
});

describe("a setting", () => {
  test.each([
    ["<listen-socket><port>8000</port></listen-socket>", { sourcePort: 8000, listenPort: 8001 }],
    ["<listen-socket><port>8001</port></listen-socket>", { sourcePort: 8001, listenPort: 8002 }],
    ["<listen-socket><port>65535</port></listen-socket>", { sourcePort: 65_535, listenPort: 8001 }],
    ["", { sourcePort: 8000, listenPort: 8001, host: "0.0.0.0" }],
  ])("%s gives %j", async (inside, server) => {
    expect((await converted(shell(inside))).config.server).toMatchObject(server);
  });

  test.each([
    ["<limits><burst-on-connect>0</burst-on-connect><burst-size>9000</burst-size></limits>", 0],
    ["<limits><burst-size>65536</burst-size></limits>", 4.1],
    ["<limits><burst-size>9999999999</burst-size></limits>", 60],
    ["<limits><burst-size>much</burst-size></limits>", 5],
  ])("%s gives a burst of %d s", async (inside, seconds) => {
    expect((await converted(shell(inside))).config.mounts[0].buffer.burstSeconds).toBe(seconds);
  });

  test.each([
    "<limits><source-timeout>0</source-timeout></limits>",
    "<limits><source-timeout>forever</source-timeout></limits>",
    "<listen-socket><port>70000</port></listen-socket>",
    "<mount><mount-name>/a</mount-name><max-listeners>some</max-listeners></mount>",
    `<mount><mount-name>/a</mount-name><stream-name>${"x".repeat(2000)}</stream-name></mount>`,
    "<authentication><source-password></source-password></authentication>",
    "<authentication><admin-user>a:b</admin-user></authentication>",
  ])("%s is left out, and said", async (inside) => {
    const { config, notes } = await converted(shell(inside));
    expect(notes.some((note) => note.includes("not accepted as"))).toBe(true);
    expect(config.server.sourcePort).toBe(8000);
  });

  test("of the first mount is not inherited by the others", async () => {
    const first =
      "<mount><mount-name>/a</mount-name><password>one</password><genre>G</genre></mount>";
    const second = "<mount><mount-name>/b</mount-name></mount>";
    const { config } = await converted(shell(first + second));
    const [, other] = config.mounts;
    expect(other?.sourcePassword.isDefault).toBe(true);
    expect(other?.metadata.stationGenre).toBe("Various");
  });

  test("of a mount may be any text", async () => {
    const word = fc.stringMatching(/^[ -~äöü€]{1,40}$/);
    await fc.assert(
      fc.asyncProperty(word, async (text) => {
        const escaped = text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);
        const name = `<stream-name>${escaped}</stream-name>`;
        const xml = shell(`<mount><mount-name>/a</mount-name>${name}</mount>`);
        const { config } = await converted(xml);
        expect(config.mounts[0].metadata.stationName).toBe(text.trim() || "Cycast Radio");
      }),
      { numRuns: 12 },
    );
  });
});

test("without a mount sources go to /stream, or where SHOUTcast encoders went", async () => {
  const bare = await converted(shell(""));
  expect([bare.config.mounts[0].path, bare.notes.length]).toEqual(["/stream", 1]);
  const named = await converted(shell("<shoutcast-mount>/main</shoutcast-mount>"));
  expect(named.config.mounts[0].path).toBe("/main");
});

describe("what cannot be read", () => {
  test.each([
    ["", "this is not XML"],
    ["<icecast>", "this is not XML"],
    ["<icecast><a>&secret;</a></icecast>", "line 1, column"],
    ["<other/>", "not <icecast>"],
    [`<icecast>${"<a>".repeat(100)}${"</a>".repeat(100)}</icecast>`, "nested too deeply"],
    ["<a>".repeat(300_000), ""],
    ["<!DOCTYPE icecast [<!ENTITY a 'secret'>]><icecast>&a;</icecast>", "this is not XML"],
  ])("is refused in one sentence: %.40j", (xml, words) => {
    const error = (() => {
      try {
        return convertIcecast(xml, NAME);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(ImportError);
    expect(String(error)).toContain(words);
    expect(String(error)).not.toContain("secret");
  });

  test("never more than 200 lines are said about it", () => {
    expect(convertIcecast(shell("<x/>".repeat(5000)), NAME).notes).toHaveLength(200);
  });
});

describe("the file", () => {
  test("is for its owner only, and replaces none", async () => {
    await using folder = await scratch();
    const [input, output] = [join(folder.path, NAME), join(folder.path, "config.hcl")];
    await Bun.write(input, RICH);
    const { config, notes } = await importIcecast(input, output);
    expect(config.mounts).toHaveLength(2);
    expect(notes[0]).toStartWith(`${input}:4: <hostname>: `);
    expect((await stat(output)).mode & 0o777).toBe(0o600);
    const again = await importIcecast(input, output).catch((error: unknown) => error);
    expect(String(again)).toBe(`ImportError: ${output}: it exists already, and was not changed`);
  });

  test("is not written when the original is missing, too long or contradicts itself", async () => {
    await using folder = await scratch();
    const output = join(folder.path, "config.hcl");
    const long = join(folder.path, "long.xml");
    await Bun.write(long, " ".repeat((1 << 20) + 1));
    const twice = join(folder.path, "twice.xml");
    const socket = "<listen-socket><port>8000</port></listen-socket>";
    await Bun.write(twice, shell(socket + socket));
    for (const [input, why] of [
      [join(folder.path, "none.xml"), "no such file"],
      [folder.path, "folder"],
      [long, "over 1 MiB"],
      [twice, "do not fit together: source_port and listen_port are both 8000"],
    ] as const) {
      const error = await importIcecast(input, output).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ImportError);
      expect(String(error)).toContain(why);
    }
    expect(existsSync(output)).toBe(false);
  });

  const shipped = "/etc/icecast2/icecast.xml";
  const isThere = requireProgram("icecast2") !== null && existsSync(shipped);
  if (!isThere) console.warn(`skipped: ${shipped} is missing`);

  test.skipIf(!isThere)("that Debian ships becomes a configuration", async () => {
    const { config, notes } = await converted(await Bun.file(shipped).text());
    expect(config.server).toMatchObject({ sourcePort: 8000, listenPort: 8001, adminUser: "admin" });
    expect(config.log).toMatchObject({ level: "info", file: "/var/log/icecast2/error.log" });
    expect(config.mounts.map(({ path, sourceTimeout }) => [path, sourceTimeout])).toEqual([
      ["/stream", 10],
    ]);
    expect(notes.some((note) => note.includes("<chroot>"))).toBe(true);
    expect(notes.join("\n")).not.toMatch(/unknown|not accepted|hackme/);
  });
});
