// Puts this process behind all others that want the processor.
import { constants, setPriority } from "node:os";

/** The last argument of the converter's child: whether it lowers its priority, or keeps the station's. */
export const LOWEST = "lowest";
export type Priority = typeof LOWEST | "usual";

/** A system that forbids it, as services are often kept from it, is no reason not to convert. */
export function lowerPriority(set: (priority: number) => void = setPriority): void {
  try {
    set(constants.priority.PRIORITY_LOW);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}
