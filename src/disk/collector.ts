// Collects a thread's garbage, which grows to several times what the thread holds before it is collected by itself.
import { edenGC } from "bun:jsc";

const CALLS_PER_COLLECTION = 40;

/** To be called for each call that leaves garbage. */
export function collector(callsPerCollection = CALLS_PER_COLLECTION): () => void {
  let calls = 0;
  return () => {
    if (++calls % callsPerCollection === 0) Bun.gc(true);
  };
}

/** To be called for each piece of work that leaves much garbage and keeps little. Collects only what is new, which takes as long
 * however much the thread holds. */
export function youngCollector(callsPerCollection: number): () => void {
  let calls = 0;
  return () => {
    if (++calls % callsPerCollection === 0) edenGC();
  };
}
