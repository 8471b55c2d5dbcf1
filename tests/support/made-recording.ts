// Complete recordings of MP3, as a station finds them when it starts.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { FRAME_MS } from "./tracks.ts";

const HEAD = Buffer.alloc(300, 0x20);

export interface MadeRecording {
  /** Of its files, without their endings. */
  readonly name: string;
  readonly frames: readonly Uint8Array[];
  readonly startMs: number;
  /** The frames whose times are known. */
  readonly anchors: readonly number[];
  readonly titles: readonly { sample: number; artist: string; title: string }[];
}

/** By the recording "shows" of /stream. */
export async function makeRecording(folder: string, made: MadeRecording): Promise<void> {
  const { name, frames, anchors, titles } = made;
  const startMs = Math.round(made.startMs);
  const audio = Buffer.concat(frames);
  const anchorOf = (frame: number) => {
    const byte = Buffer.concat(frames.slice(0, frame)).length;
    return [Math.round(startMs + frame * FRAME_MS), byte, frame, frame * 1152, 0];
  };
  const document = {
    version: 1,
    file: `${name}.mp3`,
    mount: "/stream",
    recording: "shows",
    station: "",
    show: "",
    codec: "mp3",
    sample_rate: 44_100,
    channels: 2,
    start_ms: startMs,
    end_ms: Math.round(made.startMs + frames.length * FRAME_MS),
    seconds: (frames.length * FRAME_MS) / 1000,
    samples: frames.length * 1152,
    frames: frames.length,
    head_bytes: HEAD.length,
    audio_bytes: audio.length,
    delay: 0,
    lost_seconds: 0,
    hold: false,
    anchors: anchors.map(anchorOf),
    titles,
  };
  await mkdir(folder, { recursive: true });
  await Bun.write(join(folder, `${name}.mp3`), Buffer.concat([HEAD, audio]));
  await Bun.write(join(folder, `${name}.json`), JSON.stringify(document));
}
