// The admin commands: who may give them, what they do and what they answer.
import { describe, expect, test } from "bun:test";
import { SLIPS, STRANGER } from "../../../src/access/attempts.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { FakeSink } from "../../output/fake-sink.ts";
import { CLIENT } from "../../output/stage.ts";
import { startStation } from "../../support/station.ts";
import { PASSWORD } from "../../support/config.ts";
import { AS_ADMIN, AS_SOURCE, App, adminConfig, basic } from "../app.ts";

const COMMANDS = [
  "stats",
  "listmounts",
  "listclients?mount=/stream",
  "killclient?mount=/stream&id=1",
  "killsource?mount=/stream",
  "moveclients?mount=/stream&destination=/jazz",
  "fallbacks?mount=/stream&fallback=/jazz",
  "streamlist.txt",
  "streamlist",
  "!POKE",
];

const TWO = () => adminConfig([{}, { path: "/jazz" }]);

function response(message: string, code: number): string {
  return `<?xml version="1.0"?>\n<iceresponse><message>${message}</message><return>${code}</return></iceresponse>\n`;
}

async function command(app: App, text: string): Promise<[number, string]> {
  const { status, text: body } = await app.ask(`/admin/${text}`, { headers: AS_ADMIN });
  return [status, body];
}

function listenTo(app: App, path = "/stream") {
  const sink = new FakeSink();
  const listener = app.audience(path).join(CLIENT, sink);
  if (listener === null) throw new Error("nobody can join");
  return { sink, listener };
}

