// The doctor's rules about a mount's listeners: capacity, slow connections, addresses hidden by a proxy.
import { isPrivate } from "../lib/address.ts";
import type { MountFacts } from "../facts/facts.ts";
import type { Finding } from "./diagnosis.ts";

const NEARLY_FULL = 0.9;

/** Listeners whose addresses are compared. */
const ADDRESSES = 200;

/** A few slow listeners are normal: phones that leave their network's range. */
const MIN_SLOW = 3;
const SLOW_SHARE = 0.05;

export function places({ path, listeners, maxListeners }: MountFacts): Finding[] {
  if (maxListeners === 0 || listeners < maxListeners * NEARLY_FULL) return [];
  const isFull = listeners >= maxListeners;
  return [
    {
      severity: isFull ? "trouble" : "warning",
      subject: path,
      sentence: isFull
        ? `${path} is full: new listeners are refused.`
        : `${path} will soon be full: ${listeners} of ${maxListeners} listeners.`,
      remedy: "Raise max_listeners if this machine and its upload can handle more.",
    },
  ];
}

export function slow({ path, listeners, slowLately }: MountFacts, minutes: number): Finding[] {
  if (slowLately < MIN_SLOW || slowLately < (listeners + slowLately) * SLOW_SHARE) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `${slowLately} listeners of ${path} could not keep up in the last ${minutes} minutes.`,
      remedy: "Check this machine's upload, or add a mount with a lower bitrate.",
    },
  ];
}

export function proxy(mount: MountFacts): Finding[] {
  const { path } = mount;
  const some = mount.some(0, ADDRESSES);
  const [only = "", ...others] = new Set(some.map(({ address }) => address));
  const isHidden = others.length === 0 && isPrivate(only);
  if (some.length === 0 || !isHidden || !some.every(({ isForwarded }) => isForwarded)) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `A proxy hides the listeners' addresses on ${path}: all appear as ${only}.`,
      remedy: `List the proxy in the configuration, server { trusted_proxies = ["${only}"] }, and let it set X-Forwarded-For.`,
    },
  ];
}
