// Mounts that not everybody may hear: users of a file, signed addresses, and a back end that is asked, at both doors.
import { describe, expect, test } from "bun:test";
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { signedQuery } from "../../src/access/signed-address.ts";
import type { MountConfig } from "../../src/config/config.ts";
import { Secret } from "../../src/lib/secret.ts";
import { PASSWORD, testConfig } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { goLive, Wire } from "../support/wire.ts";

type Listeners = Partial<MountConfig["listeners"]>;

/** Silence is on air: a mount whose playlist is empty. */
const start = (listeners: Listeners, more: object = {}) =>
  startStation(testConfig([{ listeners, ...more }, { path: "/members" }]));

const DOORS = [
  ["source port", (radio: TestStation) => radio.sourcePort],
  ["listen port", (radio: TestStation) => radio.listenPort],
] as const;

const basic = (user: string, password: string) =>
  `Authorization: Basic ${btoa(`${user}:${password}`)}\r\n`;

async function statusOf(port: number, path = "/stream", headers = ""): Promise<string> {
  using wire = await Wire.listen(port, path, headers);
  return /^HTTP\/1\.\d (\d+)/.exec(wire.head)?.[1] ?? wire.text;
}

/** The answer to somebody who is refused. */
async function refusal(port: number, path = "/stream", headers = "") {
  using wire = await Wire.listen(port, path, headers);
  await wire.closed();
  return `${/^HTTP\/1\.\d (\d+)/.exec(wire.head)?.[1]} ${wire.body.toString().trim()}`;
}

async function hears(wire: Wire): Promise<void> {
  await until("it hears", () => wire.body.length > 0);
}

/** Her line in the access log. */
const ANNA = "access: 127.0.0.1 - anna [";

const md5 = (password: string) => new Bun.CryptoHasher("md5").update(password).digest("hex");

describe.each(DOORS)("at the %s", (_, portOf) => {
  test("a user of the htpasswd file hears the stream, and nobody else", async () => {
    await using folder = await scratch();
    const file = join(folder.path, "users.htpasswd");
    await Bun.write(file, `# listeners\nanna:${md5("secret")}\n`);
    await using radio = await start({ file });
    const port = portOf(radio);
    expect(await refusal(port)).toBe("401 You need to authenticate");
    expect(await statusOf(port, "/stream", basic("anna", "wrong"))).toBe("401");
    expect(await statusOf(port, "/stream", basic("nobody", "secret"))).toBe("401");
    expect(await statusOf(port, "/members")).toBe("200");
    using anna = await Wire.listen(port, "/stream", basic("anna", "secret"));
    await hears(anna);
    anna.socket.destroy();
    await until("she is logged by name", () => radio.logged.some((line) => line.includes(ANNA)));
  });

  test("a signed address hears the stream until its end, and an unsigned one does not", async () => {
    await using radio = await start({ key: new Secret("key"), previousKey: new Secret("old") });
    const port = portOf(radio);
    const query = (expires: number, key = "key") =>
      `?${signedQuery(key, { path: "/stream", expires, user: "anna", address: "" })}`;
    const soon = Math.ceil(Date.now() / 1000) + 600;
    expect(await refusal(port)).toBe("403 This stream needs a signed address.");
    expect(await refusal(port, `/stream${query(1000)}`)).toBe("403 This address has expired.");
    expect(await refusal(port, `/stream${query(soon, "other")}`)).toContain("403 The signature");
    for (const key of ["key", "old"]) {
      using anna = await Wire.listen(port, `/stream${query(soon, key)}`);
      await hears(anna);
    }
    await until("she is logged by name", () => radio.logged.some((line) => line.includes(ANNA)));
  });
});

