// The access log: a line that log analysers of Icecast read, with no secret and no second line in it.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { accessLine, maskSecrets, type AccessLine } from "../../src/journal/access-line.ts";

const VISIT: AccessLine = {
  address: "192.0.2.4",
  user: "",
  request: "GET /live HTTP/1.1",
  referer: "http://radio.example/",
  userAgent: "VLC/3.0",
  status: 200,
  sentBytes: 480_000,
  seconds: 30.9,
  endedMs: Date.UTC(2026, 7, 1, 10),
};

const TEXT = '"(?:[^"\\\\]|\\\\.)*"';
const LINE = new RegExp(
  `^\\S+ - \\S+ \\[[^\\]]+\\] ${TEXT} \\d{3} \\d+ ${TEXT} ${TEXT} \\d+$`,
  "u",
);

test("a line is the combined form and the seconds", () => {
  expect(accessLine(VISIT)).toBe(
    '192.0.2.4 - - [01/Aug/2026:10:00:00 +0000] "GET /live HTTP/1.1" 200 480000 ' +
      '"http://radio.example/" "VLC/3.0" 30',
  );
});

test("a line names the account and the status", () => {
  expect(accessLine({ ...VISIT, user: "keeper", status: 404 })).toBe(
    '192.0.2.4 - keeper [01/Aug/2026:10:00:00 +0000] "GET /live HTTP/1.1" 404 480000 ' +
      '"http://radio.example/" "VLC/3.0" 30',
  );
});

test("what was not told is a dash", () => {
  const line = accessLine({ ...VISIT, request: "", referer: "", userAgent: "" });
  expect(line).toEndWith('] "-" 200 480000 "-" "-" 30');
});

test("an account with a blank in its name stays one field", () => {
  expect(accessLine({ ...VISIT, user: "the keeper" })).toStartWith("192.0.2.4 - the_keeper [");
});

test("no field has a character that moves the cursor, breaks the line or turns the writing around", () => {
  const evil = "a\x1b[2Jb\r\nc\u0085d\u2028e\u202ef\u2066g\u200fh";
  const fields = { user: evil, referer: evil, userAgent: evil, request: `GET /${evil} HTTP/1.1` };
  const line = accessLine({ ...VISIT, ...fields });
  expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
  expect(line).toContain("a [2Jb  c d e f g h");
});

describe("secrets are masked", () => {
  test.each([
    ["/live?pass=hackme", "/live?pass=***"],
    ["/live?a=1&PASS=x&b=2", "/live?a=1&PASS=***&b=2"],
    ["/live?p%61ss=x", "/live?p%61ss=***"],
    ["/live?password=a=b", "/live?password=***"],
    ["/live?pass=two words", "/live?pass=***"],
    ["/live?song=A - B&pass=x", "/live?song=A - B&pass=***"],
    ["/live?resume=abc&at=-5", "/live?resume=***&at=-5"],
    ["/hls/live/media.m3u8?s=abc", "/hls/live/media.m3u8?s=***"],
    ["/live?compass=north", "/live?compass=north"],
    ["/live", "/live"],
  ])("%s is told as %s", (target, wanted) => {
    expect(maskSecrets(target)).toBe(wanted);
    expect(accessLine({ ...VISIT, request: `GET ${target} HTTP/1.1` })).toContain(
      `"GET ${wanted} HTTP/1.1"`,
    );
    expect(accessLine({ ...VISIT, referer: `http://x${target}` })).toContain(`"http://x${wanted}"`);
  });

  test("in front of a host too", () => {
    const referer = "http://keeper:hackme@radio.example/a";
    const line = accessLine({ ...VISIT, referer, request: `GET ${referer} HTTP/1.0` });
    expect(line).toContain('"http://***@radio.example/a"');
    expect(line).not.toContain("hackme");
  });
});

test("nothing that a client sends ends a field or the line", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.string(),
      (userAgent, referer, request, user) =>
        LINE.test(accessLine({ ...VISIT, userAgent, referer, request, user })),
    ),
  );
});

test("a line is short, whatever a client sends", () => {
  const long = "x".repeat(100_000);
  const line = accessLine({ ...VISIT, userAgent: long, referer: long, request: long, user: long });
  expect(line.length).toBeLessThan(5000);
  expect(line).toMatch(LINE);
});
