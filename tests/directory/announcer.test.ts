// A station that announces its mounts to a directory which answers as the real one does.
import { afterEach, expect, test } from "bun:test";
import { DirectoryAnnouncer } from "../../src/station/directory-announcer.ts";
import type { Config } from "../../src/config/config.ts";
import { AS_ADMIN, App, adminConfig } from "../http/app.ts";
import { StandIn } from "./stand-in.ts";

const open: { stop(isNow: boolean): unknown }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) void server.stop(true);
});

function listed(url: string, listenUrl = "http://radio.example:8000/"): Config {
  const config = adminConfig([{}, { path: "/jazz" }]);
  const [first, jazz] = config.mounts;
  if (jazz === undefined) throw new Error("there is no second mount");
  const isPublic = { ...first.directory, public: true };
  return { ...config, yp: { url, listenUrl }, mounts: [{ ...first, directory: isPublic }, jazz] };
}

test("the public mounts that play are listed with their title and listeners, and leave at the end", async () => {
  const directory = new StandIn();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => new Response("", { headers: directory.answer(await request.text()) }),
  });
  open.push(server);
  const config = listed(`http://127.0.0.1:${server.port}/cgi-bin/yp-cgi`);
  await using app = await App.start(config);
  const announcer = new DirectoryAnnouncer(app.station);
  announcer.configure(config);
  await announcer.look(0);
  expect(directory.actions).toEqual([]);
  for (const path of ["/stream", "/jazz"]) app.play(path, "live", "A Title");
  await announcer.look(1000);
  await announcer.look(6000);
  expect(directory.actions).toEqual(["add", "touch"]);
  expect([...directory.listed.values()]).toEqual([
    { listenUrl: "http://radio.example:8000/stream", title: "A Title", listeners: "0" },
  ]);
  expect(app.logged).toContain("info the directory lists /stream (Successfully added)");
  const { text } = await app.ask("/api/admin/overview", { headers: AS_ADMIN });
  const mounts: { directory: object }[] = JSON.parse(text).mounts;
  expect(mounts.map((mount) => mount.directory)).toEqual([
    { state: "listed", message: "OK" },
    { state: "off", message: "" },
  ]);
  await announcer.close();
  expect(directory.listed.size).toBe(0);
});

test("a station that ends while it waits for an answer announces nothing more", async () => {
  const directory = new StandIn();
  const { promise: held, resolve } = Promise.withResolvers<void>();
  const config = listed("https://dir.example/");
  const [first, jazz] = config.mounts;
  const mounts = [first, { ...jazz!, directory: first.directory }] as const;
  await using app = await App.start({ ...config, mounts });
  const announcer = new DirectoryAnnouncer(app.station, async (request) => {
    await held;
    return directory.send(request);
  });
  announcer.configure({ ...config, mounts });
  for (const path of ["/stream", "/jazz"]) app.play(path, "live", "A Title");
  const looked = announcer.look(0);
  const closed = announcer.close();
  resolve();
  await Promise.all([looked, closed]);
  expect(directory.actions).toEqual(["add"]);
});

test("what the directory refuses is in the log once, and at the desk with what to do", async () => {
  const directory = new StandIn();
  const config = listed("https://dir.example/");
  await using app = await App.start(config);
  const listenUrl = "http://radio.example:8000/stream";
  directory.listed.set("x", { listenUrl, title: "", listeners: "" });
  const announcer = new DirectoryAnnouncer(app.station, directory.send);
  announcer.configure(config);
  app.play();
  for (const ms of [0, 1000, 2000]) await announcer.look(ms);
  const said = app.logged.filter((line) => line.includes("directory "));
  expect(said.filter((line) => line.includes("refuses"))).toEqual([
    "warn the directory refuses /stream (Server is already listed)",
  ]);
  const { text } = await app.ask("/api/admin/doctor", { headers: AS_ADMIN });
  expect(text).toContain("Server is already listed");
  await announcer.close();
});

test("a directory that is away costs one attempt, and names no address", async () => {
  const config = listed("http://127.0.0.1:1/secret-path");
  await using app = await App.start(config);
  const announcer = new DirectoryAnnouncer(app.station);
  announcer.configure(config);
  app.play();
  for (let ms = 0; ms < 60_000; ms += 1000) await announcer.look(ms);
  const said = app.logged.filter((line) => line.includes("the directory cannot"));
  expect(said).toHaveLength(1);
  expect(said[0]).not.toContain("secret-path");
  await announcer.close();
});

test("without yp.url nobody is asked, and another directory is asked anew", async () => {
  const [first, second] = [new StandIn(), new StandIn()];
  const config = listed("https://first.example/");
  await using app = await App.start(config);
  const announcer = new DirectoryAnnouncer(app.station, (request) =>
    request.url.includes("first") ? first.send(request) : second.send(request),
  );
  app.play();
  announcer.configure({ ...config, yp: { ...config.yp, url: "" } });
  await announcer.look(0);
  expect(first.actions).toEqual([]);
  announcer.configure(config);
  await announcer.look(1000);
  announcer.configure({ ...config, yp: { ...config.yp, url: "https://second.example/" } });
  await announcer.look(2000);
  // The first forgets at once what it will not be asked about again.
  expect([first.actions, second.actions]).toEqual([["add", "remove"], ["add"]]);
  announcer.configure({ ...config, yp: { ...config.yp, url: "" } });
  expect([second.actions, second.listed.size]).toEqual([["add", "remove"], 0]);
  await announcer.close();
});
