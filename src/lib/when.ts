// A value that is there already or comes later.

/** Calls `next` with the value: in this very turn if it is there already, so that nothing waits for the event loop. */
export function when<T, U>(
  value: T | Promise<T>,
  next: (value: T) => U | Promise<U>,
): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
