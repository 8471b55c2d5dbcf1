// Bun's allocator reads its options from the environment before any script runs, so the program starts itself once more.
import { dlopen, ptr } from "bun:ffi";
import { readFileSync } from "node:fs";

/** Milliseconds between two looks through the whole heap for pages to give back. Ten looks a second, as it does by
 * default, are a third of what an idle station costs. */
const OPTION = "MIMALLOC_PURGE_HOLES_MIN_INTERVAL";
const INTERVAL_MS = "1000";

/** What musl calls by this name too: itself. */
const LIBC = "libc.so.6";

/** Separated and ended by NUL, as they were handed over: a file's name may be no UTF-8. */
const ARGUMENTS = "/proc/self/cmdline";

/** Replaces this program with itself when the option is not set: same process, arguments and open files. Returns where
 * it is set, and where that is not possible: then the station merely costs a little more. */
export function tuneAllocator(): void {
  if (process.platform !== "linux" || process.env[OPTION] !== undefined) return;
  try {
    startAgain(process.execPath, readFileSync(ARGUMENTS));
  } catch {
    return;
  }
}

function startAgain(program: string, words: Buffer): void {
  const { setenv, execv } = dlopen(LIBC, {
    setenv: { args: ["ptr", "ptr", "i32"], returns: "i32" },
    execv: { args: ["ptr", "ptr"], returns: "i32" },
  }).symbols;
  const [option, interval] = [Buffer.from(`${OPTION}\0`), Buffer.from(`${INTERVAL_MS}\0`)];
  // Without the option the new program would do the same again, for ever.
  if (setenv(option, interval, 1) === 0) execv(Buffer.from(`${program}\0`), addressesOf(words));
}

/** As C has them: an address for each word and a 0, with the words behind. One buffer, so that nothing of it goes before
 * the rest. */
function addressesOf(words: Buffer): Uint8Array {
  const ends = [...words.keys()].filter((at) => words[at] === 0);
  const tableBytes = 8 * (ends.length + 1);
  const memory = new Uint8Array(new ArrayBuffer(tableBytes + words.length));
  memory.set(words, tableBytes);
  const first = BigInt(ptr(memory, tableBytes));
  const starts = [0, ...ends.slice(0, -1).map((end) => end + 1)];
  new BigUint64Array(memory.buffer, 0, ends.length).set(starts.map((at) => first + BigInt(at)));
  return memory;
}
