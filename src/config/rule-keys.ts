// The keys of the rules for listeners, and of the station's limits.
import { amount, count } from "./key.ts";
import { addressRanges, patterns } from "./list-keys.ts";

const MAX_RANGES = 1024;

const MAX_SECONDS = 366 * 24 * 3600;

export const ruleKeys = {
  allow: addressRanges(
    {
      default: [],
      scope: "mount",
      description: "Addresses that may listen, or ranges like 10.0.0.0/8; empty for all.",
    },
    MAX_RANGES,
  ),
  deny: addressRanges(
    {
      default: [],
      scope: "mount",
      description: "Addresses, or ranges, that may not listen, even if allow has them.",
    },
    MAX_RANGES,
  ),
  deny_agents: patterns({
    default: [],
    scope: "mount",
    description:
      'Players that may not listen, by their User-Agent: * is any text, ? any character, as in "*wget*".',
  }),
  allow_referers: patterns({
    default: [],
    scope: "mount",
    description:
      'Pages that may play the stream, as in "https://example.org/*"; empty for all. Players that name no page are not affected.',
  }),
  deny_referers: patterns({
    default: [],
    scope: "mount",
    description: "Pages that may not play the stream, even if allow_referers has them.",
  }),
  listeners_per_address: count({
    unit: "",
    range: [0, 1_000_000],
    default: 0,
    scope: "mount",
    description:
      "Maximum number of listeners at one address, or in one IPv6 network of /64; 0 is no limit.",
  }),
  max_listener_duration: count({
    unit: "seconds",
    range: [0, MAX_SECONDS],
    default: 0,
    scope: "mount",
    description: "A listener is disconnected after this long; 0 is never.",
  }),
};

export const limitKeys = {
  max_bandwidth: amount({
    unit: "Mbit/s",
    range: [0, 1_000_000],
    default: 0,
    description: "Bandwidth for all listeners together; further ones are refused. 0 is no limit.",
  }),
  connections_per_address: count({
    unit: "",
    range: [0, 65_535],
    default: 0,
    description:
      "Maximum number of connections of one address, or one IPv6 network of /64, to each port; trusted_proxies have no limit. 0 is no limit for the source port, and 256 beside listeners for the listen port.",
  }),
};
