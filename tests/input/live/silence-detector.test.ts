// When an input's audio counts as silent, and when it has sound again, in seconds of audio.
import { describe, expect, test } from "bun:test";
import type { HeardWindow } from "../../../src/convert/job.ts";
import { type Codec, type Frames, FRAME_SYNC } from "../../../src/format/frame.ts";
import { silentAacFrame } from "../../../src/format/sync/adts.ts";
import { silentMpegFrame } from "../../../src/format/sync/mpeg.ts";
import { SilenceDetector } from "../../../src/input/live/silence-detector.ts";
import { adtsFrame } from "../../format/adts-builder.ts";
import { mpegFrame } from "../../format/mpeg-builder.ts";

const AAC = { codec: "aac", sampleRate: 48_000, channels: 2 } as const;
const QUIET = silentAacFrame(AAC);
/** What cannot be read counts as loud. */
const LOUD = adtsFrame({ blocks: 2 });

/** A tenth of a second. */
function tenth(bytes: Uint8Array): Frames {
  const table = Uint32Array.of(bytes.length, 100_000, FRAME_SYNC);
  return { bytes, table, samples: Uint32Array.of(4800), count: 1, seconds: 0.1 };
}

class Listening {
  readonly detector: SilenceDetector;
  /** Seconds of audio so far. */
  seconds = 0;
  /** "silent at 30" */
  readonly changes: string[] = [];
  /** When a window was measured, in seconds of audio. */
  readonly measured: number[] = [];
  /** What is heard in the next windows: the level of each step. */
  steps: readonly number[] | null = [];
  timeout = 30;

  constructor(codec: Codec) {
    this.detector = new SilenceDetector(
      codec,
      () => this.#measure(),
      (isSilent) => this.changes.push(`${isSilent ? "silent" : "sound"} at ${this.#at}`),
      () => this.timeout,
    );
  }

  get #at(): number {
    return Math.round(this.seconds * 10) / 10;
  }

  async play(frame: Uint8Array, seconds: number): Promise<void> {
    for (let i = 0; i < Math.round(seconds * 10); i++) {
      this.seconds += 0.1;
      this.detector.add(tenth(frame));
      for (let turn = 0; turn < 4; turn++) await Promise.resolve();
    }
  }

  async #measure(): Promise<HeardWindow> {
    this.measured.push(this.#at);
    if (this.steps === null) throw new Error("it cannot be decoded");
    return { steps: this.steps, truePeak: null };
  }
}

describe("AAC, whose frames say how loud they are,", () => {
  test("is silent after silence_timeout without sound, and has sound again after half a second of it", async () => {
    const heard = new Listening("aac");
    await heard.play(LOUD, 5);
    await heard.play(QUIET, 60);
    // Within a second of sound, no other is looked for.
    expect(heard.changes).toEqual([expect.stringMatching(/^silent at 3[56]/)]);
    await heard.play(LOUD, 1);
    expect(heard.changes.slice(1)).toEqual(["sound at 65.5"]);
  });

  test("is silent from its start on", async () => {
    const heard = new Listening("aac");
    await heard.play(QUIET, 29.9);
    expect(heard.changes).toEqual([]);
    await heard.play(QUIET, 1);
    expect(heard.changes).toEqual(["silent at 30"]);
  });

  test("is never silent while pauses are shorter, however many", async () => {
    const heard = new Listening("aac");
    for (let i = 0; i < 10; i++) {
      await heard.play(QUIET, 28);
      await heard.play(LOUD, 0.1);
    }
    expect(heard.changes).toEqual([]);
  });

  test("stays silent through clicks", async () => {
    const heard = new Listening("aac");
    await heard.play(QUIET, 31);
    for (let i = 0; i < 20; i++) {
      await heard.play(LOUD, 0.3);
      await heard.play(QUIET, 2);
    }
    expect(heard.changes).toEqual(["silent at 30"]);
  });

  test("returns with speech, which has pauses of its own", async () => {
    const heard = new Listening("aac");
    await heard.play(QUIET, 30);
    for (let i = 0; i < 4; i++) {
      await heard.play(LOUD, 0.3);
      await heard.play(QUIET, 0.1);
    }
    expect(heard.changes).toEqual(["silent at 30", "sound at 30.7"]);
  });
});

describe("audio that has to be decoded", () => {
  const frame = new Uint8Array(100);
  const steps = (db: number, count = 30) => Array<number>(count).fill(db);

  test("is decoded after ten seconds, and not for ten seconds after each sound", async () => {
    const heard = new Listening("opus");
    heard.steps = [...steps(-80, 29), -50];
    await heard.play(frame, 40);
    expect(heard.changes).toEqual([]);
    expect(heard.measured).toEqual([13, 27].map((at) => expect.closeTo(at, 0)));
  });

  test("is silent once all windows of silence_timeout were, and back with half a second of sound", async () => {
    const heard = new Listening("vorbis");
    heard.steps = steps(-75);
    await heard.play(frame, 45);
    expect(heard.changes).toEqual([expect.stringMatching(/^silent at (39|40)/)]);
    heard.steps = [...steps(-20, 4), ...steps(-75, 26)];
    await heard.play(frame, 6);
    expect(heard.changes).toHaveLength(1);
    heard.steps = [...steps(-20, 5), ...steps(-75, 25)];
    await heard.play(frame, 6);
    expect(heard.changes[1]).toMatch(/^sound at/);
  });

  test("at the threshold does not come and go", async () => {
    const heard = new Listening("opus");
    heard.steps = steps(-61);
    await heard.play(frame, 45);
    heard.steps = steps(-58);
    await heard.play(frame, 45);
    expect(heard.changes).toHaveLength(1);
  });

  test("counts as sound where it cannot be decoded", async () => {
    const heard = new Listening("opus");
    heard.steps = null;
    await heard.play(frame, 120);
    expect(heard.changes).toEqual([]);
  });
});

describe("MP3", () => {
  const silent = silentMpegFrame({ codec: "mp3", sampleRate: 44_100, channels: 2 });
  /** Its side information says nothing. */
  const unsure = mpegFrame({ layer: 2 });

  test("is silent by its side information, without decoding", async () => {
    const heard = new Listening("mp3");
    await heard.play(silent, 31);
    expect(heard.changes).toEqual(["silent at 30"]);
    expect(heard.measured).toEqual([]);
  });

  test("is decoded where that does not decide, until it does again", async () => {
    const heard = new Listening("mp3");
    heard.steps = [-90];
    await heard.play(unsure, 14);
    expect(heard.measured).toHaveLength(1);
    await heard.play(silent, 40);
    expect(heard.measured).toHaveLength(2);
    expect(heard.changes).toHaveLength(1);
  });
});

test("audio of a codec that nothing here decodes is never silent", async () => {
  const heard = new Listening("speex");
  await heard.play(QUIET, 100);
  expect([heard.changes, heard.measured]).toEqual([[], []]);
});