describe("who may give commands", () => {
  test.each(COMMANDS)("/admin/%s takes the admin's credentials and no others", async (text) => {
    await using app = await App.start(TWO());
    app.play("/jazz");
    for (const headers of [{}, AS_SOURCE, { authorization: basic("keeper", "no") }]) {
      const answer = await app.ask(`/admin/${text}`, { headers });
      expect([answer.status, answer.text]).toEqual([401, "You need to authenticate\r\n"]);
    }
    expect(app.station.admission.failedRequests).toBe(2);
    expect((await command(app, text))[0]).not.toBe(401);
  });

  test.each(COMMANDS)("/admin/%s says how to switch it on where it is off", async (text) => {
    await using app = await App.start(adminConfig([{}, { path: "/jazz" }], null));
    const answer = await app.ask(`/admin/${text}`, { headers: AS_ADMIN });
    expect([answer.status, answer.text.includes("server.admin_password")]).toEqual([403, true]);
  });

  test("the default password is taken from this machine only", async () => {
    const account = { user: "admin", password: new Secret("hackme") };
    await using app = await App.start(adminConfig([{}], account));
    const headers = { authorization: basic("admin", "hackme") };
    const from = async (address: string) =>
      (await app.ask("/admin/stats", { headers, from: address })).status;
    expect([await from("::1"), await from("192.0.2.1")]).toEqual([200, 403]);
    const proxied = { ...headers, "x-forwarded-for": "192.0.2.1" };
    expect((await app.ask("/admin/stats", { headers: proxied })).status).toBe(403);
  });

  test("the page of another site gives none", async () => {
    await using app = await App.start();
    for (const site of ["cross-site", "same-site"]) {
      const headers = { ...AS_ADMIN, "sec-fetch-site": site };
      expect((await app.ask("/admin/stats", { headers })).status).toBe(403);
    }
  });

  test.each([
    ["origin", "http://elsewhere.example", 403],
    ["origin", "http://radio.example:9000", 403],
    ["origin", "null", 403],
    ["referer", "http://elsewhere.example/radio.example:8001", 403],
    ["referer", "http://radio.example:8001@elsewhere.example/", 403],
    ["origin", "http://radio.example:8001", 200],
    ["referer", "http://Radio.Example:8001/admin", 200],
  ])("a page over plain HTTP, with %s %s, is answered %d", async (name, page, status) => {
    await using app = await App.start();
    const headers = { ...AS_ADMIN, [name]: page };
    expect((await app.ask("/admin/stats", { headers })).status).toBe(status);
  });

  test.each([
    ["radio.example", "http://radio.example:8080", 200],
    ["radio.example:80", "http://radio.example", 200],
    ["radio.example", "http://elsewhere.example:8080", 403],
    ["radio:99999", "http://radio:99999", 403],
  ])("asked as %s, a page of %s is answered %d", async (host, origin, status) => {
    await using app = await App.start();
    const headers = { ...AS_ADMIN, host, origin };
    expect((await app.ask("/admin/stats", { headers })).status).toBe(status);
  });

  test.each(["/admin/stats", "/admin.cgi?mode=viewxml", "/admin/metadata?mount=/stream"])(
    "guesses at %s are soon answered 429, and in the end the right password is too",
    async (path) => {
      await using app = await App.start();
      const guess = (i: number, from = "192.0.2.7") => {
        const headers = { authorization: basic("keeper", `guess-${i}`) };
        return app.ask(path, { headers, from });
      };
      const right = async (from: string) =>
        (await app.ask("/admin/stats", { headers: AS_ADMIN, from })).status;
      for (let i = 0; i < SLIPS; i++) expect((await guess(i)).status).toBe(401);
      const late = await guess(SLIPS);
      expect([late.status, late.headers.get("retry-after")]).toEqual([429, "30"]);
      expect(late.headers.get("www-authenticate")).toBeNull();
      for (let i = SLIPS; i < STRANGER.capacity; i++) expect((await guess(i)).status).toBe(429);
      expect(await right("192.0.2.7")).toBe(429);
      expect([(await guess(0, "192.0.2.8")).status, await right("192.0.2.8")]).toEqual([401, 200]);
    },
  );

  test("the same wrong password again is a mistake, not a guess", async () => {
    await using app = await App.start();
    const headers = { authorization: basic("keeper", "the old one") };
    for (let i = 0; i < 3 * STRANGER.capacity; i++) {
      expect((await app.ask("/admin/stats", { headers })).status).toBe(401);
    }
    expect((await command(app, "stats"))[0]).toBe(200);
  });

  test("guesses at a source's password leave the admin alone, and the other way round", async () => {
    await using app = await App.start();
    const asked = "/admin/metadata?mode=updinfo&mount=/stream&song=S";
    const statusOf = async (path: string, user: string, password: string) =>
      (await app.ask(path, { headers: { authorization: basic(user, password) } })).status;
    for (let i = 0; i < STRANGER.capacity; i++) await statusOf(asked, "source", `guess-${i}`);
    expect(await statusOf(asked, "source", PASSWORD)).toBe(429);
    expect(app.station.admission.failed).toMatchObject({
      admin: 0,
      source: STRANGER.capacity + 1,
    });
    expect(await statusOf("/admin/stats", "keeper", "admin-of-the-test")).toBe(200);
    await using other = await App.start();
    for (let i = 0; i < STRANGER.capacity; i++) {
      await other.ask("/admin/stats", { headers: { authorization: basic("keeper", `no-${i}`) } });
    }
    expect((await command(other, "stats"))[0]).toBe(429);
    expect((await other.ask(asked, { headers: AS_SOURCE })).status).toBe(200);
  });

  const CHANGES = [
    "/admin/killclient?mount=/stream&id=1",
    "/admin/killsource?mount=/stream",
    "/admin/moveclients?mount=/stream&destination=/jazz",
    "/admin/fallbacks.xsl?mount=/stream&fallback=/jazz",
    "/admin/metadata?mode=updinfo&mount=/stream&song=S",
    "/admin.cgi?mode=updinfo&mount=/stream&song=S",
    "/admin.cgi?mode=kicksrc&mount=/stream",
  ];

  const FIREFOX = {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    accept: "image/avif,*/*",
  };

  test.each(CHANGES)("%s is not done for a browser that shows no page of ours", async (path) => {
    await using app = await App.start(TWO());
    app.play("/stream", "playlist");
    const live = app.play("/stream", "live");
    app.play("/jazz");
    const { sink } = listenTo(app);
    const headers = { ...AS_ADMIN, ...FIREFOX };
    for (const sign of [{}, { "sec-fetch-site": "none" }, { accept: "text/html" }]) {
      const answer = await app.ask(path, { headers: { ...headers, ...sign } });
      expect([answer.status, answer.text.includes("<form")]).toEqual([403, true]);
      expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    }
    expect([sink.ends, app.mount().live, app.mount().metadata.title]).toEqual([0, live, ""]);
    expect(app.audience().count).toBe(1);
  });

  test.each<[string, Record<string, string>]>([
    ["curl", { "user-agent": "curl/8.14.1", accept: "*/*" }],
    ["an encoder that calls itself (Mozilla Compatible)", { "user-agent": "(Mozilla Compatible)" }],
    ["a script in PowerShell", { "user-agent": "Mozilla/5.0 (Windows NT) PowerShell/7.5.0" }],
    ["a script in Node", { "user-agent": "node", accept: "*/*", "sec-fetch-mode": "cors" }],
    ["a page of ours", { ...FIREFOX, referer: "http://radio.example:8001/admin" }],
    ["a page of ours over TLS", { ...FIREFOX, "sec-fetch-site": "same-origin" }],
  ])("a change is done for %s", async (_, headers) => {
    await using app = await App.start(TWO());
    for (const path of CHANGES) {
      app.play("/stream");
      app.play("/jazz");
      listenTo(app);
      const { status } = await app.ask(path, { headers: { ...AS_ADMIN, ...headers } });
      expect([path, status]).toEqual([path, 200]);
    }
  });

  test("a read-only command needs no proof from a browser", async () => {
    await using app = await App.start();
    for (const path of ["/admin/stats", "/admin/listmounts.xsl", "/admin.cgi?mode=viewxml"]) {
      const headers = { ...AS_ADMIN, ...FIREFOX };
      expect((await app.ask(path, { headers })).status).toBe(200);
    }
  });

  test("a change whose password is in its address needs no proof: no other site knows it", async () => {
    await using app = await App.start();
    app.play();
    const path = `/admin.cgi?mode=updinfo&song=S&pass=${PASSWORD}`;
    expect((await app.ask(path, { headers: FIREFOX })).status).toBe(200);
  });

  test.each<[string, Record<string, string>, number]>([
    ["curl", { host: "127.0.0.1:8001" }, 200],
    ["a program without Host", {}, 200],
    ["a browser", { host: "localhost:8001", connection: "keep-alive" }, 200],
    ["a page that rebinds its name", { host: "evil.example:8001" }, 403],
    ["a name that only begins like ours", { host: "127.0.0.1.evil.example" }, 403],
    ["a proxy that is named by Via", { host: "localhost", via: "1.1 proxy" }, 403],
    ["a content network", { host: "localhost", "cf-connecting-ip": "192.0.2.1" }, 403],
    ["a proxy with a header of its own", { host: "localhost", "x-client-ip": "192.0.2.1" }, 403],
    ["nginx as it comes", { host: "127.0.0.1:8001", connection: "close" }, 403],
  ])("the default password from this machine by %s: %p", async (_, headers, status) => {
    const account = { user: "admin", password: new Secret("hackme") };
    await using app = await App.start(adminConfig([{}], account));
    const all = { ...headers, authorization: basic("admin", "hackme") };
    expect((await app.ask("/admin/stats", { headers: all })).status).toBe(status);
  });

  test("a wrong password is logged, without the password", async () => {
    await using app = await App.start();
    await app.ask("/admin/stats", { headers: { authorization: basic("keeper", "guess-1") } });
    expect(app.logged.filter((line) => line.includes("127.0.0.1"))).toHaveLength(1);
    expect(app.logged.join()).not.toContain("guess-1");
  });
});

