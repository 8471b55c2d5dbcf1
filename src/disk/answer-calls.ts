// The end of a thread that answers calls.
import { type Call, failure, type Reply } from "./call.ts";

/** Returns or throws the reply. An async function may await synchronous work only: the pool for asynchronous
 * file calls belongs to the whole process. */
export type Perform = (call: Call, shared: Uint8Array) => unknown;

// Not by node:worker_threads: loading that takes 20 ms and 1.4 MB in each thread.
declare const self: Pick<Worker, "onmessage" | "postMessage">;

/** Runs inside the thread: answers every call, even if it throws. */
export function answerCalls(perform: Perform): void {
  let shared = new Uint8Array(0);
  self.onmessage = ({ data }: MessageEvent<Call | Uint8Array<ArrayBuffer> | Int32Array>) => {
    if (data instanceof Int32Array) confirm(data);
    else if (data instanceof Uint8Array) shared = data;
    else void answer(perform, data, shared).then((reply) => self.postMessage(reply));
  };
}

function confirm(running: Int32Array): void {
  Atomics.store(running, 0, 1);
  Atomics.notify(running, 0);
}

export async function answer(perform: Perform, call: Call, shared: Uint8Array): Promise<Reply> {
  try {
    return { value: await perform(call, shared) };
  } catch (error) {
    return failure(error);
  }
}
