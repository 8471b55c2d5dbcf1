// The validator itself: it finds nothing in a stream that is right, and each of its checks finds what is wrong.
import { describe, expect, test } from "bun:test";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { type Check, CHECKS } from "../support/hls/problem.ts";
import { type Answer, HlsValidator } from "../support/hls/validator.ts";
import { FakeHls, INDEX, type Kind, type Wrong } from "./fake-hls.ts";

/** The checks that found something in eight versions of the playlists, or in as many as are wanted. */
async function checked(kind: Kind, wrong: Wrong = {}, variants = ["a"]): Promise<Set<Check>> {
  const fake = new FakeHls(kind, wrong, variants);
  const nowMs = () => fake.nowMs;
  const validator = new HlsValidator({ fetch: fake.fetch, nowMs, pollMs: 0 });
  await validator.open(INDEX);
  const [step, count] = kind === "parts" ? [0.2, 13] : [1, 8];
  for (let i = 0; i < count; i++) {
    fake.version = i * step;
    await validator.poll();
  }
  validator.finish();
  return new Set(validator.problems.map(({ check }) => check));
}

/** From the third version on. */
function later(change: (text: string) => string): Wrong {
  return { list: (text, version) => (version < 2 ? text : change(text)) };
}

function always(change: (text: string) => string): Wrong {
  return { list: change };
}

function replaced(from: string | RegExp, to: string): Wrong {
  return always((text) => text.replace(from, to));
}

function withHeader(part: string, name: string, value: string | null): Wrong {
  return {
    answer(answer, path) {
      if (!path.includes(part)) return answer;
      const headers = new Headers(answer.headers);
      if (value === null) headers.delete(name);
      else headers.set(name, value);
      return { ...answer, headers };
    },
  };
}

function gone(isGone: (answer: Answer, name: string) => boolean): Wrong {
  return { answer: (answer, name) => (isGone(answer, name) ? { ...answer, status: 404 } : answer) };
}

/** Parts are gone once they are not listed. */
function withoutOlderParts(): Wrong {
  let newest = 0;
  const isGone = (name: string) => newest >= 1 && /-2-\d\.mp3$/.test(name);
  return {
    list: (text, version) => {
      newest = version;
      return text;
    },
    ...gone((_, name) => isGone(name)),
  };
}

/** Bytes with one of them changed. */
function poked(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}

function found(bytes: Uint8Array, text: string): number {
  return Buffer.from(bytes).indexOf(text);
}

/** As long, at another rate. */
const other = concat(...mpegFrames(211, { bitrate: 32, sampleRate: 44_100 }));

const RANGE = /#EXT-X-DATERANGE.*/;

