// Pure: for how long a mount with a live source needs no turn, if nothing comes.
import type { Mount } from "../../mount/mount.ts";

/** Milliseconds until a send is due, or another input goes on air; without listeners that can wait. */
export function livePauseMs(
  { onAir, hold }: Pick<Mount, "onAir" | "hold">,
  listeners: number,
  { pauseMs: dueMs }: { readonly pauseMs: number },
  nowMs: number,
): number {
  if (listeners === 0) return Number.POSITIVE_INFINITY;
  const inputMs = onAir?.pauseMs?.(nowMs) ?? Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(dueMs, hold.pauseMs(nowMs), inputMs));
}
