// Connections whose small writes are put together by the kernel.
import { core } from "./core.ts";

/** The owner of a connection is woken once so many bytes have come, or at its end; 1: by any. */
export function gatherReads(descriptor: number, bytes: number): void {
  core().rc_gather(descriptor, bytes);
}
