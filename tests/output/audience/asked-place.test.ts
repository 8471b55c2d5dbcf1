// Where a stream's address asks to begin.
import { describe, expect, test } from "bun:test";
import { askedPlace } from "../../../src/output/audience/asked-place.ts";

describe("an address asks for", () => {
  const date = Date.UTC(2026, 10, 29, 10);
  test.each([
    ["/stream", { kind: "live" }],
    ["/stream?t=1", { kind: "live" }],
    ["/stream?at=-300", { kind: "ago", seconds: 300 }],
    ["/stream?a=b&at=-1.5", { kind: "ago", seconds: 1.5 }],
    ["/stream?at=2026-11-29T10:00:00Z", { kind: "date", wallMs: date }],
    ["/stream?at=2026-11-29T10:00Z", { kind: "date", wallMs: date }],
    ["/stream?at=2026-11-29T10:00:00.250Z", { kind: "date", wallMs: date + 250 }],
    ["/stream?at=2026-11-29T11:00:00%2B01:00", { kind: "date", wallMs: date }],
    ["/stream?at=2026-11-29T11:00:00+01:00", { kind: "date", wallMs: date }],
    ["/stream?resume=abc", { kind: "resume", token: "abc", bytes: null }],
    ["/stream?resume=abc&bytes=417", { kind: "resume", token: "abc", bytes: 417 }],
    ["/stream?at=-5&resume=abc", { kind: "resume", token: "abc", bytes: null }],
  ])("%s", (target, asked) => {
    expect<unknown>(askedPlace(target)).toEqual(asked);
  });

  test("the live audio by nothing back", () => {
    expect(askedPlace("/stream?at=0")).toMatchObject({ kind: "ago", seconds: -0 });
    expect(askedPlace("/stream?at=-0")).toMatchObject({ kind: "ago", seconds: 0 });
  });
});

test.each([
  "at=",
  "at=300",
  "at=--300",
  "at=-1e3",
  "at=yesterday",
  "at=2026-11-29",
  "at=2026-11-29T10:00:00",
  "at=2026-13-29T10:00:00Z",
  "at=2026-11-29T25:00:00Z",
  `at=-${"9".repeat(40)}`,
  "resume=abc&bytes=-1",
  "resume=abc&bytes=",
  "resume=abc&bytes=1e9",
])("%s is answered with what is expected", (query) => {
  const asked = askedPlace(`/stream?${query}`);
  expect(asked.kind).toBe("unreadable");
});

test("a token is kept no longer than any of ours", () => {
  expect(askedPlace(`/stream?resume=${"x".repeat(10_000)}`)).toEqual({
    kind: "resume",
    token: "x".repeat(200),
    bytes: null,
  });
});
