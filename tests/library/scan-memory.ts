// `bun --smol scan-memory.ts DIRECTORY`: scans a library as a disk thread does; prints how far its memory and its heap grew at most.
import { heapStats } from "bun:jsc";
import { createPerform } from "../../src/library/perform.ts";
import type { Choice, LibraryReply } from "../../src/library/state.ts";
import { testMount } from "../support/config.ts";

const MB = 1e6;

const perform = createPerform();
const wish = { mount: "/stream", required: null, canConvert: false, isLevelled: true };
const directory = Bun.argv[2] ?? "";
const choice: Choice = { ...testMount().playlist, ...wish, directory, shuffle: true };
const heap = () => heapStats().heapCapacity;
const [before, heapBefore] = [process.memoryUsage.rss(), heap()];
let [most, mostHeap, measured] = [before, heapBefore, 0];

for (const call of ["look", "next", "measure"]) {
  for (let isDone = false; !isDone;) {
    const reply = (await perform({ call, choice } as never, new Uint8Array(0))) as LibraryReply;
    most = Math.max(most, process.memoryUsage.rss());
    mostHeap = Math.max(mostHeap, heap());
    measured = reply.state?.progress.measured ?? measured;
    ({ isDone } = reply);
  }
}
const [grownMB, heapGrownMB] = [(most - before) / MB, (mostHeap - heapBefore) / MB];
console.log(JSON.stringify({ measured, grownMB, heapGrownMB }));
