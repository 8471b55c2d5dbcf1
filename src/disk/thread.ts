// A thread that answers one call at a time, as the station knows it.
import { type Call, type Reply, SHARED_BYTES } from "./call.ts";

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