describe("a command", () => {
  test.each(["!POKE", "nonsense", "stats.xslt", "constructor"])(
    "%p is unknown: 400",
    async (text) => {
      await using app = await App.start();
      expect(await command(app, text)).toEqual([400, "<b>Unrecognised command</b>\r\n"]);
    },
  );

  test.each(["listclients", "killclient", "killsource", "moveclients", "fallbacks", "buildm3u"])(
    "%s wants a mount that is there",
    async (name) => {
      await using app = await App.start();
      expect(await command(app, name)).toEqual([400, "<b>Missing parameter</b>\r\n"]);
      const missing = await command(app, `${name}?mount=/nowhere`);
      expect(missing).toEqual([400, "<b>Source does not exist</b>\r\n"]);
    },
  );

  test("is not carried out by HEAD", async () => {
    await using app = await App.start();
    const { sink } = listenTo(app);
    const path = "/admin/killclient?mount=/stream&id=1";
    const answer = await app.ask(path, { method: "HEAD", headers: AS_ADMIN });
    expect([answer.status, sink.ends]).toEqual([405, 0]);
  });
});

test("stats counts listeners and sources, one mount's when asked", async () => {
  await using app = await App.start(TWO());
  app.play("/stream");
  app.play("/jazz", "playlist");
  listenTo(app);
  const [, all] = await command(app, "stats");
  for (const part of [
    "<icestats><admin>icemaster@localhost</admin><client_connections>1</client_connections>",
    "<listeners>1</listeners>",
    "<sources>2</sources>",
    '<source mount="/stream"><audio_info>',
    '<source mount="/jazz">',
    "<max_listeners>unlimited</max_listeners>",
  ]) {
    expect(all).toContain(part);
  }
  const [, one] = await command(app, "stats?mount=%2Fjazz");
  expect([one.includes('mount="/jazz"'), one.includes('mount="/stream"')]).toEqual([true, false]);
});

