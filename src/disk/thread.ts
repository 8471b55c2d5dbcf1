// A thread that answers one call at a time, seen from both of its ends.
import { parentPort } from "node:worker_threads";
import { type Call, failure, type Reply, SHARED_BYTES } from "./call.ts";

/** Its answer, or what it throws. A promise may wait for nothing but synchronous work: the pool for asynchronous file
 * calls is the whole process's. */
export type Perform = (call: Call, shared: Uint8Array) => unknown;

/** The code of the last answer of a thread that has ended by an error of its own. */
export const BROKEN = "EBROKEN";

export interface Thread {
  /** Where a read puts its bytes; they hold until the next post(). */
  readonly shared: Uint8Array;
  /** Called once for each post(). */
  onReply: (reply: Reply) => void;
  /** Not before the call before was answered. */
  post(call: Call): void;
  /** Nothing may be posted any more. */
  close(): void;
}

/** Starts a thread that runs `file`, which calls answerCalls(). It never keeps the process alive. */
export function startThread(file: string): Thread {
  const worker = new Worker(file, { smol: true });
  const shared = new Uint8Array(new SharedArrayBuffer(SHARED_BYTES));
  const thread: Thread = {
    shared,
    onReply: () => undefined,
    post: (call) => worker.postMessage(call),
    close: () => void worker.terminate(),
  };
  worker.onmessage = ({ data }: MessageEvent<Reply>) => thread.onReply(data);
  worker.onerror = ({ message }) => thread.onReply({ code: BROKEN, message });
  worker.postMessage(shared);
  worker.unref();
  return thread;
}

/** Inside of the thread: answers what is posted, whatever happens. */
export function answerCalls(perform: Perform): void {
  let shared = new Uint8Array(0);
  parentPort?.on("message", (message: Call | Uint8Array<ArrayBuffer>) => {
    if (message instanceof Uint8Array) shared = message;
    else void answer(perform, message, shared).then((reply) => parentPort?.postMessage(reply));
  });
}

export async function answer(perform: Perform, call: Call, shared: Uint8Array): Promise<Reply> {
  try {
    return { value: await perform(call, shared) };
  } catch (error) {
    return failure(error);
  }
}
