// Pure: for how long a mount needs no turn, if nothing comes.
import type { Mount } from "../../mount/mount.ts";
import { groupMs } from "../at-once.ts";

/** Milliseconds until a send is due, or another input goes on air. */
export function pauseMs(
  { onAir, hold }: Pick<Mount, "onAir" | "hold">,
  listeners: number,
  isAtOnce: boolean,
  broadcaster: { readonly pauseMs: number },
  nowMs: number,
): number {
  if (onAir?.isFed !== true) return groupMs(isAtOnce, listeners);
  // With nobody there it can wait.
  if (listeners === 0) return Number.POSITIVE_INFINITY;
  const inputMs = onAir.pauseMs?.(nowMs) ?? Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(broadcaster.pauseMs, hold.pauseMs(nowMs), inputMs));
}
