// The doctor: pure rules that turn a station's state into sentences about problems, present and coming.
import type { MountFacts, StationFacts } from "../facts/facts.ts";
import { certificateEnd, certificateFiles } from "./certificate-rules.ts";
import { places, proxy, slow } from "./listener-rules.ts";
import { hls } from "./hls-rules.ts";
import { clusterFindings } from "./cluster-rules.ts";
import { listing } from "./directory-rules.ts";
import { diskSpace } from "./disk-rules.ts";
import type { Finding, Severity } from "./diagnosis.ts";
import {
  directory,
  empty,
  folders,
  passedOver,
  silentFiles,
  skipped,
  unanswered,
  unseen,
} from "./playlist-rules.ts";
import { recordings } from "./recording-rules.ts";
import { pushes } from "./push-rules.ts";
import { relays } from "./relay-rules.ts";
import { bitrate, deadAir, drift, flapping, silence, starving } from "./source-rules.ts";

type MountRule = (mount: MountFacts, lateMinutes: number) => Finding[];
type StationRule = (facts: StationFacts) => Finding[];

const ORDER: readonly Severity[] = ["trouble", "warning", "note"];

/** More failures than this is guessing, not a typo. */
const MIN_FAILED_LOGINS = 10;
const MIN_REFUSED = 3;

/** Players buffer seconds of audio: less delay than this goes unnoticed. */
const LATE_MS = 500;
const VERY_LATE_MS = 2000;

/** Refusals that the operator or the DJ can fix, by the reason they are counted under. */
const REFUSALS: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  unauthorized: ["wrong user name or password", "Compare them with server.source_password."],
  too_many_logins: [
    "too many wrong passwords from its address",
    "Compare the encoder's password with server.source_password; the log shows the address.",
  ],
  undecided: ["its login could not be checked", "The log says why."],
  default_password: [
    "the default password works from this machine only",
    "Set server.source_password, here and in the encoder.",
  ],
  no_such_mount: ["no such mount", "Compare the encoder's mount with the configuration."],
  in_use: ["another source is on the mount", "Kick that source if it should not be live."],
  content_type: ["unsupported format", "Set the encoder to MP3, AAC, Ogg or WebM."],
  unplayable: ["unsupported format", "Set the encoder to MP3, AAC, Ogg or WebM."],
  no_audio: ["no audio", "Check the encoder's input."],
  format: ["the mount plays another format", "Compare both formats, or set on_format_change."],
  cut_short: ["its connection was lost", "Check the network between the encoder and this machine."],
  tls: [
    "they use TLS, and there is no certificate",
    "Set tls.certificate and tls.key, or switch TLS (SSL) off in the encoder.",
  ],
  xaudiocast: ["it uses the xaudiocast login (Icecast 1)", "Choose Icecast 2 in the encoder."],
  no_login: ["audio without a login", "Choose Icecast 2 in the encoder and set the password."],
  too_many_connections: ["too many pending logins", "The log shows their addresses."],
};

function defaultSourcePassword({ path, hasDefaultPassword }: MountFacts): Finding[] {
  if (!hasDefaultPassword) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `${path} still uses the default password "hackme", so only this machine can go live.`,
      remedy: "Set server.source_password.",
    },
  ];
}

function defaultAdminPassword({ hasDefaultAdmin }: StationFacts): Finding[] {
  if (!hasDefaultAdmin) return [];
  return [
    {
      severity: "warning",
      subject: "station",
      sentence:
        'The admin password is still the default "hackme", so this page opens from this machine only.',
      remedy: "Set server.admin_password.",
    },
  ];
}

function busy({ lateness }: StationFacts): Finding[] {
  const lateMs = lateness.p99Ms;
  if (lateMs < LATE_MS) return [];
  return [
    {
      severity: lateMs < VERY_LATE_MS ? "warning" : "trouble",
      subject: "station",
      sentence: `This machine is overloaded: audio goes out up to ${Math.round(lateMs)} ms late.`,
      remedy: "Check what else is running on it, or lower max_listeners.",
    },
  ];
}

function guessing({ lately }: StationFacts): Finding[] {
  const { failedLogins, minutes } = lately;
  if (failedLogins < MIN_FAILED_LOGINS) return [];
  return [
    {
      severity: "warning",
      subject: "station",
      sentence: `${failedLogins} failed admin sign-ins in the last ${minutes} minutes.`,
      remedy: "Use a long admin password; the log shows the addresses.",
    },
  ];
}

function refusals({ lately }: StationFacts): Finding[] {
  const { sources, minutes } = lately;
  return Object.entries(sources).flatMap(([reason, count]) => {
    const [why, remedy] = REFUSALS[reason] ?? [];
    if (count < MIN_REFUSED || why === undefined || remedy === undefined) return [];
    const sentence = `Sources were refused ${count} times in the last ${minutes} minutes: ${why}.`;
    return [{ severity: "warning", subject: "station", sentence, remedy } as const];
  });
}

function shoutcastPort({ missingPort, isListenPortNext }: StationFacts): Finding[] {
  if (missingPort === null) return [];
  const [sentence, remedy] = isListenPortNext
    ? [
        `SHOUTcast encoders that add 1 to the source port reach the listen port ${missingPort}, which refuses them.`,
        `Set server.listen_port to a port other than ${missingPort}.`,
      ]
    : [
        `Port ${missingPort} is taken: SHOUTcast encoders that use it reach another program.`,
        "Stop that program, or change server.source_port.",
      ];
  return [{ severity: "note", subject: "station", sentence, remedy }];
}

export function conversion({ conversionTrouble }: StationFacts): Finding[] {
  if (conversionTrouble === null) return [];
  const sentence = `${conversionTrouble.charAt(0).toUpperCase()}${conversionTrouble.slice(1)}.`;
  const remedy =
    "Free space or give write permission there, or change library.directory; conversion resumes by itself.";
  return [{ severity: "warning", subject: "station", sentence, remedy }];
}

function configuration({ configWarnings }: StationFacts): Finding[] {
  return configWarnings.map((sentence) => ({
    severity: "note",
    subject: "station",
    sentence,
    remedy: "Change the configuration.",
  }));
}

const MOUNT_RULES: readonly MountRule[] = [
  silence,
  deadAir,
  starving,
  drift,
  bitrate,
  flapping,
  relays,
  unanswered,
  directory,
  folders,
  skipped,
  silentFiles,
  unseen,
  empty,
  passedOver,
  listing,
  places,
  slow,
  proxy,
  pushes,
  hls,
  defaultSourcePassword,
];

const STATION_RULES: readonly StationRule[] = [
  busy,
  defaultAdminPassword,
  guessing,
  refusals,
  shoutcastPort,
  certificateEnd,
  certificateFiles,
  conversion,
  diskSpace,
  clusterFindings,
  recordings,
  configuration,
];

/** Most severe first; empty if all is well. */
export function examine(facts: StationFacts): Finding[] {
  const { minutes } = facts.lately;
  const ofMounts = facts.mounts.flatMap((mount) =>
    MOUNT_RULES.flatMap((rule) => rule(mount, minutes)),
  );
  const all = [...ofMounts, ...STATION_RULES.flatMap((rule) => rule(facts))];
  return ORDER.flatMap((severity) => all.filter((finding) => finding.severity === severity));
}
