// The doctor's rules about recordings: disks that take nothing, audio that is missing, and space that runs out.
import type { RecordingFacts } from "../facts/recording-facts.ts";
import type { StationFacts } from "../facts/facts.ts";
import type { Finding } from "./diagnosis.ts";

/** Files are deleted soon when less than this many times the space is free that has to stay free. */
const NEAR = 1.5;

const MAX_SECONDS = 600;

export function recordings({ recordings: all }: StationFacts): Finding[] {
  return all.flatMap((one) => [...failing(one), ...missing(one), ...deleting(one)]);
}

/** For alerts of the disk. */
export function failing(recording: RecordingFacts): Finding[] {
  const { mount, name, directory, trouble } = recording;
  if (trouble === null) return [];
  return [
    {
      severity: "trouble",
      subject: mount,
      sentence: `Nothing is written to the recording "${name}" of ${mount}: ${trouble}.`,
      remedy: `Free space or give write permission in ${directory}; recording resumes by itself.`,
    },
  ];
}

function missing({ mount, name, lostSeconds, isLosing }: RecordingFacts): Finding[] {
  if (!isLosing || lostSeconds < 1) return [];
  const amount =
    lostSeconds < MAX_SECONDS
      ? `${Math.round(lostSeconds)} s`
      : `${Math.round(lostSeconds / 60)} min`;
  return [
    {
      severity: "warning",
      subject: mount,
      sentence: `${amount} of audio are missing in the recording "${name}" of ${mount}.`,
      remedy: "Check its disk; the document beside each file says where audio is missing.",
    },
  ];
}

/** Only where files were meant to be kept for longer. */
function deleting(recording: RecordingFacts): Finding[] {
  const { mount, name, freeBytes, neededBytes, keepSeconds, trouble } = recording;
  const isNear = freeBytes !== null && freeBytes < neededBytes * NEAR;
  if (!isNear || trouble !== null || keepSeconds === 0) return [];
  return [
    {
      severity: "warning",
      subject: mount,
      sentence: `The disk of the recording "${name}" of ${mount} is nearly down to min_free: files are deleted before their time.`,
      remedy: "Free space there, or set a shorter keep or a smaller min_free.",
    },
  ];
}
