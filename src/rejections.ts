// Rejected promises that nothing handles. One has ended a single task, such as a message to a web hook; listeners must not lose
// their stream for it. An exception outside of promises still ends the process, because it may have stopped the pump.
import type { Log } from "./lib/log.ts";
import { stackLine } from "./lib/stack-line.ts";

/** Of distinct errors the stack is logged once, as long as there are not more. */
const MAX_KNOWN = 100;

type Emitter = Pick<NodeJS.EventEmitter, "on">;

/** From now on such a promise is logged, and the process goes on. */
export function logRejections(log: Log, emitter: Emitter = process): void {
  const known = new Set<string>();
  emitter.on("unhandledRejection", (reason: unknown) => {
    const stack = stackLine(reason);
    if (known.has(stack) || known.size >= MAX_KNOWN)
      return log.repeated(`an internal error has occurred again: ${String(reason)}`);
    known.add(stack);
    log.error(`an internal error ended a task, the station goes on; please report it: ${stack}`);
  });
}
