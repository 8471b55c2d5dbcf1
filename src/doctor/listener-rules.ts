// The doctor's rules about the listeners of a mount: places, slow lines, addresses that a proxy hides.
import { isPrivate } from "../lib/address.ts";
import type { Finding, MountHealth } from "./doctor-facts.ts";

const NEARLY_FULL = 0.9;

/** Fewer are those who walk out of their network's reach. */
const MIN_SLOW = 3;
const SLOW_SHARE = 0.05;

export function places({ path, listeners, maxListeners }: MountHealth): Finding[] {
  if (maxListeners === 0 || listeners < maxListeners * NEARLY_FULL) return [];
  const isFull = listeners >= maxListeners;
  return [
    {
      severity: isFull ? "trouble" : "warning",
      subject: path,
      sentence: isFull
        ? `${path} is full: whoever comes is turned away.`
        : `${path} will soon be full: ${listeners} of ${maxListeners} places are taken.`,
      remedy: "Raise max_listeners if machine and line can bear more.",
    },
  ];
}

export function slow({ path, listeners, slowLately }: MountHealth, minutes: number): Finding[] {
  if (slowLately < MIN_SLOW || slowLately < (listeners + slowLately) * SLOW_SHARE) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `${slowLately} listeners of ${path} were slower than real time in the last ${minutes} min.`,
      remedy: "Look at this machine's upload, or offer a second mount with a lower bitrate.",
    },
  ];
}

export function proxy({ path, lookedAt }: MountHealth): Finding[] {
  const { count, forwarded, addresses } = lookedAt;
  const [only = ""] = addresses;
  if (count === 0 || forwarded < count || addresses.size !== 1 || !isPrivate(only)) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `A proxy hides the listeners of ${path}: all seem to come from ${only}.`,
      remedy:
        "Addresses in the log and in statistics are the proxy's; where they matter, let listeners reach this port directly.",
    },
  ];
}
