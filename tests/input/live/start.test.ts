// A source whose encoder ran before it connected: its first frames refer to audio that nobody here has.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLayer3 } from "../../../src/format/mpeg/layer3.ts";
import { LiveSource } from "../../../src/input/live/live.ts";
import { DECODERS, encode, framesOf, makeMusic } from "../../format/mpeg/mp3-files.ts";
import { concat } from "../../format/mpeg-builder.ts";
import { requireProgram } from "../../support/programs.ts";
import { Stage } from "../stage.ts";

const programs = ["ffmpeg", "lame", "mpg123"];
const canRun = programs.map(requireProgram).every((path) => path !== null);
const CLIENT = { address: "192.0.2.7", userAgent: "Relay/1", showName: "", metaint: null };

let folder = "";
let wav = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "start-"));
  wav = join(folder, "music.wav");
  if (canRun) await makeMusic(wav, 1.5);
});

afterAll(() => rm(folder, { recursive: true }));

/** What goes on air of a source that sends these bytes in chunks of this size. */
function aired(bytes: Uint8Array, size: number): Uint8Array[] {
  using stage = new Stage();
  const source = new LiveSource(stage.mount, CLIENT);
  stage.mount.attach(source);
  for (let at = 0; at < bytes.length; at += size) {
    expect(source.push(bytes.subarray(at, at + size), stage.clock.ms)).toBeNull();
  }
  source.end(stage.clock.ms);
  return stage.heard.map((frame) => frame.bytes);
}

describe.skipIf(!canRun)("a source that connects in the midst of its stream", () => {
  test.each(["CBR 128", "CBR 320", "mono V4", "8 kHz 8 mono"])(
    "with %s is heard from its first frame that is complete",
    async (kind) => {
      const frames = await framesOf(await encode(wav, kind));
      const at = frames.findIndex((frame, i) => i > 5 && readLayer3(frame)!.mainDataBegin > 20);
      for (const size of [417, 100_000]) {
        const heard = aired(concat(...frames.slice(at)), size);
        // Its main data is all there, whatever stood before it on air.
        expect(readLayer3(heard[0]!)!.mainDataBegin).toBe(0);
        const tail = heard.slice(2);
        expect(Buffer.compare(concat(...tail), concat(...frames.slice(-tail.length)))).toBe(0);
        const lost = frames.length - at - heard.length;
        expect(lost).toBeLessThanOrEqual(kind === "8 kHz 8 mono" ? 30 : 3);
        for (const { decode } of DECODERS) {
          const [whole, cut] = [await decode(frames, folder), await decode(heard, folder)];
          const from = whole.length - cut.length;
          // A silent frame may be in front.
          const settled = whole
            .subarray(from)
            .findLastIndex((sample, i) => Math.abs(sample - cut[i]!) >= 1 / 32768);
          expect(settled).toBeLessThan((2304 + 1152) * 2);
        }
      }
    },
  );

  test("is heard from its very first frame if that needs no other", async () => {
    const frames = await framesOf(await encode(wav, "CBR 128"));
    expect(Buffer.compare(concat(...aired(concat(...frames), 1000)), concat(...frames))).toBe(0);
  });
});
