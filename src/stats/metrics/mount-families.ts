// Pure: the metrics of each mount. Their labels are mounts, ports, inputs and reasons: bounded by the configuration.
import type { MountFacts } from "../../facts/facts.ts";
import type { PushFacts } from "../../facts/push-facts.ts";
import type { RelayState } from "../../mount/roles.ts";
import type { Family, Labels, Sample } from "./exposition.ts";

type Mounts = readonly MountFacts[];

/** One value of each mount. */
type Single = readonly [name: string, help: string, value: (mount: MountFacts) => number];

const COUNTERS: readonly Single[] = [
  [
    "cycast_audio_seconds",
    "Audio on the air, without the silence between inputs: dead air when its rate is below 0.9.",
    ({ counters }) => counters.audioSeconds,
  ],
  [
    "cycast_bytes_sent",
    "Bytes offered to listeners, inline titles included.",
    ({ sentBytes }) => sentBytes,
  ],
  [
    "cycast_bytes_received",
    "Bytes received from sources.",
    ({ counters }) => counters.receivedBytes,
  ],
  [
    "cycast_garbage_bytes",
    "Bytes received from sources that were no audio.",
    ({ counters }) => counters.garbageBytes,
  ],
  [
    "cycast_listener_seconds",
    "Time that listeners were connected, summed over all of them.",
    ({ counters }) => counters.listenerSeconds,
  ],
  ["cycast_listener_connections", "Listeners since the start.", ({ joined }) => joined],
  [
    "cycast_listeners_skipped",
    "Times that a listener was skipped ahead because it did not read.",
    ({ counters }) => counters.skipped,
  ],
];

const GAUGES: readonly Single[] = [
  [
    "cycast_source_connected",
    "1 while a source client is logged in.",
    ({ hasSource }) => Number(hasSource),
  ],
  ["cycast_listeners_peak", "The most listeners at a time.", ({ listenerPeak }) => listenerPeak],
  [
    "cycast_listeners_unique",
    "Distinct addresses of the present listeners.",
    ({ unique }) => unique,
  ],
  ["cycast_listeners_limit", "The most listeners the mount takes.", ({ capacity }) => capacity],
  [
    "cycast_stream_bytes_per_second",
    "Average rate of what is on air; 0 if unknown.",
    ({ bitrate }) => bitrate * 125,
  ],
  ["cycast_buffer_bytes", "Audio held in the buffer.", ({ buffer }) => buffer.available],
  ["cycast_playlist_tracks", "Files that can be played.", ({ playlist }) => playlist.files.count],
  [
    "cycast_playlist_skipped_tracks",
    "Files that cannot be played.",
    ({ playlist }) => playlist.files.skippedCount,
  ],
];

function singles(type: "counter" | "gauge", table: readonly Single[], mounts: Mounts): Family[] {
  return table.map(([name, help, value]) => ({
    name,
    help,
    type,
    samples: mounts.map((mount) => ({ labels: { mount: mount.path }, value: value(mount) })),
  }));
}

/** A sample for each entry of a record, under a label of that name. */
function spread(label: string, { path }: MountFacts, record: Readonly<Record<string, number>>) {
  return Object.entries(record).map(([key, value]): Sample => {
    const labels: Labels = { mount: path, [label]: key };
    return { labels, value };
  });
}

/** 1 for what is on air. Inputs of one kind count as one, and the usual kinds are there even where no input is of them. */
function onAir({ inputs }: MountFacts): Record<string, number> {
  const kinds: Record<string, number> = { live: 0, playlist: 0, silence: 0 };
  for (const { kind, isOnAir } of inputs) kinds[kind] = Math.max(kinds[kind] ?? 0, Number(isOnAir));
  return kinds;
}

function split(mounts: Mounts): Family[] {
  return [
    {
      name: "cycast_listeners",
      help: "Present listeners by the port they came by, and those that use TLS.",
      type: "gauge",
      samples: mounts.flatMap((mount) => spread("door", mount, mount.doors)),
    },
    {
      name: "cycast_input",
      help: "1 for the input that is on air, 0 for the others.",
      type: "gauge",
      samples: mounts.flatMap((mount) => spread("input", mount, onAir(mount))),
    },
    {
      name: "cycast_listeners_dropped",
      help: "Listeners that the station disconnected: they stopped reading, were kicked, or the format changed.",
      type: "counter",
      samples: mounts.flatMap((mount) => spread("reason", mount, mount.counters.dropped)),
    },
    {
      name: "cycast_listener_lag_seconds",
      help: "Audio that was not sent yet, of at most 64 listeners of each mount every 10 s.",
      type: "histogram",
      samples: mounts.map((mount) => {
        return { labels: { mount: mount.path }, value: mount.counters.listenerLag };
      }),
    },
  ];
}

/** One value of each push; labels are those of the configuration. */
type OfPush = readonly [
  name: string,
  help: string,
  type: "counter" | "gauge",
  value: (push: PushFacts) => number,
];

const OF_PUSHES: readonly OfPush[] = [
  [
    "cycast_push_up",
    "1 while the other server takes the stream.",
    "gauge",
    ({ isUp }) => Number(isUp),
  ],
  [
    "cycast_push_bytes_sent",
    "Bytes sent to the other server.",
    "counter",
    ({ sentBytes }) => sentBytes,
  ],
  [
    "cycast_push_dropped_seconds",
    "Audio that was dropped because the other server was slow.",
    "counter",
    ({ droppedSeconds }) => droppedSeconds,
  ],
  [
    "cycast_push_connections",
    "Times that the other server accepted the stream.",
    "counter",
    ({ connections }) => connections,
  ],
];

function pushFamilies(mounts: Mounts): Family[] {
  return OF_PUSHES.map(([name, help, type, value]) => ({
    name,
    help,
    type,
    samples: mounts.flatMap(({ path, pushes }) =>
      pushes.map((push) => ({ labels: { mount: path, push: push.name }, value: value(push) })),
    ),
  }));
}

const RELAYS: readonly (readonly [
  name: string,
  type: "counter" | "gauge",
  help: string,
  value: (relay: RelayState) => number,
])[] = [
  [
    "cycast_relay_up",
    "gauge",
    "1 while the relay plays.",
    ({ state }) => Number(state === "playing"),
  ],
  [
    "cycast_relay_reconnects",
    "counter",
    "Streams that the relay has begun after its first.",
    ({ connects }) => Math.max(0, connects - 1),
  ],
  [
    "cycast_relay_bytes",
    "counter",
    "Bytes that the relay has received from its masters.",
    ({ receivedBytes }) => receivedBytes,
  ],
];

/** One sample for each relay; none without relays. */
function relays(mounts: Mounts): Family[] {
  const all = mounts.flatMap(({ path, inputs }) =>
    inputs.flatMap(({ relay }) => (relay === undefined ? [] : [{ path, relay }])),
  );
  if (all.length === 0) return [];
  return RELAYS.map(([name, type, help, value]) => {
    const samples = all.map(({ path, relay }): Sample => {
      return { labels: { mount: path, relay: relay.label }, value: value(relay) };
    });
    return { name, type, help, samples };
  });
}

export function mountFamilies(mounts: Mounts): Family[] {
  return [
    ...relays(mounts),
    ...split(mounts),
    ...singles("counter", COUNTERS, mounts),
    ...singles("gauge", GAUGES, mounts),
    ...pushFamilies(mounts),
  ];
}
