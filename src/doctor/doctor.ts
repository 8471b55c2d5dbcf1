// The doctor: pure, from the state of a station to sentences that say what is wrong or soon will be.
import { places, proxy, slow } from "./listener-rules.ts";
import type { DoctorFacts, Finding, MountHealth, Severity } from "./doctor-facts.ts";
import {
  directory,
  empty,
  folders,
  passedOver,
  skipped,
  unanswered,
  unseen,
} from "./playlist-rules.ts";
import { bitrate, drift, silence, starving } from "./source-rules.ts";

type MountRule = (mount: MountHealth, lateMinutes: number) => Finding[];
type StationRule = (facts: DoctorFacts) => Finding[];

const ORDER: readonly Severity[] = ["trouble", "warning", "note"];

/** As many wrong passwords are no slip of the finger any more. */
const MIN_FAILED_LOGINS = 10;
const MIN_REFUSED = 3;

/** Players have a burst of seconds in hand: less than that they do not notice. */
const LATE_MS = 500;
const VERY_LATE_MS = 2000;

/** Refusals that somebody can do something about, by the reason they are counted under. */
const REFUSALS: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  unauthorized: ["its user name or password is wrong", "Compare it with server.source_password."],
  too_many_logins: [
    "its address sent wrong passwords too often",
    "Compare it with server.source_password; the log has the address.",
  ],
  default_password: [
    "the default password is taken from this machine only",
    "Set server.source_password, here and in the encoder.",
  ],
  no_such_mount: ["the mount it names is not there", "Compare its mount with the configuration."],
  in_use: ["the mount has a source already", "Kick that source if it should not be there."],
  content_type: ["what it sends cannot be played", "Let it send MP3, AAC, Ogg or WebM."],
  unplayable: ["what it sends cannot be played", "Let it send MP3, AAC, Ogg or WebM."],
  no_audio: ["it sent no audio", "Look whether the encoder records anything."],
  format: ["the mount plays another format", "Compare both formats, or set on_format_change."],
  cut_short: ["its connection broke off", "Look at the line between the encoder and this machine."],
  tls: ["it speaks TLS, and the source port does not", "Switch TLS (SSL) off in the encoder."],
  xaudiocast: ["it logs in as xaudiocast (Icecast 1)", "Choose Icecast 2 in the encoder."],
  no_login: [
    "it sends audio without a login",
    "Choose Icecast 2 in the encoder, with the password.",
  ],
  too_many_connections: ["too many were logging in", "See in the log which addresses they have."],
};

function defaultSourcePassword({ path, hasDefaultPassword }: MountHealth): Finding[] {
  if (!hasDefaultPassword) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `The source password of ${path} is the default everybody knows: sources are taken from this machine only.`,
      remedy: "Set server.source_password.",
    },
  ];
}

function defaultAdminPassword({ hasDefaultAdmin }: DoctorFacts): Finding[] {
  if (!hasDefaultAdmin) return [];
  return [
    {
      severity: "warning",
      subject: "station",
      sentence:
        "The admin password is the default everybody knows: this desk opens from this machine only.",
      remedy: "Set server.admin_password.",
    },
  ];
}

function busy({ lateMs }: DoctorFacts): Finding[] {
  if (lateMs < LATE_MS) return [];
  return [
    {
      severity: lateMs < VERY_LATE_MS ? "warning" : "trouble",
      subject: "station",
      sentence: `This machine is too busy: audio leaves up to ${Math.round(lateMs)} ms late.`,
      remedy: "Look at what else runs on it, or let fewer listeners in.",
    },
  ];
}

function guessing({ failedLoginsLately, lateMinutes }: DoctorFacts): Finding[] {
  if (failedLoginsLately < MIN_FAILED_LOGINS) return [];
  return [
    {
      severity: "warning",
      subject: "station",
      sentence: `Somebody guesses the admin password: ${failedLoginsLately} wrong ones in the last ${lateMinutes} min.`,
      remedy: "Make it long; the log has the addresses.",
    },
  ];
}

function refusals({ refusedLately, lateMinutes }: DoctorFacts): Finding[] {
  return [...refusedLately].flatMap(([reason, count]) => {
    const [why, remedy] = REFUSALS[reason] ?? [];
    if (count < MIN_REFUSED || why === undefined || remedy === undefined) return [];
    const sentence = `A source was refused ${count} times in the last ${lateMinutes} min: ${why}.`;
    return [{ severity: "warning", subject: "station", sentence, remedy } as const];
  });
}

function shoutcastPort({ missingPort }: DoctorFacts): Finding[] {
  if (missingPort === null) return [];
  return [
    {
      severity: "note",
      subject: "station",
      sentence: `Port ${missingPort} is not free: SHOUTcast encoders that log in there find another program.`,
      remedy: "Stop that program, or choose another server.source_port.",
    },
  ];
}

function configuration({ warnings }: DoctorFacts): Finding[] {
  return warnings.map((sentence) => ({
    severity: "note",
    subject: "station",
    sentence,
    remedy: "Change the configuration.",
  }));
}

const MOUNT_RULES: readonly MountRule[] = [
  silence,
  starving,
  drift,
  bitrate,
  unanswered,
  directory,
  folders,
  skipped,
  unseen,
  empty,
  passedOver,
  places,
  slow,
  proxy,
  defaultSourcePassword,
];

const STATION_RULES: readonly StationRule[] = [
  busy,
  defaultAdminPassword,
  guessing,
  refusals,
  shoutcastPort,
  configuration,
];

/** The worst first; none when all is well. */
export function examine(facts: DoctorFacts): Finding[] {
  const ofMounts = facts.mounts.flatMap((mount) =>
    MOUNT_RULES.flatMap((rule) => rule(mount, facts.lateMinutes)),
  );
  const all = [...ofMounts, ...STATION_RULES.flatMap((rule) => rule(facts))];
  return ORDER.flatMap((severity) => all.filter((finding) => finding.severity === severity));
}
