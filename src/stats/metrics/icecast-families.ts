// Pure: the metrics under the names that exporters for Icecast give them, so that their dashboards work.
import type { MountFacts, StationFacts } from "../../facts/facts.ts";
import { type BaseUrl, listenUrl, mountsUp, serverCounters, sourceCounters } from "../icestats.ts";
import type { Family } from "./exposition.ts";

/** Exporters give no type that fits: what they count is not named like a counter. */
type Type = "gauge" | "unknown";

type Server = readonly [field: string, name: string, help: string, type: Type];

const OF_SERVER: readonly Server[] = [
  ["clients", "icecast_clients", "Listeners and sources.", "gauge"],
  ["sources", "icecast_sources", "Mounts that play.", "gauge"],
  ["connections", "icecast_connections", "Listeners and sources since the start.", "unknown"],
  ["listener_connections", "icecast_listener_connections", "Listeners since the start.", "unknown"],
  [
    "source_total_connections",
    "icecast_source_total_connections",
    "Sources since the start.",
    "unknown",
  ],
];

type OfMount = readonly [name: string, help: string, type: Type, value: (m: MountFacts) => number];

const BY_MOUNT: readonly OfMount[] = [
  ["icecast_sources_listeners", "Listeners of a mount.", "gauge", ({ listeners }) => listeners],
  [
    "icecast_sources_listener_peak",
    "The most listeners at a time.",
    "gauge",
    ({ listenerPeak }) => listenerPeak,
  ],
  [
    "icecast_sources_slow_listeners",
    "Listeners that were too slow.",
    "unknown",
    ({ slowListeners }) => slowListeners,
  ],
  [
    "icecast_sources_total_bytes_read",
    "Bytes received from the present source.",
    "unknown",
    (mount) => Number(sourceCounters(mount)["total_bytes_read"]),
  ],
  [
    "icecast_sources_total_bytes_sent",
    "Bytes sent to listeners.",
    "unknown",
    ({ sentBytes }) => sentBytes,
  ],
];

const BY_URL: readonly OfMount[] = [
  ["icecast_listeners", "Listeners of a stream.", "gauge", ({ listeners }) => listeners],
  [
    "icecast_stream_start",
    "When its input went on air, in seconds since 1970.",
    "gauge",
    ({ sinceMs }) => Math.round(sinceMs / 1000),
  ],
  ["icecast_bitrate", "Average bitrate in kbit/s.", "gauge", ({ bitrate }) => bitrate],
];

function ofServer(facts: StationFacts): Family[] {
  const counters = serverCounters(facts);
  const families = OF_SERVER.map(([field, name, help, type]): Family => {
    return { name, help, type, samples: [{ labels: {}, value: Number(counters[field]) }] };
  });
  const start = Math.round(facts.startedMs / 1000);
  return [
    { name: "icecast_up", help: "Always 1.", type: "gauge", samples: [{ labels: {}, value: 1 }] },
    {
      name: "icecast_server_start",
      help: "Start, in seconds since 1970.",
      type: "gauge",
      samples: [{ labels: {}, value: start }],
    },
    ...families,
  ];
}

function ofMounts(
  table: readonly OfMount[],
  mounts: readonly MountFacts[],
  labelsOf: (mount: MountFacts) => Readonly<Record<string, string>>,
): Family[] {
  return table.map(([name, help, type, value]) => ({
    name,
    help,
    type,
    samples: mounts.map((mount) => ({ labels: labelsOf(mount), value: value(mount) })),
  }));
}

/** Of mounts that play, as in Icecast's own status. */
export function icecastFamilies(facts: StationFacts, base: BaseUrl): Family[] {
  const mounts = mountsUp(facts);
  const byUrl = (mount: MountFacts) => {
    return { listenurl: listenUrl(base, mount.path), server_type: mount.contentType };
  };
  return [
    ...ofServer(facts),
    ...ofMounts(BY_URL, mounts, byUrl),
    ...ofMounts(BY_MOUNT, mounts, ({ path }) => ({ mount: path })),
  ];
}