test("a user who is added to the file is let in, and a removed one is not", async () => {
  await using folder = await scratch();
  const file = join(folder.path, "users.htpasswd");
  await Bun.write(file, `anna:${md5("secret")}\n`);
  await using radio = await start({ file });
  expect(await statusOf(radio.listenPort, "/stream", basic("anna", "secret"))).toBe("200");
  await Bun.write(file, `bob:${md5("secret")}\n`);
  await utimes(file, new Date(), new Date(Date.now() + 5000));
  const status = (user: string) => statusOf(radio.listenPort, "/stream", basic(user, "secret"));
  await until("the file is read again", async () => (await status("bob")) === "200");
  expect(await status("anna")).toBe("401");
});

test("a file that is not there refuses everybody, and is named once", async () => {
  await using radio = await start({ file: "/nowhere/users" });
  for (let i = 0; i < 2; i++)
    expect(await statusOf(radio.listenPort, "/stream", basic("anna", "secret"))).toBe("503");
  const named = radio.logged.filter((line) => line.includes("/nowhere/users"));
  expect(named).toEqual(["warn the users of /nowhere/users cannot be read: no such file"]);
});

test("a player file carries the signature on", async () => {
  await using radio = await start({ key: new Secret("key") });
  const signed = { path: "/stream", expires: 4e9, user: "", address: "" };
  const query = signedQuery("key", signed);
  const answer = await fetch(`${radio.url}/stream.m3u?${query}&x=1`);
  const [address = ""] = /^http.*$/m.exec(await answer.text()) ?? [];
  expect(address).toEndWith(`/stream?${query}`);
  expect(new URL(address).searchParams.get("x")).toBeNull();
});

test.skipIf(requireProgram("openssl") === null)(
  "the shell command of the documentation signs an address",
  async () => {
    const text = await Bun.file(join(import.meta.dir, "../../docs/operating.md")).text();
    const [, script = ""] = /^```sh\n# A signed address[^\n]*\n([^]*?)```/m.exec(text) ?? [];
    const child = Bun.spawn(["bash", "-c", script], { env: { ...process.env, KEY: "key" } });
    const { search } = new URL((await new Response(child.stdout).text()).trim());
    await using radio = await start({ key: new Secret("key") });
    expect(await statusOf(radio.listenPort, `/stream${search}`)).toBe("200");
    expect(search).toContain("u=anna");
  },
);

/** A back end that answers with these headers, and keeps what it was asked. */
function backEnd(answer: (form: URLSearchParams) => Record<string, string> | null) {
  const asked: URLSearchParams[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const form = new URLSearchParams(await request.text());
      asked.push(form);
      const headers = answer(form);
      return headers === null ? new Response("", { status: 500 }) : new Response("", { headers });
    },
  });
  return {
    asked,
    of: (action: string) => asked.filter((form) => form.get("action") === action),
    url: new Secret(`http://127.0.0.1:${server.port}/auth`),
    [Symbol.dispose]: () => void server.stop(true),
  };
}

