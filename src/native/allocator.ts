// Bun's allocator reads its options from the environment before any script runs, so the program re-executes itself
// once.
import { dlopen, ptr } from "bun:ffi";
import { readFileSync } from "node:fs";

/** Milliseconds between scans of the whole heap for pages to release. The default, ten scans a second, makes up
 * a third of an idle station's CPU time. */
const OPTION = "MIMALLOC_PURGE_HOLES_MIN_INTERVAL";
const INTERVAL_MS = "1000";

/** musl uses this name for itself too. */
const LIBC = "libc.so.6";

/** NUL-terminated, as passed to the process: a file's name may not be UTF-8. */
const ARGUMENTS = "/proc/self/cmdline";

/** Replaces this process with itself if the option is not set: same process id, arguments and open files.
 * Returns if the option is set already, or if exec fails: the station then merely costs a little more CPU. */
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
  // Without the option the new process would exec again, forever.
  if (setenv(option, interval, 1) === 0) execv(Buffer.from(`${program}\0`), addressesOf(words));
}

/** argv as in C: the address of each word, a 0, then the words themselves, in one buffer so that none is freed
 * early. */
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
