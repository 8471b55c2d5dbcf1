// Parsers of audio: whatever comes, however it is cut, they find the same frames, hold little and account for every byte.
import { createParser } from "../../src/format/create-parser.ts";
import { DETECT_BYTES, Detector } from "../../src/format/detect.ts";
import type { FrameParser } from "../../src/format/frame.ts";
import { addGain } from "../../src/format/mpeg/global-gain.ts";
import { TrackShape } from "../../src/format/mpeg/track-shape.ts";
import { adtsFrames } from "../format/adts-builder.ts";
import { expectSame, feed } from "../format/feed.ts";
import { concat, id3v2, mpegFrames } from "../format/mpeg-builder.ts";
import {
  flacHead,
  oggChain,
  vorbisComments,
  vorbisId,
  vorbisSetup,
} from "../format/ogg-builder.ts";
import { block, clusterHead, timestamp, webmHeader } from "../format/webm-builder.ts";
import { type Chance, pieces } from "./chance.ts";
import { type Target, hold } from "./target.ts";

/** More than any parser keeps back: the longest page, packet, or header. */
const HELD_BYTES = 600 << 10;

function codec(name: "mp3" | "aac" | "ogg" | "webm", seeds: readonly Uint8Array[]): Target {
  const create = (): FrameParser => {
    let serial = 0;
    const parser = createParser(name, { nextSerial: () => ++serial });
    if (parser === null) throw new Error(`no parser for ${name}`);
    return parser;
  };
  return {
    name,
    seeds,
    check(bytes, chance) {
      const whole = feed(create(), [bytes]);
      expectSame(feed(create(), pieces(bytes, chance)), whole);
      hold(whole.heldBytes <= HELD_BYTES, `${whole.heldBytes} bytes are held`);
      hold(Number.isFinite(whole.seconds), "the audio has no duration");
      hold(
        whole.micros.every((micros) => micros >= 0 && micros < 60e6),
        "a frame lasts impossibly",
      );
    },
  };
}

const nasty = mpegFrames(12, { payload: "nasty" });
const mono = mpegFrames(12, { version: 2, bitrate: 64, mode: "mono", crc: true });
const vorbis = oggChain({
  headers: [vorbisId(), vorbisComments(["TITLE=a", "ARTIST=b"]), vorbisSetup()],
});
const flac = oggChain({ headers: [flacHead(), vorbisComments(["TITLE=c"])] });
const cluster = concat(
  clusterHead(),
  timestamp(5),
  block(0),
  block(20, { grouped: true }),
  block(40),
);

/** The gain that was given is taken back: the frame is the file's again unless a field reached its end. */
function checkGain(frame: Uint8Array, chance: Chance): void {
  const steps = chance.below(41) - 20;
  const copy = frame.slice();
  if (!addGain(copy, steps))
    return hold(Buffer.compare(copy, frame) === 0, "a refused frame was changed");
  hold(addGain(copy, -steps), "the gain cannot be taken back");
  hold(copy.length === frame.length, "the frame has another length");
}

export const formats: readonly Target[] = [
  codec("mp3", [concat(...mpegFrames(20)), concat(id3v2(50), ...nasty), concat(...mono)]),
  codec("aac", [concat(...adtsFrames(20))]),
  codec(
    "ogg",
    [oggChain(), vorbis, flac].map((pages) => concat(...pages)),
  ),
  codec("webm", [concat(webmHeader({ title: "a", artist: "b" }), cluster, cluster)]),
  {
    name: "detection",
    seeds: [concat(id3v2(300), ...mpegFrames(3)), concat(...adtsFrames(3)), concat(...oggChain())],
    check(bytes, chance) {
      const [whole, cut] = [new Detector(), new Detector()];
      const found = whole.push(bytes);
      let last = cut.push(new Uint8Array(0));
      for (const piece of pieces(bytes, chance)) last ??= cut.push(piece);
      hold(bytes.length < DETECT_BYTES || found !== null, "it never makes up its mind");
      hold(found === null || last !== null, "pieces are not recognised, the whole is");
    },
  },
  { name: "global gain", seeds: [...nasty.slice(0, 3), ...mono.slice(0, 3)], check: checkGain },
  {
    name: "shape of a track",
    seeds: [concat(...mpegFrames(6)), concat(...nasty)],
    check(bytes, chance) {
      const parser = createParser("mp3");
      const ends = { delay: chance.below(3000), padding: chance.below(3000) };
      const shape = new TrackShape({ steps: chance.below(21) - 10, silence: 0, ends });
      let [came, played] = [0, 0];
      for (
        let batch = parser?.push(bytes);
        batch !== undefined && batch.count > 0;
        batch = parser?.next()
      ) {
        came += batch.count;
        played += shape.push(batch).count;
        if (chance.below(4) === 0) played += shape.end(batch).count;
      }
      hold(played <= came, "more frames play than came");
    },
  },
];
