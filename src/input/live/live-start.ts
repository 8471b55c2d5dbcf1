// Where a source's audio begins that was encoded before it connected.
import type { Frames, StreamFormat } from "../../format/frame.ts";
import { aloneFrames } from "../../format/mpeg/seam.ts";
import { TrackShape } from "../../format/mpeg/track-shape.ts";

export class LiveStart {
  readonly #start = new TrackShape({ steps: 0, silence: null, ends: null });

  /** Its first frames, without those that refer to audio from before it connected: they would be noise. */
  push(frames: Frames, format: StreamFormat | null): Frames {
    if (format?.codec !== "mp3") return frames;
    const kept = this.#start.push(frames);
    return kept.count === 0 ? kept : aloneFrames(kept, this.#start.before);
  }
}
