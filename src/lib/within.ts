// A time limit for promises that may never settle.

interface Limited {
  readonly ms: number;
  readonly promise: Promise<unknown>;
}

/** Waits for the first, and for the second only if the first was in time: both wait for one disk. Both limits begin now. */
export async function withinInTurn(first: Limited, second: Limited): Promise<void> {
  const later = within(second.ms, second.promise);
  const isInTime = await within(
    first.ms,
    first.promise.then(() => true),
  );
  if (isInTime === true) await later;
}

/** The promise's value, or null after `ms`; the promise itself goes on. Rejects as the promise does. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
