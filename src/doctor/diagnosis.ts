// What the doctor finds: a problem in one sentence, and its remedy.

/** trouble: listeners notice it. warning: they will, or strangers may. note: worth knowing. */
export type Severity = "trouble" | "warning" | "note";

export interface Finding {
  readonly severity: Severity;
  /** A mount's path, or "station". */
  readonly subject: string;
  readonly sentence: string;
  /** What the admin can do about it. */
  readonly remedy: string;
}
