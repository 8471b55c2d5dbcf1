// Waits for a decision that comes later, while the client is there and for a limited time.
import type { Decision } from "./verdict.ts";

/** late: it did not come in time; gone: the client left first. */
export type JudgeOutcome = Decision | "late" | "gone" | Error;

/** Never rejects. */
export function outcomeOf(
  decision: Promise<Decision>,
  limitMs: number,
  gone: AbortSignal,
): Promise<JudgeOutcome> {
  const { promise, resolve } = Promise.withResolvers<JudgeOutcome>();
  const leave = () => resolve("gone");
  const timer = setTimeout(() => resolve("late"), limitMs);
  gone.addEventListener("abort", leave, { once: true });
  if (gone.aborted) leave();
  decision.then(resolve, (error: unknown) => resolve(errorOf(error)));
  return promise
    .then((outcome) => (gone.aborted ? "gone" : outcome))
    .finally(() => {
      clearTimeout(timer);
      gone.removeEventListener("abort", leave);
    });
}

export function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
