// The doctor's rules about the TLS certificate: its end, and files that cannot replace it.
import type { StationFacts } from "../facts/facts.ts";
import { dayOf, daysUntil, inDays, warningDue } from "../tls/expiry.ts";
import type { Finding, Severity } from "./diagnosis.ts";

/** By the warning that is due. */
const SEVERITIES: Readonly<Record<number, Severity>> = {
  0: "trouble",
  6: "trouble",
  14: "warning",
  30: "note",
};

export function certificateEnd({ certificate, nowMs }: StationFacts): Finding[] {
  if (certificate === null) return [];
  const days = daysUntil(certificate.endMs, nowMs);
  const due = warningDue(days);
  if (due === null) return [];
  const date = dayOf(certificate.endMs);
  return [
    {
      severity: SEVERITIES[due] ?? "note",
      subject: "station",
      sentence:
        days < 0
          ? `The TLS certificate expired on ${date}: encoders, players and browsers refuse it.`
          : `The TLS certificate ends ${inDays(days)}, on ${date}.`,
      remedy: "Renew it: a new certificate in the same files is used at once.",
    },
  ];
}

export function certificateFiles({ certificate }: StationFacts): Finding[] {
  if (certificate === null || certificate.trouble === null) return [];
  return [
    {
      severity: "warning",
      subject: "station",
      sentence: `The TLS certificate cannot be renewed: ${certificate.trouble}.`,
      remedy: `Correct the files; the certificate in use ends on ${dayOf(certificate.endMs)}.`,
    },
  ];
}
