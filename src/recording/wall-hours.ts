// Pure: hours of the wall clock, and dates with the offset that was in force. An hour that comes twice, when summer time
// ends, is two hours here.

/** Minutes east of UTC at a moment in milliseconds since 1970. */
export type Offset = (ms: number) => number;

export const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export const localOffset: Offset = (ms) => -new Date(ms).getTimezoneOffset();

/** The first full hour after a moment, in milliseconds since 1970. */
export function nextHour(ms: number, offset: Offset): number {
  const local = ms + offset(ms) * MINUTE_MS;
  return ms - modulo(local, HOUR_MS) + HOUR_MS;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** The fields of strftime: %Y %m %d %H %M %S %z. */
export function localFields(ms: number, offset: Offset): Readonly<Record<string, string>> {
  const minutes = offset(ms);
  const iso = new Date(ms + minutes * MINUTE_MS).toISOString();
  return {
    Y: iso.slice(0, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    z: zoneOf(minutes, ""),
  };
}

/** "2026-11-29T10:00:00.250+01:00" */
export function localIso(ms: number, offset: Offset): string {
  const minutes = offset(ms);
  const iso = new Date(ms + minutes * MINUTE_MS).toISOString();
  return iso.slice(0, -1) + zoneOf(minutes, ":");
}

function zoneOf(minutes: number, separator: string): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(size / 60)}${separator}${two(size % 60)}`;
}
