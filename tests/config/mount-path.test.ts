// The specification of mount paths: one spelling for each mount, none for what can be no mount.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isReservedMount, normaliseMount } from "../../src/lib/mount-path.ts";

describe("a mount path", () => {
  test.each([
    ["/stream", "/stream"],
    ["stream", "/stream"],
    ["//stream", "/stream"],
    ["/stream/", "/stream"],
    ["%2Fstream", "/stream"],
    ["/a//b///c/", "/a/b/c"],
    ["/live.mp3", "/live.mp3"],
    ["/%73tream", "/stream"],
    ["/caf%C3%A9", "/café"],
    ["/...", "/..."],
  ])("written %p is %p", (written, normal) => {
    expect(normaliseMount(written)).toBe(normal);
  });

  test.each([
    ["nothing", ["", "/", "//", "%2F"]],
    ["a way up or around", ["/..", "/../x", "/a/../b", "/a/%2e%2e/b", "/./a", "..", "/a\\..\\b"]],
    ["a query or a fragment", ["/a?b", "/a#b", "/a%3Fb", "/a%23b"]],
    [
      "a control or a blank",
      [
        "/a\n",
        "/a\0",
        "/a%00",
        "/a b",
        "/a%20b",
        "/a\u007f",
        "/a\u00a0b",
        "/a\u2028b",
        "/a\u202eb",
      ],
    ],
    ["a broken escape", ["/%", "/%zz", "/%C3", "/%ff"]],
    ["an escape behind an escape", ["/%2541", "/%252e%252e"]],
    ["a pattern of the router", ["/:id", "/*", "/a*b"]],
    ["too long a name", [`/${"a".repeat(255)}`, `/${"%61".repeat(255)}`, "a".repeat(1_000_000)]],
  ])("cannot be %s", (_, paths) => {
    expect(paths.map(normaliseMount)).toEqual(paths.map(() => null));
  });

  test("that is normal stays as it is, whatever it came from", () => {
    const piece = fc.constantFrom(
      "/",
      "a",
      "é",
      "%2F",
      "%41",
      "%",
      ".",
      "..",
      "?",
      " ",
      "%25",
      "😀",
    );
    const path = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(piece).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(path, (written) => {
        const normal = normaliseMount(written);
        if (normal === null) return;
        expect(normaliseMount(normal)).toBe(normal);
        expect(normaliseMount(encodeURI(normal))).toBe(normal);
        expect(normal).toMatch(/^(\/[^/]+)+$/);
      }),
      { numRuns: 2000 },
    );
  });

  test("may not be one that the server answers itself", () => {
    const own = [
      "/",
      "/api",
      "/api/status",
      "/swagger",
      "/swagger/json",
      "/health",
      "/health/ready",
      "/admin",
      "/admin/metadata",
      "/admin.cgi",
      "/status-json.xsl",
      "/favicon.ico",
    ];
    const tools = ["/stats", "/statistics", "/7.html", "/listen.pls", "/app.js", "/style.css"];
    expect(tools.filter((path) => !isReservedMount(path))).toEqual([]);
    expect(own.filter((path) => !isReservedMount(path))).toEqual([]);
    expect(["/stream", "/apis", "/healthy", "/live/api"].filter(isReservedMount)).toEqual([]);
  });
});
