// `bun --smol scan-memory.ts DIRECTORY`: scans a library as a disk thread does; prints how far its memory grew at most.
import { createPerform } from "../../src/library/perform.ts";
import type { Choice, LibraryReply } from "../../src/library/state.ts";
import { testMount } from "../support/config.ts";

const MB = 1e6;

const perform = createPerform();
const wish = { mount: "/stream", required: null, canConvert: false, isLevelled: true };
const directory = Bun.argv[2] ?? "";
const choice: Choice = { ...testMount().playlist, ...wish, directory, shuffle: true };
const before = process.memoryUsage.rss();
let [most, measured] = [before, 0];

for (const call of ["look", "next", "measure"]) {
  for (let isDone = false; !isDone;) {
    const reply = (await perform({ call, choice } as never, new Uint8Array(0))) as LibraryReply;
    most = Math.max(most, process.memoryUsage.rss());
    measured = reply.state?.progress.measured ?? measured;
    ({ isDone } = reply);
  }
}
console.log(JSON.stringify({ measured, grownMB: (most - before) / MB }));
