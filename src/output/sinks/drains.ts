// Polls connections whose send buffer was full: Bun owns them and reports a drain only to itself.
interface Waiting {
  readonly isBlocked: boolean;
  drain(): void;
}

/** Shorter than a full send buffer lasts a player. */
const LOOK_MS = 200;

const waiting = new Set<Waiting>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Drains the sink as soon as possible, until it is no longer blocked. */
export function drainLater(sink: Waiting): void {
  waiting.add(sink);
  timer ??= setInterval(look, LOOK_MS);
}

function look(): void {
  for (const sink of waiting) {
    sink.drain();
    if (!sink.isBlocked) waiting.delete(sink);
  }
  if (waiting.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}