const WRONG: readonly [check: Check, what: string, wrong: Wrong, kind?: Kind][] = [
  ["text", "a byte that is no UTF-8", replaced("A, B", "\xff")],
  ["text", "a BOM", always((text) => `\xef\xbb\xbf${text}`)],
  ["text", "a control character", replaced("A, B", "\x07")],
  ["text", "white space behind a line", replaced("#EXTINF:5.52000,", "#EXTINF:5.52000, ")],
  ["begin", "another first line", always((text) => `\n${text}`)],
  ["kind", "a variant in a media playlist", replaced(RANGE, "#EXT-X-STREAM-INF:BANDWIDTH=1")],
  ["kind", "a segment in a multivariant playlist", { index: (text) => `${text}#EXTINF:6,\n` }],
  ["attributes", "a space between attributes", replaced(",CLASS", ", CLASS")],
  ["attributes", "a name twice", replaced(",CLASS", ',ID="t1",CLASS')],
  ["attributes", "a comma at the end", replaced('"A, B"', '"A, B",')],
  ["values", "text without quotes", replaced('CLASS="radio.title"', "CLASS=radio")],
  ["values", "a NO where only YES is", replaced("END-ON-NEXT=YES", "END-ON-NEXT=NO")],
  ["values", "a map without a URI", replaced('URI="init0.mp4"', 'BYTERANGE="1"'), "opus"],
  ["version", "decimals in version 2", replaced("VERSION:3", "VERSION:2")],
  ["version", "a map in version 5", replaced("VERSION:6", "VERSION:5"), "opus"],
  ["version", "two versions", replaced("#EXT-X-TARGET", "#EXT-X-VERSION:3\n#EXT-X-TARGET")],
  ["once", "a tag twice", replaced("#EXT-X-MEDIA-S", "#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-MEDIA-S")],
  [
    "order",
    "a sequence number behind a segment",
    always((text) => `${text.replace("#EXT-X-MEDIA-SEQUENCE:0\n", "")}#EXT-X-MEDIA-SEQUENCE:0\n`),
  ],
  ["target", "no target duration", replaced(/#EXT-X-TARGET.*\n/, "")],
  ["duration", "a target that is too short", replaced("TARGETDURATION:6", "TARGETDURATION:5")],
  ["extinf", "no comma", replaced(/(#EXTINF:[\d.]+),/, "$1")],
  ["extinf", "no duration", replaced(/#EXTINF.*\n/, "")],
  ["map", "no map", replaced(/#EXT-X-MAP.*\n/, ""), "opus"],
  ["map", "a map of packed audio", replaced(RANGE, '#EXT-X-MAP:URI="init0.mp4"')],
  ["dates", "no time zone", replaced(/(PROGRAM-DATE-TIME:[^Z]*)Z/, "$1")],
  ["date-steps", "a date that is late", replaced(/(PROGRAM-DATE-TIME:.*)\.\d+Z/, "$1.999Z")],
  ["range-fields", "no ID", replaced('ID="t1",', "")],
  ["range-fields", "an end before the start", replaced("END-ON", 'END-DATE="2020-01-01",END-ON')],
  ["range-next", "no CLASS", replaced('CLASS="radio.title",', "")],
  ["range-next", "a duration besides", replaced("END-ON", "DURATION=3,END-ON")],
  ["range-changed", "another title later", later((text) => text.replace("A, B", "C"))],
  ["range-dates", "no dates", always((text) => text.replaceAll(/#EXT-X-PROGRAM.*\n/g, ""))],
  ["target-changed", "another target", later((text) => text.replace("DURATION:6", "DURATION:7"))],
  ["sequence", "a number that goes back", later((text) => text.replace(/(NCE:)\d/, "$10"))],
  ["segment-changed", "another URI", later((text) => text.replaceAll(/a-(\d)/g, "b-$1"))],
  [
    "discontinuity",
    "a number that grows by itself",
    { list: (text, version) => text.replace("SEQUENCE:7", `SEQUENCE:${7 + version}`) },
  ],
  ["window", "two segments are left", later((text) => text.split("\n").slice(0, -7).join("\n"))],
  ["pace", "versions that come twice as fast", later((text) => text.replace("ON:6", "ON:20"))],
  ["ended", "segments behind the end", always((text) => `${text}#EXT-X-ENDLIST\n`)],
  ["stream-inf", "no bandwidth", { index: (text) => text.replace(/[^:]BANDWIDTH=\d+/, "") }],
  ["stream-inf", "no URI", { index: (text) => text.replace("a.m3u8\n", "") }],
  ["stream-inf", "no codecs", { index: (text) => text.replace(/,CODECS.*/, "") }],
  ["bandwidth", "less than a segment", { index: (text) => text.replaceAll(/H=\d+/g, "H=9000") }],
  ["average", "half", { index: (text) => text.replace(/AVERAGE-BANDWIDTH=\d+/, "$&0") }],
  [
    "average",
    "another mean",
    { index: (text) => text.replace(/(AVERAGE-BANDWIDTH=)\d+/, "$1900") },
  ],
  ["codecs", "another codec", { index: (text) => text.replace("mp4a.40.34", "mp4a.40.2") }],
  ["codecs", "another codec", { index: (text) => text.replace("Opus", "fLaC") }, "opus"],
  ["control", "less than three targets", replaced("CAN-BLOCK", "HOLD-BACK=12,CAN-BLOCK")],
  ["control", "to skip too soon", replaced("CAN-BLOCK", "CAN-SKIP-UNTIL=20,CAN-BLOCK")],
  ["hint", "no URI", always((text) => `${text}#EXT-X-PRELOAD-HINT:TYPE=PART\n`)],
  [
    "hint",
    "a URI that does not come true",
    always((text) => `${text}#EXT-X-PRELOAD-HINT:TYPE=PART,URI="a-99.mp3"\n`),
  ],
  ["hint", "two of a type", replaced(/#EXT-X-PRELOAD.*/, "$&\n$&"), "parts"],
  ["hint", "a part that does not come", replaced(/-\d\.mp3"\n$/, '-9.mp3"\n'), "parts"],
  ["values", "a part without a duration", replaced(/DURATION=1[\d.]+,URI/, "URI"), "parts"],
  ["part-inf", "no target", replaced(/#EXT-X-PART-INF.*\n/, ""), "parts"],
  ["part-inf", "no distance to hold", replaced(",PART-HOLD-BACK=3.45", ""), "parts"],
  ["part-inf", "less than two parts", replaced("BACK=3.45", "BACK=2.2"), "parts"],
  ["part-duration", "longer parts", replaced("TARGET=1.15", "TARGET=1.1"), "parts"],
  ["part-duration", "shorter parts", replaced("TARGET=1.15", "TARGET=1.4"), "parts"],
  ["part-sum", "a part less", replaced(/#EXT-X-PART:.*-3\.mp3.*\n/, ""), "parts"],
  [
    "part-order",
    "another length later",
    {
      list: (text, version) =>
        version < 0.5 ? text : text.replaceAll(/1\.10400(,URI="a-4-)/g, "1.11$1"),
    },
    "parts",
  ],
  [
    "part-order",
    "a part before others",
    {
      list: (text, version) =>
        version > 1.5 ? text : text.replaceAll(/#EXT-X-PART:.*a-4-3\.mp3.*\n/g, ""),
    },
    "parts",
  ],
  [
    "part-pace",
    "parts that come late",
    {
      list: (text, version) =>
        version > 0.7 ? text : text.replaceAll(/#EXT-X-PART:.*a-4-[12]\.mp3.*\n/g, ""),
    },
    "parts",
  ],
  ["part-removed", "parts that are gone", withoutOlderParts(), "parts"],
  ["part-media", "a part without its tag", { part: (bytes) => bytes.subarray(73) }, "parts"],
  [
    "part-media",
    "a part with a frame less",
    { part: (bytes, n) => (n > 3 ? bytes.subarray(0, bytes.length - 96) : bytes) },
    "parts",
  ],
  ["status", "a part that is not there", gone((_, name) => name === "a-4-1.mp3"), "parts"],
  ["status", "a segment that is not there", gone((_, name) => name === "a-4.mp3")],
  ["status", "a playlist that is not there", gone((_, name) => name === "a.m3u8")],
  ["type", "a playlist as text", withHeader("a.m3u8", "content-type", "text/plain")],
  ["type", "a segment of another type", withHeader(".mp3", "content-type", "audio/aac")],
  ["timestamp", "no tag", { segment: (bytes) => bytes.subarray(73) }],
  ["timestamp", "more than 33 bits", { segment: (bytes) => poked(bytes, 66, 1) }],
  ["frames", "a broken frame", { segment: (bytes) => bytes.subarray(0, bytes.length - 9) }],
  [
    "frames",
    "another format",
    { segment: (bytes, number) => (number === 5 ? concat(bytes.subarray(0, 73), other) : bytes) },
  ],
  ["segment-times", "a gap", { segment: (bytes, n) => (n > 4 ? poked(bytes, 70, 0x7f) : bytes) }],
  ["length", "a frame less", { segment: (bytes) => bytes.subarray(0, bytes.length - 96) }],
  ["init", "no mvex", { init: (bytes) => poked(bytes, found(bytes, "mvex"), 0x78) }, "opus"],
  ["init", "garbage", { init: (bytes) => bytes.subarray(0, 50) }, "opus"],
  ["tfdt", "none", { segment: (bytes) => poked(bytes, found(bytes, "tfdt"), 0x78) }, "opus"],
  ["tfdt", "a sequence that stands", { segment: (bytes) => poked(bytes, 23, 0) }, "opus"],
  [
    "segment-times",
    "a decode time that goes back",
    { segment: (bytes) => poked(bytes, found(bytes, "tfdt") + 13, 1) },
    "opus",
  ],
  ["cors", "no header", withHeader("", "access-control-allow-origin", null)],
  ["playlist-cache", "an hour", withHeader("m3u8", "cache-control", "max-age=3600")],
  ["playlist-cache", "a weak ETag", withHeader("m3u8", "etag", 'W/"x"')],
  ["segment-cache", "a second", withHeader("mp3", "cache-control", "max-age=1, immutable")],
  ["segment-cache", "not immutable", withHeader("mp3", "cache-control", "max-age=86400")],
  [
    "not-modified",
    "the whole answer",
    { answer: (answer) => (answer.status === 304 ? { ...answer, status: 200 } : answer) },
  ],
  ["gzip", "a segment", withHeader("mp3", "content-encoding", "gzip")],
];

describe("a stream that is right", () => {
  test.each(["mp3", "opus", "parts"] as const)("as %s has no problem", async (kind) => {
    expect([...(await checked(kind))]).toEqual([]);
  });

  test("in two variants has no problem", async () => {
    expect([...(await checked("mp3", {}, ["a", "b"]))]).toEqual([]);
  });
});

describe("the check", () => {
  test.each(WRONG)("'%s' finds %s", async (check, _, wrong, kind = "mp3") => {
    expect([...(await checked(kind, wrong))]).toContain(check);
  });

  test.each([
    ["variant-target", (text: string) => text.replace("ON:6", "ON:7")],
    ["variant-times", (text: string) => text.replaceAll(/(TIME:.*)\.\d+Z/g, "$1.999Z")],
    ["variant-discontinuity", (text: string) => text.replace("SEQUENCE:7", "SEQUENCE:8")],
  ] as const)("'%s' compares variants", async (check, change) => {
    const list = (text: string, _: number, name: string) => (name === "b" ? change(text) : text);
    expect([...(await checked("mp3", { list }, ["a", "b"]))]).toContain(check);
  });

  test("'removed' looks for segments that were removed a moment ago", async () => {
    let newest = 0;
    const wrong: Wrong = {
      list: (text, version) => {
        newest = version;
        return text;
      },
      ...gone((_, name) => Number(/-(\d)\.mp3/.exec(name)?.[1] ?? 99) < newest),
    };
    expect([...(await checked("mp3", wrong))]).toEqual(["removed"]);
  });

  test("of each name is held by one of these", () => {
    const held = new Set<string>(WRONG.map(([check]) => check));
    const others = ["variant-target", "variant-times", "variant-discontinuity", "removed"];
    expect(Object.keys(CHECKS).filter((name) => !held.has(name) && !others.includes(name))).toEqual(
      [],
    );
  });
});
