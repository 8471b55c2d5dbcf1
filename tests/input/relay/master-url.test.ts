// Addresses of masters: where they lead, and what is never shown or carried on.
import { describe, expect, test } from "bun:test";
import { masterUrl, redirected } from "../../../src/input/relay/master-url.ts";

const OWN = { user: "relay", password: "of the block" };

function url(text: string) {
  const found = masterUrl(text, OWN);
  if (found === null) throw new Error(text);
  return found;
}

describe("the address of a master", () => {
  test("is taken apart", () => {
    expect(url("http://radio.example:8000/live?x=1#part")).toMatchObject({
      host: "radio.example",
      port: 8000,
      isSecure: false,
      target: "/live?x=1",
      authority: "radio.example:8000",
      credentials: OWN,
    });
    expect(url("https://[2001:db8::1]")).toMatchObject({
      host: "2001:db8::1",
      port: 443,
      isSecure: true,
      target: "/",
      authority: "[2001:db8::1]",
    });
  });

  test("names its own user and password, decoded", () => {
    const { credentials, href, shown } = url("https://me%40home:p%3Aw@radio.example/live?token=t");
    expect(credentials).toEqual({ user: "me@home", password: "p:w" });
    expect(href).toBe("https://radio.example/live?token=t");
    expect(shown).toBe("https://radio.example/live");
  });

  test.each(["ftp://a/", "nothing", "http://", "file:///x"])("is not %s", (text) => {
    expect(masterUrl(text)).toBeNull();
  });
});

describe("a redirect", () => {
  const from = url("https://me:secret@a.example/old/path");

  test.each([
    ["/new", "https://a.example/new", true],
    ["other", "https://a.example/old/other", true],
    ["https://a.example:8443/x", "https://a.example:8443/x", true],
    ["https://b.example/x", "https://b.example/x", false],
    ["//b.example/x", "https://b.example/x", false],
    ["http://a.example/x", "http://a.example/x", false],
  ])("to %s leads to %s; credentials go along: %p", (location, href, carries) => {
    const to = redirected(from, location);
    expect(to?.href).toBe(href);
    expect(to?.credentials ?? null).toEqual(carries ? { user: "me", password: "secret" } : null);
  });

  test("may bring credentials of its own", () => {
    expect(redirected(from, "https://x:y@b.example/")?.credentials).toEqual({
      user: "x",
      password: "y",
    });
  });

  test.each(["", "mailto:x@y", "ftp://a.example/x", "http://"])(
    "to %j leads nowhere",
    (location) => {
      const to = redirected(from, location);
      expect(to === null || to.href === from.href).toBe(true);
    },
  );
});
