// A thread that answers one call at a time, as the station knows it.
import { Descriptors } from "../lib/descriptors.ts";
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

/** Descriptors that a thread takes to start. If it gets none, Bun ends the whole process (ProcessFdQuotaExceeded). */
const NEEDED = 16;

/** Clients could not take so many before the thread has its own. */
const PLENTY = 1024;

/** A thread takes some 30 ms to start, and more on a busy machine. */
const START_MS = 1000;

/** Until a call fails for want of a thread. Callers that try again at once find time to close something. */
const FAILED_MS = 100;

/** Made at once: without a free descriptor the limit cannot be read. */
const descriptors = new Descriptors();

/** Starts a thread that runs `file`, which calls answerCalls(). The thread never keeps the process alive. */
export function startThread(file: string): Thread {
  const free = descriptors.limit - descriptors.used;
  return free < NEEDED ? brokenThread("too many open files") : runningThread(file, free < PLENTY);
}

function brokenThread(message: string): Thread {
  const thread: Thread = {
    shared: new Uint8Array(0),
    onReply: () => undefined,
    post: () => void setTimeout(() => thread.onReply({ code: BROKEN, message }), FAILED_MS),
    close: () => undefined,
  };
  return thread;
}

/** No connection is accepted while this waits, so that none takes the thread's descriptors. */
function waitUntilRunning(worker: Worker): void {
  const running = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  worker.postMessage(running);
  Atomics.wait(running, 0, 0, START_MS);
}

function runningThread(file: string, areScarce: boolean): Thread {
  const worker = new Worker(file, { smol: true });
  if (areScarce) waitUntilRunning(worker);
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
