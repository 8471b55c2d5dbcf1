// The doctor's rule about disks that are nearly full.
import type { StationFacts } from "../facts/facts.ts";
import type { Finding } from "./diagnosis.ts";

const MB = 1e6;

/** Below this nothing is written for long, whatever the size of the disk. */
const TROUBLE_BYTES = 100 * MB;

const WARNING_BYTES = 1000 * MB;
const WARNING_SHARE = 0.05;

function amount(bytes: number): string {
  return bytes < 1000 * MB ? `${Math.floor(bytes / MB)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

export function diskSpace({ disks }: StationFacts): Finding[] {
  return disks.flatMap(({ directory, freeBytes, totalBytes }): Finding[] => {
    const isLow = freeBytes < WARNING_BYTES && freeBytes < totalBytes * WARNING_SHARE;
    if (!isLow && freeBytes >= TROUBLE_BYTES) return [];
    return [
      {
        severity: freeBytes < TROUBLE_BYTES ? "trouble" : "warning",
        subject: "station",
        sentence: `The disk of ${directory} is nearly full: ${amount(freeBytes)} are left.`,
        remedy: "Free space there, or move what the station writes to another disk.",
      },
    ];
  });
}