describe("a back end", () => {
  test.each(DOORS)(
    "at the %s admits a listener, and learns when it has left",
    async (_, portOf) => {
      using back = backEnd(() => ({ "icecast-auth-user": "1" }));
      await using radio = await start({ url: back.url });
      {
        using anna = await Wire.listen(portOf(radio), "/stream?x=1", basic("anna", "secret"));
        await hears(anna);
      }
      await until("it learns", () => back.of("listener_remove").length > 0);
      const [add] = back.of("listener_add");
      const [remove] = back.of("listener_remove");
      expect(Object.fromEntries(add ?? [])).toMatchObject({
        mount: "/stream?x=1",
        user: "anna",
        pass: "secret",
        ip: "127.0.0.1",
        port: String(radio.sourcePort),
        listeners: "0",
      });
      expect(remove?.get("client")).toBe(add?.get("client") ?? "");
      expect([remove?.get("mount"), remove?.get("user")]).toEqual(["/stream", "anna"]);
      expect(Number(remove?.get("sent"))).toBeGreaterThan(0);
    },
  );

  test("refuses with a reason, or asks for a password", async () => {
    using back = backEnd((form) =>
      form.get("user") === "" ? {} : { "icecast-auth-user": "0", "icecast-auth-message": "no" },
    );
    await using radio = await start({ url: back.url });
    expect(await statusOf(radio.listenPort)).toBe("401");
    expect(await refusal(radio.listenPort, "/stream", basic("anna", "x"))).toBe("403 no");
  });

  test("limits the time of a listener", async () => {
    using back = backEnd(() => ({ "icecast-auth-user": "1", "icecast-auth-timelimit": "1" }));
    await using radio = await start({ url: back.url });
    using anna = await Wire.listen(radio.sourcePort, "/stream");
    await hears(anna);
    await anna.closed();
    expect(radio.station.first.audience.count).toBe(0);
  });

  test("sends a listener to another mount, or to another server", async () => {
    let reply: Record<string, string> = { "icecast-auth-user": "1", mountpoint: "/members" };
    using back = backEnd(() => reply);
    await using radio = await start({ url: back.url });
    using anna = await Wire.listen(radio.listenPort, "/stream");
    await hears(anna);
    expect(radio.station.parts("/members")?.audience.count).toBe(1);
    reply = { location: "https://elsewhere.example/live" };
    using bob = await Wire.listen(radio.sourcePort, "/stream");
    expect(bob.head).toMatch(/^HTTP\/1\.\d 302 /);
    expect(bob.head).toMatch(/^location: https:\/\/elsewhere\.example\/live\r?$/im);
  });

  test.each([
    ["refuse", "503"],
    ["admit", "200"],
  ] as const)("that fails leaves everybody to on_error = %s", async (onError, status) => {
    using back = backEnd(() => null);
    await using radio = await start({ url: back.url, onError });
    expect(await statusOf(radio.listenPort)).toBe(status);
    expect(await statusOf(radio.sourcePort)).toBe(status);
    expect(back.asked.length).toBe(1);
    expect(radio.logged.filter((line) => line.includes("back end"))).toHaveLength(1);
  });

  test("is asked about a source whose password is not the configured one", async () => {
    using back = backEnd((form) =>
      form.get("pass") === "guest" ? { "icecast-auth-user": "1" } : {},
    );
    await using radio = await start({}, { streamAuth: { url: back.url } });
    using stranger = await goLive(radio.sourcePort, { password: "wrong" });
    expect(stranger.head).toContain(" 401 ");
    using known = await goLive(radio.sourcePort, { password: PASSWORD });
    expect(known.head).toContain(" 200 ");
    known[Symbol.dispose]();
    await until("the mount is free", () => radio.station.first.mount.onAir?.isLive !== true);
    using guest = await goLive(radio.sourcePort, { password: "guest" });
    expect(guest.head).toContain(" 200 ");
    const asked = back.of("stream_auth").map((form) => form.get("pass"));
    expect(asked).toEqual(["wrong", "guest"]);
    expect(back.asked[0]?.has("admin")).toBe(false);
    const title = `${radio.url}/admin/metadata?mode=updinfo&mount=/stream&song=A`;
    await fetch(title, { headers: { authorization: `Basic ${btoa("source:guest")}` } });
    expect(back.asked.at(-1)?.get("admin")).toBe("1");
  });
});

const curl = requireProgram("curl");

test.skipIf(curl === null)("curl listens with a user and a password in the address", async () => {
  await using folder = await scratch();
  const file = join(folder.path, "users.htpasswd");
  const hash = await Bun.password.hash("secret", { algorithm: "bcrypt", cost: 4 });
  await Bun.write(file, `anna:${hash.replace("$2b$", "$2y$")}\n`);
  await using radio = await start({ file });
  const listen = (password: string) => {
    const url = `http://anna:${password}@127.0.0.1:${radio.listenPort}/stream`;
    const words = ["--silent", "--max-time", "2", "--write-out", "%{http_code}", "-o", "/dev/null"];
    return Bun.$`${curl ?? ""} ${words} ${url}`.nothrow().text();
  };
  expect(await listen("secret")).toBe("200");
  expect(await listen("wrong")).toBe("401");
});
