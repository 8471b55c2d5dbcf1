// Pure: where a new connection's audio goes on from what was written, by the positions that a server of the cluster says.
import type { Frames } from "../../format/frame.ts";
import { copyFrames, sliceFrames, splitFrames } from "../../format/frame-slice.ts";
import type { TimedPlace } from "../../mount/positions.ts";
import type { Searched } from "./continuation.ts";

/** `next`: the position that has not been written yet. `end`: that behind the frames. What lies between was lost if they
 * begin later. */
export function placed(frames: Frames, next: number, end: number): Searched {
  const start = end - frames.bytes.length;
  if (end <= next) return { kind: "behind", frames: [] };
  if (start === next) return { kind: "found", frames: [copyFrames(frames)] };
  if (start > next) return { kind: "unlike", frames: [copyFrames(frames)] };
  const from = frameAt(frames, next - start);
  const rest = sliceFrames(frames, from);
  return rest.count === 0
    ? { kind: "behind", frames: [] }
    : { kind: "found", frames: [copyFrames(rest)] };
}

/** The first frame that begins there or later. */
function frameAt(frames: Frames, offset: number): number {
  let at = 0;
  const starts = splitFrames(frames).map(({ bytes }) => (at += bytes.length) - bytes.length);
  const found = starts.findIndex((start) => start >= offset);
  return found < 0 ? frames.count : found;
}

/** Batches in one piece, each with the place behind it; `end`: that behind the last one. */
export function ended(
  batches: readonly Frames[],
  end: TimedPlace | null,
): { readonly batch: Frames; readonly end: TimedPlace | null }[] {
  let at = end;
  return batches
    .toReversed()
    .map((batch) => {
      const its = at;
      at = at && before(at, batch);
      return { batch, end: its };
    })
    .toReversed();
}

function before({ run, position, seconds }: TimedPlace, batch: Frames): TimedPlace {
  return { run, position: position - batch.bytes.length, seconds: seconds - batch.seconds };
}
