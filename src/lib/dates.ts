// Dates as the status pages and the access log write them, always in UTC.

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function parts(ms: number) {
  const date = new Date(ms);
  const iso = date.toISOString();
  const month = MONTHS[date.getUTCMonth()] ?? "";
  const [day, year, time] = [iso.slice(8, 10), iso.slice(0, 4), iso.slice(11, 19)];
  return { weekday: DAYS[date.getUTCDay()] ?? "", day, month, year, time, iso };
}

/** "Sat, 01 Aug 2026 10:00:00 +0000"; `ms` since 1970, here and below. */
export function longDate(ms: number): string {
  const { weekday, day, month, year, time } = parts(ms);
  return `${weekday}, ${day} ${month} ${year} ${time} +0000`;
}

/** "2026-08-01T10:00:00+0000" */
export function isoDate(ms: number): string {
  return `${parts(ms).iso.slice(0, 19)}+0000`;
}

/** "01/Aug/2026:10:00:00 +0000", as in access logs. */
export function logDate(ms: number): string {
  const { day, month, year, time } = parts(ms);
  return `${day}/${month}/${year}:${time} +0000`;
}
