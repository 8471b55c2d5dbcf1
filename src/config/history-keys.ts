// The keys of the history: what played and who listened, kept in a database.
import { key, optionalPath } from "./key.ts";

const DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30, y: 365 };
const MAX_DAYS = 3650;

/** The days of a text like "90d", "12w", "6m" or "2y"; null for any other. */
export function daysOf(text: string): number | null {
  const [, digits = "", unit = ""] = /^(\d{1,4})([dwmy])$/.exec(text) ?? [];
  const days = Number(digits) * (DAYS[unit] ?? 0);
  return days >= 1 && days <= MAX_DAYS ? days : null;
}

function readDays(value: unknown): string | null {
  return typeof value === "string" && daysOf(value) !== null ? value : null;
}

export const historyKeys = {
  directory: optionalPath({
    isFixed: true,
    default: "",
    description:
      "Folder for the history of titles and listeners; relative to this file. If empty, the folder history in server.state_directory.",
  }),
  keep: key(
    {
      default: "90d",
      description:
        "How long single listening sessions are kept, as days (90d), weeks (w), months (m) or years (y). Titles and daily sums are kept for ever.",
    },
    {
      type: "string",
      expected: 'a time like "90d", "12w" or "1y", up to 10 years',
      read: readDays,
    },
  ),
  geoip: optionalPath({
    default: "",
    description:
      "Database of countries in MaxMind's format (.mmdb), relative to this file; if empty, countries are unknown.",
  }),
};
