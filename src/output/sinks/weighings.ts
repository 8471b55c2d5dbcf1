// Lets sinks look what the kernel has taken once Bun has written: one timer for all that were written to in a turn.
interface Weighed {
  weigh(): void;
}

let waiting: Weighed[] = [];

/** Bun writes a small span at the end of an event-loop turn, after setImmediate callbacks. */
export function weighLater(sink: Weighed): void {
  if (waiting.push(sink) === 1) setTimeout(weighAll, 0);
}

function weighAll(): void {
  const sinks = waiting;
  waiting = [];
  for (const sink of sinks) sink.weigh();
}
