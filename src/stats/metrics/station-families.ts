// Pure: the metrics of the station and its process.
import { RULE_NAMES } from "../../access/rule.ts";
import type { StationFacts } from "../../facts/facts.ts";
import type { HistogramFacts } from "../../lib/histogram.ts";
import { REFUSALS } from "../../wire/answers.ts";
import type { Family } from "./exposition.ts";

/** The outcomes of source logins, which are there from the start on, so that the first one shows as an increase. */
const OUTCOMES: Record<string, number> = Object.fromEntries(
  ["accepted", "login_timeout", "tls_handshake", ...Object.keys(REFUSALS)].map((name) => [name, 0]),
);

const RULES: Record<string, number> = Object.fromEntries(RULE_NAMES.map((name) => [name, 0]));

function one(type: "gauge" | "counter", name: string, help: string, value: number): Family {
  return { name, help, type, samples: [{ labels: {}, value }] };
}

function histogram(name: string, help: string, value: HistogramFacts): Family {
  return { name, help, type: "histogram", samples: [{ labels: {}, value }] };
}

function by(
  type: "gauge" | "counter",
  name: string,
  help: string,
  label: string,
  record: Readonly<Record<string, number>>,
): Family {
  const samples = Object.entries(record).map(([key, value]) => {
    return { labels: { [label]: key }, value };
  });
  return { name, help, type, samples };
}

function ofProcess({ counters, startedMs }: StationFacts): Family[] {
  const { cpuSeconds, residentBytes, openDescriptors, maxDescriptors } = counters.process;
  return [
    one("gauge", "process_start_time_seconds", "Start, in seconds since 1970.", startedMs / 1000),
    one("counter", "process_cpu_seconds", "CPU time used.", cpuSeconds),
    one("gauge", "process_resident_memory_bytes", "Memory in use.", residentBytes),
    one("gauge", "process_open_fds", "Descriptors in use.", openDescriptors),
    one("gauge", "process_max_fds", "Descriptors that may be in use.", maxDescriptors),
  ];
}

function ofLogins({ sources, counters }: StationFacts): Family[] {
  return [
    by("counter", "cycast_source_logins", "Logins of sources by their outcome.", "result", {
      ...OUTCOMES,
      ...sources,
    }),
    by(
      "counter",
      "cycast_failed_logins",
      "Wrong passwords by the account they were for.",
      "account",
      counters.failedLogins,
    ),
    by("counter", "cycast_refused_clients", "Clients refused by a rule or a ban.", "reason", {
      ...RULES,
      ...counters.refused,
    }),
  ];
}

/** None while TLS is off. */
function ofCertificate({ certificate }: StationFacts): Family[] {
  if (certificate === null) return [];
  const name = "cycast_certificate_expiry_timestamp_seconds";
  const help = "The end of the TLS certificate, in seconds since 1970.";
  return [one("gauge", name, help, certificate.endMs / 1000)];
}

/** `findings`: of the doctor, by severity. */
export function stationFamilies(
  facts: StationFacts,
  runtime: string,
  findings: Readonly<Record<string, number>>,
): Family[] {
  const { eventLoopLag, turns, logLines } = facts.counters;
  return [
    {
      name: "cycast_build",
      help: "The versions of the program and of its runtime.",
      type: "info",
      samples: [{ labels: { version: facts.version, bun: runtime }, value: 1 }],
    },
    histogram(
      "cycast_event_loop_lag_seconds",
      "How late turns of sending began: audio goes out as much later.",
      eventLoopLag,
    ),
    histogram("cycast_turn_seconds", "How long turns of sending took.", turns),
    by("counter", "cycast_log_lines", "Lines of the log by level.", "level", logLines),
    by("gauge", "cycast_findings", "What the doctor finds now.", "severity", findings),
    ...ofLogins(facts),
    ...ofCertificate(facts),
    ...ofProcess(facts),
  ];
}
