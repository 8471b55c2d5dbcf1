// Titles that come beside the audio: every form encoders send them in, and the answers byte for byte.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { passCredentials } from "../../../src/http/admin-auth.ts";
import { parseForm } from "../../../src/http/form.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { decodeText } from "../../../src/lib/text.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { splitTitle, titleLine } from "../../../src/mount/metadata.ts";
import { PASSWORD } from "../../support/config.ts";
import { AS_ADMIN, AS_SOURCE, App, adminConfig, basic } from "../app.ts";

const OK =
  '<?xml version="1.0"?>\n<iceresponse><message>Metadata update successful</message><return>1</return></iceresponse>\n';

const UPDATE = "/admin/metadata?mode=updinfo&mount=/stream";

/** What a live source's mount says after one request with its credentials. */
async function titleAfter(query: string): Promise<unknown> {
  await using app = await App.start();
  app.play();
  const answer = await app.ask(`${UPDATE}&${query}`, { headers: AS_SOURCE });
  expect(answer.text).toBe(OK);
  return app.mount().metadata;
}

describe("the answer", () => {
  test("to an update is Icecast's, byte for byte, with its length", async () => {
    await using app = await App.start();
    app.play();
    const answer = await app.ask(`${UPDATE}&song=A%20-%20B`, { headers: AS_SOURCE });
    expect([answer.status, answer.text]).toEqual([200, OK]);
    expect(answer.headers.get("content-type")).toBe("text/xml");
    expect(answer.headers.get("content-length")).toBe(String(OK.length));
  });

  test.each([
    ["mount=/stream&mode=other&song=A", 200, "No such action</message><return>0</return>"],
    ["mount=/nowhere&mode=updinfo&song=A", 400, "Source does not exist"],
    ["mount=%252Fstream&mode=updinfo&song=A", 400, "Source does not exist"],
    ["mount=/stream&song=A", 400, "Missing parameter"],
    ["mode=updinfo&song=A", 400, "Missing parameter"],
    ["mount=/stream&mode=updinfo", 200, "Metadata update successful</message><return>1</return>"],
    ["mount=/stream&mode=updinfo&song=", 200, "Metadata update successful"],
  ])("to ?%s is %d %s", async (query, status, words) => {
    await using app = await App.start();
    const answer = await app.ask(`/admin/metadata?${query}`, { headers: AS_ADMIN });
    expect([answer.status, answer.text.includes(words)]).toEqual([status, true]);
  });

  test("names both methods to a program that asks for them", async () => {
    await using app = await App.start();
    const answer = await app.ask("/admin/metadata", { method: "OPTIONS" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([204, "GET, POST, HEAD, OPTIONS"]);
  });
});

describe("the title", () => {
  test.each([
    ["song=Artist+-+Title", { artist: "Artist", title: "Title" }],
    ["song=Artist%20-%20A%20-%20B", { artist: "Artist", title: "A - B" }],
    ["song=Just%20words", { artist: "", title: "Just words" }],
    ["song=AC%2FDC%20%2B%20more", { artist: "", title: "AC/DC + more" }],
    ["title=T&artist=A", { artist: "A", title: "T" }],
    ["title=T", { artist: "", title: "T" }],
    ["artist=A", { artist: "", title: "" }],
    ["song=S&title=T&artist=A&url=http%3A%2F%2Fx&album=L", { artist: "", title: "S" }],
    ["song=S&pass=whatever&charset=", { artist: "", title: "S" }],
    ["song=1999", { artist: "", title: "1999" }],
    ["song=100%25%20%zz", { artist: "", title: "100% %zz" }],
    ["song=one%0D%0Atwo%00three", { artist: "", title: "one two three" }],
    ["song=caf%C3%A9", { artist: "", title: "café" }],
    ["song=caf%C3%A9&charset=ISO-8859-1", { artist: "", title: "café" }],
    ["song=caf%E9", { artist: "", title: "café" }],
    ["song=%93quoted%94", { artist: "", title: "“quoted”" }],
    ["charset=windows-1251&song=%CF%E5%F1%ED%FF", { artist: "", title: "Песня" }],
    ["song=%E8&charset=no-such-thing", { artist: "", title: "è" }],
    ["song=%E8&charset=utf-8", { artist: "", title: "è" }],
  ])("of %s is %j", async (query, wanted) => {
    expect(await titleAfter(query)).toEqual(wanted);
  });

  test.each(["/stream", "stream", "//stream", "%2Fstream", "%2F%2Fstream/"])(
    "reaches its mount by the name %s",
    async (mount) => {
      await using app = await App.start();
      app.play();
      await app.ask(`/admin/metadata?mode=updinfo&mount=${mount}&song=S`, { headers: AS_SOURCE });
      expect(app.mount().metadata.title).toBe("S");
    },
  );

  test("comes as a form too, as raw bytes, to where the query says", async () => {
    await using app = await App.start();
    app.play();
    const answer = await app.ask("/admin/metadata?mode=updinfo&mount=/stream", {
      method: "POST",
      headers: { ...AS_SOURCE, "content-type": "application/x-www-form-urlencoded" },
      body: Buffer.from("song=caf\xe9+noir&charset=ISO-8859-1", "latin1"),
    });
    expect([answer.text, app.mount().metadata.title]).toEqual([OK, "café noir"]);
  });

  test("in a form without an end is not read", async () => {
    await using app = await App.start();
    const body = `song=${"x".repeat(1 << 17)}`;
    const answer = await app.ask(UPDATE, { method: "POST", headers: AS_SOURCE, body });
    expect(answer.status).toBe(413);
  });

  test("that came before its source is kept for it, and for no other after it", async () => {
    await using app = await App.start();
    app.play("/stream", "playlist", "A Track");
    await app.ask(`${UPDATE}&song=Early`, { headers: AS_SOURCE });
    expect(app.mount().metadata.title).toBe("A Track");
    const live = app.play("/stream", "live", "Show");
    expect(app.mount().metadata.title).toBe("Early");
    app.mount().detach(live, 0);
    app.play("/stream", "live", "Another Show");
    expect(app.mount().metadata.title).toBe("Another Show");
  });

  test("that waits longer than a minute for its source was of another show", async () => {
    await using app = await App.start();
    app.mount().retitle({ artist: "", title: "Old" }, systemClock.nowMs() - 60_001);
    app.play("/stream", "live", "Show");
    expect(app.mount().metadata.title).toBe("Show");
  });

  test("gives way to what its source says later", async () => {
    await using app = await App.start();
    const live = app.play();
    await app.ask(`${UPDATE}&song=Told`, { headers: AS_SOURCE });
    live.metadata = { artist: "", title: "Said" };
    app.mount().announce(live);
    expect(app.mount().metadata.title).toBe("Said");
    for (const ready of [false, true]) {
      live.ready = ready;
      app.mount().advance(systemClock.nowMs());
    }
    expect(app.mount().metadata.title).toBe("Said");
  });

  test("is on the status page when its audio is heard", async () => {
    await using app = await App.start();
    const live = app.play();
    await app.ask(`${UPDATE}&song=A+-+B`, { headers: AS_SOURCE });
    app.hear("/stream", live);
    const { text } = await app.ask("/status-json.xsl");
    expect(JSON.parse(text).icestats.source.title).toBe("A - B");
  });

  test("split in its two words is the same line again", () => {
    const lines = fc.oneof(fc.string(), fc.stringMatching(/^[ab -]*$/));
    fc.assert(fc.property(lines, (line) => titleLine(splitTitle(line)) === line));
  });
});

describe("titles are accepted from", () => {
  const asked = `${UPDATE}&song=S`;

  test.each([
    ["the source", { headers: AS_SOURCE }, asked],
    ["the keeper", { headers: AS_ADMIN }, asked],
    ["who has the password in pass=", {}, `${asked}&pass=${PASSWORD}`],
    [
      "with a wrong header beside the right pass=",
      { headers: { authorization: basic("a", "b") } },
      `${asked}&pass=${PASSWORD}`,
    ],
    ["with a wrong pass= beside the right header", { headers: AS_SOURCE }, `${asked}&pass=x`],
  ])("%s", async (_, init, path) => {
    await using app = await App.start();
    expect((await app.ask(path, init)).status).toBe(200);
    expect(app.station.admission.failedRequests).toBe(0);
  });

  test.each([
    ["nobody", {}, 0],
    ["a wrong password", { authorization: basic("source", "no") }, 1],
    ["a wrong user", { authorization: basic("dj", PASSWORD) }, 1],
    ["what is no Basic", { authorization: "Bearer x" }, 0],
  ])("not %s: only wrong credentials count as a failed login", async (_, headers, failed) => {
    await using app = await App.start();
    app.play();
    for (const path of [asked, asked.replace("/stream", "/nowhere")]) {
      const answer = await app.ask(path, { headers });
      expect([answer.status, answer.text]).toEqual([401, "You need to authenticate\r\n"]);
      expect(answer.headers.get("www-authenticate")).toBe('Basic realm="Icecast2 Server"');
      expect(answer.headers.get("content-length")).toBe("26");
    }
    expect(app.station.admission.failedRequests).toBe(2 * failed);
    expect(app.mount().metadata.title).toBe("");
  });

  test("not another mount's source", async () => {
    const config = adminConfig([{}, { path: "/jazz", sourcePassword: new Secret("jazz") }]);
    await using app = await App.start(config);
    const path = "/admin/metadata?mode=updinfo&mount=/jazz&song=S";
    expect((await app.ask(path, { headers: AS_SOURCE })).status).toBe(401);
    const headers = { authorization: basic("source", "jazz") };
    expect((await app.ask(path, { headers })).status).toBe(200);
  });

  test.each([
    ["127.0.0.1", 200],
    ["::1", 200],
    ["192.0.2.1", 403],
    [null, 403],
  ])("the default password from %s is %d", async (from, status) => {
    await using app = await App.start(adminConfig([{ sourcePassword: new Secret("hackme") }]));
    const headers = { authorization: basic("source", "hackme") };
    expect((await app.ask(asked, { headers, from })).status).toBe(status);
  });

  test("not the page of another site in the browser of who may", async () => {
    await using app = await App.start();
    const headers = { ...AS_SOURCE, "sec-fetch-site": "cross-site" };
    expect((await app.ask(asked, { headers })).status).toBe(403);
  });

  test("works without any admin account too", async () => {
    await using app = await App.start(adminConfig([{}], null));
    expect((await app.ask(asked, { headers: AS_SOURCE })).status).toBe(200);
  });
});

describe("/admin.cgi", () => {
  const PAGE =
    "<html><head><title>Admin request successful</title></head><body><p>Metadata update successful</p></body></html>";

  test.each([
    [`pass=${PASSWORD}`, "/stream"],
    [`pass=source:${PASSWORD}`, "/stream"],
    [`pass=${PASSWORD}:%232`, "/stream"],
    [`pass=source:${PASSWORD}:%232&sid=2`, "/jazz"],
    [`pass=${PASSWORD}&sid=1`, "/stream"],
    [`pass=${PASSWORD}&mount=/jazz`, "/jazz"],
    ["pass=keeper:admin-of-the-test", "/stream"],
  ])("with %s tells %s", async (query, path) => {
    await using app = await App.start(adminConfig([{}, { path: "/jazz" }]));
    app.play("/stream");
    app.play("/jazz");
    const answer = await app.ask(`/admin.cgi?mode=updinfo&${query}&song=S&url=`);
    expect([answer.status, answer.text]).toEqual([200, PAGE]);
    expect(answer.headers.get("content-length")).toBe(String(PAGE.length));
    expect(app.mount(path).metadata.title).toBe("S");
  });

  test.each([
    ["mode=updinfo&song=S", 400, "missing pass parameter"],
    ["mode=updinfo&song=S&pass=no", 401, "You need to authenticate"],
    [`mode=updinfo&song=S&sid=9&pass=${PASSWORD}`, 400, "Source does not exist"],
    [`mode=viewlog&pass=${PASSWORD}`, 401, "You need to authenticate"],
    ["mode=viewlog&pass=admin-of-the-test", 400, "No such action"],
    ["mode=constructor&pass=admin-of-the-test", 400, "No such action"],
  ])("with %s is %d %s", async (query, status, words) => {
    await using app = await App.start();
    const answer = await app.ask(`/admin.cgi?${query}`);
    expect([answer.status, answer.text.includes(words)]).toEqual([status, true]);
  });

  test("takes a password that holds a colon whole before it looks for a user in it", () => {
    expect(passCredentials("a:b:#7")).toEqual([
      { user: "source", password: "a:b:#7" },
      { user: "source", password: "a:b" },
      { user: "a", password: "b" },
    ]);
  });
});

describe("a form", () => {
  test("keeps of several fields of one name the first that says something", () => {
    const form = parseForm(Buffer.from("a=&a=1&a=2&b&=x&c=%3D&d=e=f"));
    const texts = [...form].map(([name, bytes]) => [name, decodeText(bytes)]);
    expect(texts).toEqual([
      ["a", "1"],
      ["", "x"],
      ["c", "="],
      ["d", "e=f"],
    ]);
  });

  test("is read whatever its bytes are, and holds no more than 100 fields", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => parseForm(bytes).size <= 100),
    );
    const many = Array.from({ length: 500 }, (_, i) => `f${i}=x`).join("&");
    expect(parseForm(Buffer.from(many)).size).toBe(100);
  });
});
