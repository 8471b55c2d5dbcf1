// Standard output and error, written to without waiting for whoever reads them.
import type { Print } from "../lib/outlet.ts";
import { core } from "./core.ts";

export const STDOUT = 1;
export const STDERR = 2;

/** Bun's own streams keep without bound what a pipe does not take, and end the process when a disk is full. */
export function printTo(descriptor: number): Print {
  return (bytes) => core().rc_print(descriptor, bytes, bytes.length);
}
