// The core's memory of this process's descriptors: which ones listeners hold, and which a search has ruled out.
import type { Pointer } from "bun:ffi";
import { core, pointerOf } from "./core.ts";

let table: Pointer | undefined;

/** One for the process, because descriptors are the process's. It lives as long as the process. */
export function descriptorTable(): Pointer {
  table ??= pointerOf(core().rc_descriptors_new(), "the descriptor table");
  return table;
}
