// The doctor's rule about HLS: a mount that has it and plays what it cannot carry.
import { codecLabel } from "../format/frame.ts";
import type { MountFacts } from "../facts/facts.ts";
import type { Finding } from "./diagnosis.ts";

export function hls({ path, codecWithoutHls: codec }: MountFacts): Finding[] {
  if (codec === null) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `${path} has no HLS while it plays ${codecLabel(codec)}.`,
      remedy: "Send and play MP3, AAC, Opus or FLAC, or set hls.enabled to false.",
    },
  ];
}
