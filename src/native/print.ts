// Writes to standard output and error without blocking.
import type { Print } from "../lib/outlet.ts";
import { core } from "./core.ts";

export const STDOUT = 1;
export const STDERR = 2;

/** Bun's own streams buffer without limit if a pipe is full, and end the process if a disk is full. */
export function printTo(descriptor: number): Print {
  return (bytes) => core().rc_print(descriptor, bytes, bytes.length);
}
