// The access log: a line that log analysers of Icecast read, with no secret and no second line in it.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { accessLine, maskSecrets } from "../../src/stats/access-line.ts";
import type { VisitFacts } from "../../src/stats/facts.ts";

const VISIT: VisitFacts = {
  address: "192.0.2.4",
  request: "GET /live HTTP/1.1",
  referer: "http://radio.example/",
  userAgent: "VLC/3.0",
  sentBytes: 480_000,
  seconds: 30.9,
  endedMs: Date.UTC(2026, 7, 1, 10),
};

test("a line is the combined form and the seconds", () => {
  expect(accessLine(VISIT)).toBe(
    '192.0.2.4 - - [01/Aug/2026:10:00:00 +0000] "GET /live HTTP/1.1" 200 480000 ' +
      '"http://radio.example/" "VLC/3.0" 30',
  );
});

test("what was not told is a dash", () => {
  expect(accessLine({ ...VISIT, referer: "", userAgent: "" })).toEndWith(' 480000 "-" "-" 30');
});

describe("secrets are masked", () => {
  test.each([
    ["/live?pass=hackme", "/live?pass=***"],
    ["/live?a=1&PASS=x&b=2", "/live?a=1&PASS=***&b=2"],
    ["/live?p%61ss=x", "/live?p%61ss=***"],
    ["/live?password=a=b", "/live?password=***"],
    ["/live?compass=north", "/live?compass=north"],
    ["/live", "/live"],
  ])("%s is told as %s", (target, wanted) => {
    expect(maskSecrets(target)).toBe(wanted);
    expect(accessLine({ ...VISIT, request: `GET ${target} HTTP/1.1` })).toContain(
      `"GET ${wanted} HTTP/1.1"`,
    );
    expect(accessLine({ ...VISIT, referer: `http://x${target}` })).toContain(`"http://x${wanted}"`);
  });
});

test("nothing that a listener sends ends a field or the line", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (userAgent, referer) => {
      const line = accessLine({ ...VISIT, userAgent, referer });
      const text = '"(?:[^"\\\\]|\\\\.)*"';
      return new RegExp(`^\\S+ - - \\[[^\\]]+\\] ${text} 200 \\d+ ${text} ${text} \\d+$`).test(
        line,
      );
    }),
  );
});