test("listmounts lists what plays", async () => {
  await using app = await App.start(TWO());
  app.play("/stream");
  listenTo(app);
  const [, text] = await command(app, "listmounts");
  expect(text).toBe(
    '<?xml version="1.0"?>\n<icestats><source mount="/stream"><fallback/><listeners>1</listeners>' +
      "<Connected>0</Connected><content-type>audio/mpeg</content-type></source></icestats>\n",
  );
});

test("listclients names addresses and programs, which no public view does", async () => {
  await using app = await App.start();
  app.play();
  const { listener } = listenTo(app);
  const [, text] = await command(app, "listclients?mount=/stream");
  expect(text).toBe(
    '<?xml version="1.0"?>\n<icestats><source mount="/stream"><Listeners>1</Listeners><listeners>1</listeners><listener>' +
      `<IP>192.0.2.7</IP><UserAgent>test</UserAgent><Connected>0</Connected><ID>${listener.number}</ID>` +
      "</listener></source></icestats>\n",
  );
  for (const path of ["/api/stats", "/api/status", "/status-json.xsl", "/stats?sid=1", "/7.html"]) {
    expect((await app.ask(path)).text).not.toContain("192.0.2.7");
  }
});

describe("killclient", () => {
  test("ends the listener of that number and nobody else", async () => {
    await using app = await App.start();
    app.play();
    const [one, two] = [listenTo(app), listenTo(app)];
    const kill = (id: string) => command(app, `killclient?mount=/stream&id=${id}`);
    expect(await kill("2")).toEqual([200, response("Client 2 removed", 1)]);
    expect([one.sink.ends, two.sink.ends, app.audience().count]).toEqual([0, 1, 1]);
    expect(await kill("2")).toEqual([200, response("Client 2 not found", 0)]);
    expect((await kill("<b>"))[1]).toBe(response("Client 0 not found", 0));
    expect(await command(app, "killclient?mount=/stream")).toEqual([
      400,
      "<b>Missing parameter</b>\r\n",
    ]);
  });
});

describe("killsource", () => {
  test("ends the live source, and the playlist has the air", async () => {
    await using app = await App.start();
    app.play("/stream", "playlist");
    const live = app.play("/stream", "live");
    const ended: string[] = [];
    Object.assign(live, { close: (why: string) => ended.push(why) });
    expect(await command(app, "killsource?mount=/stream")).toEqual([
      200,
      response("Source Removed", 1),
    ]);
    expect([app.mount().live, app.mount().onAir?.kind]).toEqual([null, "playlist"]);
    expect(ended).toEqual(["kicked by keeper"]);
    expect((await command(app, "killsource?mount=/stream"))[0]).toBe(400);
  });
});

describe("moveclients", () => {
  test("moves everybody, who hear the other mount from then on", async () => {
    await using app = await App.start(TWO());
    app.play("/stream");
    const jazz = app.play("/jazz");
    const { sink, listener } = listenTo(app);
    const own = listenTo(app, "/jazz");
    const moved = await command(app, "moveclients?mount=/stream&destination=/jazz");
    expect(moved).toEqual([200, response("Clients moved from /stream to /jazz", 1)]);
    expect([app.audience("/stream").count, app.audience("/jazz").count]).toEqual([0, 2]);
    expect(listener.number).not.toBe(own.listener.number);
    const before = sink.bytes.length;
    app.hear("/jazz", jazz);
    app.audience("/jazz").tick(Number.MAX_SAFE_INTEGER);
    expect(sink.bytes.length).toBeGreaterThan(before);
    app.audience("/stream").leave(listener, "its connection closed");
    expect(app.audience("/jazz").count).toBe(1);
  });

  test.each([
    ["/nowhere", "No such destination"],
    ["/stream", "supplied mountpoints are identical"],
    ["/jazz", "Destination not running"],
    ["/slow", "Destination plays another format"],
  ])("to %s is refused: %s", async (to, sentence) => {
    await using app = await App.start(adminConfig([{}, { path: "/jazz" }, { path: "/slow" }]));
    app.play("/stream");
    app.play("/slow", "playlist", "", { codec: "mp3", sampleRate: 22_050, channels: 1 });
    const { listener } = listenTo(app);
    const answer = await command(app, `moveclients?mount=/stream&destination=${to}`);
    expect(answer).toEqual([400, `<b>${sentence}</b>\r\n`]);
    expect(listener.audience).toBe(app.audience("/stream"));
  });
});

