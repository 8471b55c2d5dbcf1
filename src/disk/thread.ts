// A thread that answers one call at a time: both of its ends.
import { parentPort } from "node:worker_threads";
import { type Call, failure, type Reply, SHARED_BYTES } from "./call.ts";

/** Returns or throws the reply. An async function may await synchronous work only: the pool for asynchronous
 * file calls belongs to the whole process. */
export type Perform = (call: Call, shared: Uint8Array) => unknown;

/** The code of the last reply from a thread that crashed. */
export const BROKEN = "EBROKEN";

export interface Thread {
  /** Receives the bytes of a read; valid until the next post(). */
  readonly shared: Uint8Array;
  /** Called once per post(). */
  onReply: (reply: Reply) => void;
  /** Only after the previous call was answered. */
  post(call: Call): void;
  /** Ends the thread; no post() after this. */
  close(): void;
}

/** Starts a thread that runs `file`, which calls answerCalls(). The thread never keeps the process alive. */
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

/** Runs inside the thread: answers every call, even if it throws. */
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
