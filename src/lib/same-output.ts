// Whether two descriptors lead to the same place: one terminal, one pipe, one file.
import { fstatSync } from "node:fs";

export function isSameOutput(one: number, other: number): boolean {
  try {
    const [a, b] = [fstatSync(one), fstatSync(other)];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    // One is closed.
    return false;
  }
}
