// A listener of an edge waits for what it is to hear first: the edge may have to begin pulling the stream, or be a moment behind
// the server that the listener heard before.
import type { Mount } from "../../mount/mount.ts";
import type { SharedPlace } from "../../mount/positions.ts";
import type { Asked } from "./asked-place.ts";
import type { Audience } from "./audience.ts";

/** Then it gets what there is. */
const LONGEST_MS = 5000;

/** Settles when the listener may join; null if it may at once. */
export function arrival({ mount, tickets }: Audience, asked: Asked): Promise<void> | null {
  const { pull } = mount;
  if (pull === null) return tickets.prepare(asked);
  const target = tickets.goingOn(asked)?.next ?? null;
  const isOver = () =>
    target === null ? pull.isPlaying : isHeld(mount, target) || isNever(mount, target);
  if (isOver()) return null;
  pull.wake(target);
  return untilFrames(mount, isOver);
}

function isHeld({ positions, ring }: Mount, target: SharedPlace): boolean {
  const local = positions.local(target);
  return local !== null && ring.frameAt(local) !== null;
}

/** What is written does not lead there. */
function isNever({ positions, ring, pull }: Mount, target: SharedPlace): boolean {
  const isGoingOn = pull?.isPlaying === true && positions.endAt(ring.head) !== null;
  return isGoingOn && positions.missing(target) === null;
}

function untilFrames({ events }: Mount, isOver: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      subscription[Symbol.dispose]();
      resolve();
    };
    // Where the frames are from is noted behind them.
    const look = () => queueMicrotask(() => isOver() && finish());
    const subscription = events.on("frames", look);
    const timer = setTimeout(finish, LONGEST_MS);
  });
}
