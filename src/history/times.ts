// Pure: hours and days of the local time, in milliseconds since 1970.
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

export function hourOf(ms: number): number {
  return new Date(ms).setMinutes(0, 0, 0);
}

/** Its midnight. */
export function dayOf(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** The midnight after that of `dayMs`; days with a change of the clock are 23 or 25 hours long. */
export function nextDay(dayMs: number): number {
  const date = new Date(dayMs);
  date.setDate(date.getDate() + 1);
  return date.getTime();
}

export function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}