describe("fallbacks", () => {
  test("take over the listeners when a live source leaves and nothing plays after it", async () => {
    await using app = await App.start(TWO());
    const live = app.play("/stream");
    app.play("/jazz");
    listenTo(app);
    const [status, text] = await command(app, "fallbacks?mount=/stream&fallback=/jazz");
    expect([status, text.includes("Fallback configured")]).toEqual([200, true]);
    expect((await command(app, "listmounts"))[1]).toContain("<fallback>/jazz</fallback>");
    app.mount("/stream").detach(live, 0);
    expect([app.audience("/stream").count, app.audience("/jazz").count]).toEqual([0, 1]);
  });

  test("do nothing while a playlist plays, or once they are taken away", async () => {
    await using app = await App.start(TWO());
    app.play("/jazz");
    const playlist = app.play("/stream", "playlist");
    listenTo(app);
    await command(app, "fallbacks?mount=/stream&fallback=/jazz");
    app.mount().detach(app.play("/stream"), 0);
    expect(app.audience().count).toBe(1);
    app.mount().detach(playlist, 0);
    await command(app, "fallbacks?mount=/stream&fallback=/stream");
    app.mount().detach(app.play("/stream"), 0);
    expect(app.audience().count).toBe(1);
  });
});

test("streamlist.txt has a line for each mount that plays", async () => {
  await using app = await App.start(adminConfig([{}, { path: "/jazz" }, { path: "/quiet" }]));
  app.play("/stream");
  app.play("/jazz", "playlist");
  expect(await command(app, "streamlist.txt")).toEqual([200, "/stream\r\n/jazz\r\n"]);
});

test("buildm3u is off with the other commands", async () => {
  await using app = await App.start(adminConfig([{}], null));
  expect((await app.ask("/admin/buildm3u?mount=/stream&username=a&password=b")).status).toBe(403);
});

test("buildm3u names the door that every player can use, unless a proxy is asked", async () => {
  await using radio = await startStation(adminConfig());
  const linkFor = async (host: string) => {
    const url = `${radio.url}/admin/buildm3u?mount=/stream&username=a&password=b`;
    return (await fetch(url, { headers: { host } })).text();
  };
  const local = `127.0.0.1:${radio.listenPort}`;
  expect(await linkFor(local)).toBe(`http://a:b@127.0.0.1:${radio.sourcePort}/stream\r\n`);
  expect(await linkFor("radio.example")).toBe("http://a:b@radio.example/stream\r\n");
  expect(await linkFor("fm.example:81")).toBe("http://a:b@fm.example:81/stream\r\n");
});

test("buildm3u puts the client's own credentials into a link, for anybody", async () => {
  await using app = await App.start(adminConfig());
  const answer = await app.ask("/admin/buildm3u?mount=/stream&username=a%20b&password=p%3A%0D%0A@");
  expect([answer.status, answer.text]).toEqual([
    200,
    "http://a%20b:p%3A%0D%0A%40@radio.example:8001/stream\r\n",
  ]);
  expect(answer.headers.get("content-type")).toBe("audio/x-mpegurl");
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="listen.m3u"');
});

test.each(["/admin/listclients?", "/admin/listclients.xsl?", "/admin.cgi?mode=viewxml&page=3&"])(
  "the loop turns while %s tells of thousands",
  async (path) => {
    await using app = await App.start();
    app.play();
    for (let i = 0; i < 2000; i++) listenTo(app);
    let turns = 0;
    let next = setImmediate(function turn() {
      turns++;
      next = setImmediate(turn);
    });
    const answer = await app.raw(`${path}mount=/stream`, { headers: AS_ADMIN });
    clearImmediate(next);
    expect([answer.status, turns >= 8]).toEqual([200, true]);
    expect((await answer.text()).match(/192\.0\.2\.7/g)).toHaveLength(2000);
  },
);

test("stats.xml is another name of stats, and as closed", async () => {
  await using app = await App.start();
  const [plain, alias] = [
    await app.ask("/admin/stats", { headers: AS_ADMIN }),
    await app.ask("/admin/stats.xml", { headers: AS_ADMIN }),
  ];
  expect(alias.status).toBe(200);
  expect(alias.headers.get("content-type")).toBe(plain.headers.get("content-type"));
  expect(alias.text.replace(/\d/g, "")).toBe(plain.text.replace(/\d/g, ""));
  expect((await app.ask("/admin/stats.xml")).status).toBe(401);
});
