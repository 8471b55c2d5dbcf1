// Icecast's .xsl forms: what the plain commands do, told on a page.
import { describe, expect, test } from "bun:test";
import { FakeSink } from "../../output/fake-sink.ts";
import { CLIENT } from "../../output/stage.ts";
import { AS_ADMIN, AS_SOURCE, App, adminConfig } from "../app.ts";

const TWO = () => adminConfig([{}, { path: "/jazz" }]);

const PAGES = [
  "stats",
  "stats?mount=/stream",
  "listmounts",
  "listclients?mount=/stream",
  "killclient?mount=/stream&id=1",
  "killsource?mount=/stream",
  "moveclients?mount=/stream&destination=/jazz",
  "fallbacks?mount=/stream&fallback=/jazz",
  "updatemetadata?mount=/stream",
  "metadata?mount=/stream&mode=updinfo&song=S",
].map((text) => text.replace(/^\w+/, "/admin/$&.xsl"));

/** A station with a show on one mount and a playlist on the other, and somebody who hears the first. */
async function onAir() {
  const app = await App.start(TWO());
  const live = app.play("/stream");
  const ended: string[] = [];
  Object.assign(live, { close: (why: string) => ended.push(why) });
  app.play("/jazz", "playlist");
  const sink = new FakeSink();
  const listener = app.audience().join({ ...CLIENT, userAgent: "<b>Player</b>" }, sink);
  if (listener === null) throw new Error("nobody can join");
  return { app, sink, listener, ended };
}

describe.each(PAGES)("%s", (path) => {
  test("is a page", async () => {
    const { app } = await onAir();
    await using _ = app;
    const { status, headers, text } = await app.ask(path, { headers: AS_ADMIN });
    expect([status, headers.get("content-type")?.split(";")[0]]).toEqual([200, "text/html"]);
    expect(text).toContain("<html");
    expect(text).not.toContain("<b>Player");
    expect(headers.get("content-length")).toBe(String(Buffer.byteLength(text)));
  });

  test("is for the admin, not from another site's page, and not by HEAD", async () => {
    const { app, sink, ended } = await onAir();
    await using _ = app;
    const status = async (init: RequestInit) => (await app.ask(path, init)).status;
    const foreign = { ...AS_ADMIN, "sec-fetch-site": "cross-site" };
    expect(await status({})).toBe(401);
    expect(await status({ headers: foreign })).toBe(403);
    expect(await status({ headers: AS_ADMIN, method: "HEAD" })).toBe(405);
    expect([sink.ends, app.audience("/jazz").count, ended]).toEqual([0, 0, []]);
    expect(app.mount().metadata.title).toBe("");
  });
});

test("killclient.xsl ends the listener and says so", async () => {
  const { app, sink, listener } = await onAir();
  await using _ = app;
  const path = `/admin/killclient.xsl?mount=/stream&id=${listener.number}`;
  const { text } = await app.ask(path, { headers: AS_ADMIN });
  expect(text).toContain(`<td>Client ${listener.number} removed</td>`);
  expect(sink.ends).toBe(1);
});

test("killsource.xsl ends the source, moveclients.xsl moves, fallbacks.xsl sets", async () => {
  const { app, ended } = await onAir();
  await using _ = app;
  const ask = async (text: string) => (await app.ask(`/admin/${text}`, { headers: AS_ADMIN })).text;
  expect(await ask("moveclients.xsl?mount=/stream&destination=/jazz")).toContain(
    "<td>Clients moved from /stream to /jazz</td>",
  );
  expect(app.audience("/jazz").count).toBe(1);
  expect(await ask("fallbacks.xsl?mount=/stream&fallback=/jazz")).toContain("Fallback configured");
  expect(await ask("listmounts.xsl")).toContain("<tr><th>fallback</th><td>/jazz</td></tr>");
  expect(await ask("killsource.xsl?mount=/stream")).toContain("<td>Source Removed</td>");
  expect(ended).toEqual(["kicked by keeper"]);
});

test("listclients.xsl names addresses and programs", async () => {
  const { app } = await onAir();
  await using _ = app;
  const { text } = await app.ask("/admin/listclients.xsl?mount=/stream", { headers: AS_ADMIN });
  expect(text).toContain("<h2>source /stream</h2>");
  expect(text).toContain("<td>192.0.2.7</td><td>&lt;b&gt;Player&lt;/b&gt;</td>");
});

test("the form of updatemetadata.xsl is what metadata.xsl takes", async () => {
  const { app } = await onAir();
  await using _ = app;
  const page = await app.ask("/admin/updatemetadata.xsl?mount=/stream", { headers: AS_ADMIN });
  const action = /action="([^"]+)"/.exec(page.text)?.[1] ?? "";
  const given = [...page.text.matchAll(/name="(\w+)" value="([^"]*)"/g)];
  const body = new URLSearchParams({ song: "A — B" });
  for (const [, name = "", value = ""] of given) body.set(name, value);
  const init = { method: "POST", headers: AS_SOURCE, body };
  const { status, text } = await app.ask(action, init);
  expect([status, text.includes("<td>Metadata update successful</td>")]).toEqual([200, true]);
  expect(app.mount().metadata.title).toBe("A — B");
});

test.each(["manageauth", "manageauth.xsl"])(
  "%s says that there are no accounts: 501",
  async (name) => {
    await using app = await App.start();
    const { status, text } = await app.ask(`/admin/${name}?mount=/stream`, { headers: AS_ADMIN });
    expect([status, text.includes("no listener accounts")]).toEqual([501, true]);
  },
);

test("a mistake has the same words as in the plain form", async () => {
  await using app = await App.start();
  for (const query of ["", "?mount=/nowhere", "?mount=/stream"]) {
    const ask = (form: string) =>
      app.ask(`/admin/killsource${form}${query}`, { headers: AS_ADMIN });
    const [plain, page] = [await ask(""), await ask(".xsl")];
    expect([page.status, page.text]).toEqual([400, plain.text]);
  }
});
