// The doctor's rules about what is on air: silence, and an encoder that does not do what it says.
import type { Finding, MountHealth } from "./doctor-facts.ts";

/** "less than a minute", "5 min", "3 h": it changes as seldom as it can. */
function roughly(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return "less than a minute";
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** Shorter than that is a seam. */
const SILENCE_SECONDS = 10;

/** The clocks of good sound cards differ from ours by a tenth of this. */
const MAX_DRIFT = 0.0005;

/** No clock is so wrong: the audio itself does not get through. */
const STARVING = -0.03;

/** By then an average means something. */
const BITRATE_SECONDS = 60;
const BITRATE_SHARE = 0.1;

function percent(ratio: number): string {
  return `${(Math.abs(ratio) * 100).toFixed(2)} %`;
}

export function silence({
  path,
  onAir,
  onAirSeconds,
  listeners,
  playlist,
}: MountHealth): Finding[] {
  if (onAir !== "silence" || onAirSeconds < SILENCE_SECONDS) return [];
  const who =
    listeners === 0 ? "" : `, and ${listeners === 1 ? "one hears" : `${listeners} hear`} it`;
  return [
    {
      severity: listeners > 0 ? "trouble" : "warning",
      subject: path,
      sentence: `${path} has been silent for ${roughly(onAirSeconds)}${who}.`,
      remedy: playlist.isKnown
        ? "Go live, or put tracks into its playlist directory."
        : "Go live, or wait: its playlist directory is still being read.",
    },
  ];
}

export function drift({ path, source, burstSeconds }: MountHealth): Finding[] {
  const ratio = source?.drift?.ratio ?? 0;
  if (Math.abs(ratio) < MAX_DRIFT || ratio <= STARVING) return [];
  const hourly = `${Math.abs(ratio * 3600).toFixed(1)} s in an hour`;
  const dryMinutes = Math.round(burstSeconds / Math.abs(ratio) / 60);
  const isFast = ratio > 0;
  return [
    {
      severity: "warning",
      subject: path,
      sentence: isFast
        ? `The clock of the encoder on ${path} runs ${percent(ratio)} fast: listeners fall behind by ${hourly}.`
        : `The clock of the encoder on ${path} runs ${percent(ratio)} slow: it lacks ${hourly}, and players run dry about every ${dryMinutes} min.`,
      remedy:
        "Set the encoder to the sample rate that its sound card really has, or let another card record.",
    },
  ];
}

export function starving({ path, source }: MountHealth): Finding[] {
  const ratio = source?.drift?.ratio ?? 0;
  if (ratio > STARVING) return [];
  return [
    {
      severity: "trouble",
      subject: path,
      sentence: `The encoder on ${path} sends only ${Math.round((1 + ratio) * 100)} % of real time: listeners hear gaps.`,
      remedy: "Lower its bitrate, or look at its machine's load and its connection.",
    },
  ];
}

export function bitrate({ path, source }: MountHealth): Finding[] {
  if (source === null || source.declaredBitrate === 0) return [];
  const { declaredBitrate, measuredBitrate, sendingSeconds } = source;
  const off = Math.abs(measuredBitrate - declaredBitrate) / declaredBitrate;
  if (sendingSeconds < BITRATE_SECONDS || off <= BITRATE_SHARE) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `The encoder on ${path} says ${declaredBitrate} kbit/s and sends ${measuredBitrate}.`,
      remedy: "Correct the bitrate in its settings: directories and players show what it says.",
    },
  ];
}
