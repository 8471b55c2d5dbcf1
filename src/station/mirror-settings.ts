// What is mirrored: the origin of an edge, or the server of relay_all.
import type { Config, RelayAllConfig } from "../config/config.ts";
import type { RelaySettings } from "../input/relay/relay-input.ts";
import { Secret } from "../lib/secret.ts";

/** How the relays of mirrored mounts are called. */
const LABELS = { edge: "edge", relayAll: "relay_all" } as const;

/** An edge shows a new mount soon, and mirrors as many as a station may have. */
const EDGE = { interval: 5, maxMounts: 255 } as const;

/** Listeners of an edge wait for its origin: then they hear every frame. Afterwards they hear silence, so that players do not
 * give up. */
const HOLD_MS = 30_000;

export interface MirrorSettings extends Omit<RelayAllConfig, "url"> {
  /** By priority; none: nothing is mirrored. */
  readonly urls: readonly Secret[];
  /** Configured mounts are mirrored too. */
  readonly isEdge: boolean;
}

export function mirrorSettings({ edge, relay_all }: Config): MirrorSettings {
  const { origin, ...rest } = edge;
  if (origin.length > 0) return { ...rest, ...EDGE, urls: origin, isEdge: true };
  const { url, ...all } = relay_all;
  return { ...all, urls: url.equals("") ? [] : [url], isEdge: false };
}

export function labelOf({ isEdge }: MirrorSettings): string {
  return isEdge ? LABELS.edge : LABELS.relayAll;
}

/** The relay of one mirrored mount. */
export function mirrorRelay(settings: MirrorSettings, path: string): RelaySettings {
  const { user, password, onDemand, linger, timeout, tlsVerify, tlsCa } = settings;
  const [url = new Secret(""), ...urls] = settings.urls.map((one) => atPath(one, path));
  const own = { user, password, onDemand, linger, timeout, tlsVerify, tlsCa };
  const relay = { label: labelOf(settings), url, urls, priority: 75, ...own };
  return settings.isEdge ? { ...relay, holdMs: HOLD_MS } : relay;
}

function atPath(address: Secret, path: string): Secret {
  const url = new URL(address.reveal());
  url.pathname = path;
  url.search = "";
  return new Secret(url.href);
}
