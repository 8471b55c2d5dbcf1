// Pure: when the end of a certificate is worth a warning.

const DAY_MS = 86_400_000;

/** Days before the end at which a warning is due, the last one first. */
const WARNING_DAYS = [6, 14, 30] as const;

/** Whole days until then; negative if it is past. */
export function daysUntil(endMs: number, wallMs: number): number {
  return Math.floor((endMs - wallMs) / DAY_MS);
}

/** The warning that is due with so many days left: 30, 14 or 6, or 0 once they are over; null if none is. */
export function warningDue(days: number): number | null {
  return days < 0 ? 0 : (WARNING_DAYS.find((limit) => days <= limit) ?? null);
}

/** "in 1 day", "within a day" */
export function inDays(days: number): string {
  if (days === 0) return "within a day";
  return `in ${days} ${days === 1 ? "day" : "days"}`;
}

/** "2027-01-28", in UTC. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
