// What a URL back end is asked: Icecast's fields, in Icecast's order.
import { describe, expect, test } from "bun:test";
import {
  listenerAdd,
  listenerRemove,
  type Listening,
  streamAuth,
} from "../../src/access/url-form.ts";

const SERVER = { host: "radio.example", port: 8000 };

const ONE: Listening = {
  client: "17",
  path: "/live",
  query: "?lang=de&x=1",
  user: "anna",
  password: "p&ss",
  address: "192.0.2.1",
  agent: "VLC/3.0",
  referer: "",
  listeners: 3,
};

const names = (form: string) => [...new URLSearchParams(form).keys()];

describe("the question whether somebody may listen", () => {
  test("has the fields of KH, and the query with the mount", () => {
    expect(names(listenerAdd(SERVER, ONE)).join(" ")).toBe(
      "action server port client mount user pass ip agent referer listeners",
    );
    const form = new URLSearchParams(listenerAdd(SERVER, ONE));
    expect(form.get("mount")).toBe("/live?lang=de&x=1");
    expect(form.get("pass")).toBe("p&ss");
  });

  test("names a dash for a player that has no name", () => {
    const form = new URLSearchParams(listenerAdd(SERVER, { ...ONE, agent: "" }));
    expect(form.get("agent")).toBe("-");
  });

  test("is bounded, however long what a stranger sends", () => {
    const long = { ...ONE, query: `?${"q".repeat(9000)}`, agent: "a".repeat(9000) };
    expect(listenerAdd(SERVER, long).length).toBeLessThan(4096);
  });
});

test("that a listener has left comes with its seconds and bytes, and the mount without a query", () => {
  const form = listenerRemove(SERVER, ONE, { seconds: 61.9, bytes: 5000 });
  expect(names(form).join(" ")).toBe(
    "action server port client mount user pass duration ip agent sent",
  );
  const fields = new URLSearchParams(form);
  expect([fields.get("mount"), fields.get("duration"), fields.get("sent")]).toEqual([
    "/live",
    "61",
    "5000",
  ]);
});

test("the question whether somebody may be the source tells a title update from it", () => {
  const one = { path: "/live", address: "192.0.2.1", user: "dj", password: "x" };
  const asked = streamAuth(SERVER, { ...one, isTitle: false });
  expect(names(asked).join(" ")).toBe("action mount ip server port user pass");
  expect(streamAuth(SERVER, { ...one, isTitle: true })).toBe(`${asked}&admin=1`);
});
