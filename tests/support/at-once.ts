// Audio in a ring at once, as no source can send it: its playing time holds a source up, not what a test is about.
import { createMpegParser } from "../../src/format/sync/mpeg.ts";
import type { TestStation } from "./station.ts";

/** Writes whole frames of MPEG audio to the first mount, whoever is on air. */
export function writeAtOnce({ station }: TestStation, audio: Uint8Array): void {
  const { bytes, table, count } = createMpegParser().push(audio);
  station.first.mount.ring.write(bytes, table, count);
}
