// What masters say about their mounts.
import { describe, expect, test } from "bun:test";
import { mountsInList, mountsInStatus } from "../../../src/input/relay/stream-list.ts";

const NOTHING = { name: "", description: "", genre: "", url: "" };
const LIVE = { listenurl: "http://radio.example:8000/live", server_name: "Live", genre: 80 };

function status(source: unknown): string {
  return JSON.stringify({ icestats: { host: "radio.example", source, dummy: null } });
}

describe("/status-json.xsl", () => {
  test("has no source, one, or several", () => {
    expect(mountsInStatus(status(undefined))).toEqual([]);
    expect(mountsInStatus(status(LIVE))).toEqual([
      { ...NOTHING, path: "/live", name: "Live", genre: "80" },
    ]);
    const jazz = { listenurl: "http://radio.example/jazz/a%20b.mp3" };
    expect(mountsInStatus(status([LIVE, jazz, LIVE]))?.map(({ path }) => path)).toEqual(["/live"]);
    expect(mountsInStatus(status([LIVE, { listenurl: "/jazz.mp3" }]))?.[1]?.path).toBe("/jazz.mp3");
  });

  test.each(["", "<html>", "[]", "{}", '{"icestats":3}', '{"icestats":{"source":'])(
    "is not %j",
    (text) => expect(mountsInStatus(text)).toBeNull(),
  );

  test("names nothing that would be in the way of this server's own pages", () => {
    const bad = ["/admin/x", "/api", "/", "http://", "/../etc", "/x?y", null];
    expect(mountsInStatus(status(bad.map((listenurl) => ({ listenurl }))))).toEqual([]);
    expect(mountsInStatus(status(["x", null, 3, [LIVE]]))).toEqual([]);
  });
});

test("a list has paths or addresses, ended as each system likes, each once", () => {
  const list =
    "/live\r\nhttp://radio.example:8000/jazz.ogg\n\n/live\n/admin/stats\nnonsense here\n";
  expect(mountsInList(list)).toEqual([
    { ...NOTHING, path: "/live" },
    { ...NOTHING, path: "/jazz.ogg" },
  ]);
});
