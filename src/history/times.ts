// Pure: hours and days of the local time, in milliseconds since 1970.
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

/** Its begin. setMinutes() would take the second of two equal hours, as clocks go back, for the first. */
export function hourOf(ms: number): number {
  const date = new Date(ms);
  const seconds = date.getMinutes() * 60 + date.getSeconds();
  return date.getTime() - seconds * 1000 - date.getMilliseconds();
}

/** Its midnight. */
export function dayOf(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** The midnight after that of `dayMs`; days with a change of the clock are 23 or 25 hours long, or begin at one. */
export function nextDay(dayMs: number): number {
  const date = new Date(dayMs);
  date.setDate(date.getDate() + 1);
  return dayOf(date.getTime());
}

export function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}
