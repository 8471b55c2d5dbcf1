// Typed events with any number of subscribers.

type Handler<Event> = (event: Event) => void;

/** `Events` maps each event name to its payload. */
export class Emitter<Events extends object> {
  readonly #handlers = new Map<keyof Events, Set<Handler<never>>>();

  /** `onError` gets what a subscriber throws; neither other subscribers nor the emitting code see it. */
  constructor(private readonly onError: (error: unknown, event: keyof Events) => void) {}

  /** Calls `handler` synchronously on each event until the returned subscription is disposed of. */
  on<Name extends keyof Events>(event: Name, handler: Handler<Events[Name]>): Disposable {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler));
    return { [Symbol.dispose]: () => void handlers.delete(handler) };
  }

  /** Whether an event has subscribers; lets a hot path skip building unused events. */
  has(event: keyof Events): boolean {
    return (this.#handlers.get(event)?.size ?? 0) > 0;
  }

  emit<Name extends keyof Events>(event: Name, data: Events[Name]): void {
    for (const handler of this.#handlers.get(event) ?? []) {
      try {
        // on() stores only handlers of this event's type under its name.
        (handler as Handler<Events[Name]>)(data);
      } catch (error) {
        this.onError(error, event);
      }
    }
  }
}

/** Disposes of several subscriptions as one. */
export function together(subscriptions: Iterable<Disposable>): Disposable {
  const all = new DisposableStack();
  for (const subscription of subscriptions) all.use(subscription);
  return all;
}
