// Looks again at connections whose kernel was full: they are Bun's, which tells nobody else when there is room.
interface Waiting {
  readonly isBlocked: boolean;
  drain(): void;
}

/** Of what is in the kernel, a listener lives much longer. */
const LOOK_MS = 200;

const waiting = new Set<Waiting>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Drains it as soon as it can be, and until it is blocked no more. */
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
