// The time of a listener: how long its admission lets it stay, and who is notified when it has left.
import type { Listener } from "./listener.ts";

/** Ends it when its time is over, wherever it is by then. */
export function limitTime(listener: Listener): void {
  const { limitSeconds = 0 } = listener.client.session ?? {};
  if (limitSeconds === 0) return;
  const end = () => listener.audience.dismiss(listener, "its time is over");
  listener.timer = setTimeout(end, limitSeconds * 1000);
}

/** It has left, after these bytes. */
export function endTime(listener: Listener, sentBytes: number, nowMs: number) {
  const { client, sink, joinedMs, timer } = listener;
  clearTimeout(timer);
  sink.left?.(sentBytes);
  client.session?.left((nowMs - joinedMs) / 1000, sentBytes);
}
