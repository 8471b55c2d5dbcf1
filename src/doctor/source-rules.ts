// The doctor's rules about the input on air: silence, and encoders that misreport their settings.
import type { MountFacts } from "../facts/facts.ts";
import type { Finding } from "./diagnosis.ts";

/** "less than a minute", "5 min", "3 h": coarse, so that the sentence rarely changes. */
export function roughly(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return "less than a minute";
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** Shorter silence is a transition between inputs. */
const SILENCE_SECONDS = 10;

/** Good sound cards deviate by a tenth of this. */
const MAX_DRIFT = 0.0005;

/** No clock is this slow: audio is being lost on the way. */
const STARVING = -0.03;

/** Enough for a meaningful average. */
const BITRATE_SECONDS = 60;
const BITRATE_SHARE = 0.1;

function percent(ratio: number): string {
  return `${(Math.abs(ratio) * 100).toFixed(2)} %`;
}

export function silence(mount: MountFacts): Finding[] {
  const { path, onAir, onAirSeconds, listeners, playlist, fallback } = mount;
  if (onAir !== "silence" || onAirSeconds < SILENCE_SECONDS) return [];
  // They hear another mount.
  if (listeners === 0 && fallback !== "") return [];
  const who =
    listeners === 0 ? "" : `, with ${listeners} ${listeners === 1 ? "listener" : "listeners"}`;
  return [
    {
      severity: listeners > 0 ? "trouble" : "warning",
      subject: path,
      sentence: `${path} has been silent for ${roughly(onAirSeconds)}${who}.`,
      remedy: playlist.files.isKnown
        ? "Go live, or put music into its playlist directory."
        : "Go live, or wait: its playlist directory is still being read.",
    },
  ];
}

/** A connected source that sends silence. */
export function deadAir({ path, silentInputs, listeners }: MountFacts): Finding[] {
  return silentInputs.map(({ name, isOnAir }) => {
    const rest = isOnAir
      ? "and nothing else is there to play"
      : "so it counts as no audio until its sound returns";
    return {
      severity: isOnAir && listeners > 0 ? "trouble" : "warning",
      subject: path,
      sentence: `${name.charAt(0).toUpperCase()}${name.slice(1)} sends silence to ${path}, ${rest}.`,
      remedy:
        "Check what it records: a muted input, the wrong device, or a player that has stopped.",
    };
  });
}

export function drift({ path, source, timeline }: MountFacts): Finding[] {
  const ratio = source?.drift?.ratio ?? 0;
  if (Math.abs(ratio) < MAX_DRIFT || ratio <= STARVING) return [];
  const hourly = `${Math.abs(ratio * 3600).toFixed(1)} s per hour`;
  const dryMinutes = Math.round(timeline.burstSeconds / Math.abs(ratio) / 60);
  const isFast = ratio > 0;
  return [
    {
      severity: "warning",
      subject: path,
      sentence: isFast
        ? `The encoder's clock on ${path} is ${percent(ratio)} fast: listeners fall behind by ${hourly}.`
        : `The encoder's clock on ${path} is ${percent(ratio)} slow: it falls short by ${hourly}, and players stall about every ${dryMinutes} min.`,
      remedy: "Set the encoder to its sound card's native sample rate, or use another sound card.",
    },
  ];
}

export function starving({ path, source }: MountFacts): Finding[] {
  const ratio = source?.drift?.ratio ?? 0;
  if (ratio > STARVING) return [];
  return [
    {
      severity: "trouble",
      subject: path,
      sentence: `The encoder on ${path} sends only ${Math.round((1 + ratio) * 100)} % of real time: listeners hear gaps.`,
      remedy: "Lower its bitrate, or check its CPU load and its connection.",
    },
  ];
}

export function flapping({ path, flapping: sources }: MountFacts): Finding[] {
  return sources.map((who) => ({
    severity: "warning",
    subject: path,
    sentence: `The source ${who} on ${path} keeps dropping: it has done so three times within 2 min.`,
    remedy:
      "Check the network between the encoder and this machine; it is heard again once it has been steady (source_steady).",
  }));
}

export function bitrate({ path, source }: MountFacts): Finding[] {
  if (source === null || source.declaredBitrate === 0) return [];
  const { declaredBitrate, measuredBitrate, sendingSeconds } = source;
  const off = Math.abs(measuredBitrate - declaredBitrate) / declaredBitrate;
  if (sendingSeconds < BITRATE_SECONDS || off <= BITRATE_SHARE) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `The encoder on ${path} declares ${declaredBitrate} kbit/s but sends ${measuredBitrate}.`,
      remedy: "Correct the bitrate in its settings: directories and players show the declared one.",
    },
  ];
}
