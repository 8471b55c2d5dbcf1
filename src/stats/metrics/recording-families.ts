// Pure: the metrics of recordings. Their labels come from the configuration.
import type { RecordingFacts } from "../../facts/recording-facts.ts";
import type { Family } from "./exposition.ts";

type Single = readonly [
  type: "counter" | "gauge",
  name: string,
  help: string,
  value: (recording: RecordingFacts) => number,
];

const SINGLES: readonly Single[] = [
  [
    "gauge",
    "cycast_recording_active",
    "1 while a file grows.",
    ({ isRecording }) => Number(isRecording),
  ],
  [
    "gauge",
    "cycast_recording_failing",
    "1 while the disk takes nothing, or less space is free than min_free.",
    ({ trouble }) => Number(trouble !== null),
  ],
  [
    "counter",
    "cycast_recording_seconds",
    "Audio that was recorded.",
    ({ recordedSeconds }) => recordedSeconds,
  ],
  ["counter", "cycast_recording_bytes", "Its bytes.", ({ recordedBytes }) => recordedBytes],
  [
    "counter",
    "cycast_recording_lost_seconds",
    "Audio that was heard and not recorded, since the disk was behind or full.",
    ({ lostSeconds }) => lostSeconds,
  ],
  ["gauge", "cycast_recording_files", "Complete files.", ({ files }) => files.length],
  [
    "gauge",
    "cycast_recording_file_bytes",
    "Bytes of the complete files.",
    ({ files }) => files.reduce((sum, { size }) => sum + size, 0),
  ],
  [
    "gauge",
    "cycast_recording_free_bytes",
    "Space left on the disk; 0 before it has answered.",
    ({ freeBytes }) => freeBytes ?? 0,
  ],
];

export function recordingFamilies(recordings: readonly RecordingFacts[]): Family[] {
  if (recordings.length === 0) return [];
  return SINGLES.map(([type, name, help, value]) => ({
    name,
    help,
    type,
    samples: recordings.map((recording) => ({
      labels: { mount: recording.mount, recording: recording.name },
      value: value(recording),
    })),
  }));
}
