// The keys of a recording: which audio of its mount is kept in files, how it is cut, and for how long.
import { amount, choice, key, MAX_TEXT_LENGTH, optionalPath, path, text } from "./key.ts";

export const RECORDED = ["live", "live_or_relay", "always"] as const;
export type Recorded = (typeof RECORDED)[number];

export const SPLITS = ["hour", "show", "title"] as const;
export type Split = (typeof SPLITS)[number];

/** The larger of the two holds. */
export interface MinFree {
  readonly bytes: number;
  /** Share of the disk. */
  readonly percent: number;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  h: 3600,
  d: 24 * 3600,
  w: 7 * 24 * 3600,
};
const MAX_SECONDS = 100 * 366 * 24 * 3600;

/** "42d", "6w", "36h" in seconds; 0 for "". */
export function readKeep(value: unknown): number | null {
  if (value === "") return 0;
  const [, count, unit = ""] =
    /^(\d{1,6}) ?([hdw])$/.exec(typeof value === "string" ? value : "") ?? [];
  const seconds = Number(count) * (UNIT_SECONDS[unit] ?? Number.NaN);
  return seconds > 0 && seconds <= MAX_SECONDS ? seconds : null;
}

const UNIT_BYTES: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };

/** "5 GB", "10%", "5GB 10%"; "" and "0" are none. */
export function readMinFree(value: unknown): MinFree | null {
  if (typeof value !== "string" || value.length > MAX_TEXT_LENGTH) return null;
  const [bytes, percent] = [amountIn(value, /^(\d+(?:\.\d+)?) ?(MB|GB|TB)$/i), percentIn(value)];
  const parts = partsOf(value).filter((part) => part !== "0");
  const known = Number(bytes !== null) + Number(percent !== null);
  if (known !== parts.length || (percent ?? 0) > 90) return null;
  return { bytes: bytes ?? 0, percent: percent ?? 0 };
}

function partsOf(text: string): string[] {
  const joined = text.trim().replaceAll(/(\d) +(?=[MGT]B)/gi, "$1");
  return joined === "" ? [] : joined.split(/[ ,]+/);
}

function amountIn(text: string, form: RegExp): number | null {
  const [part] = partsOf(text).flatMap((one) => form.exec(one) ?? []);
  const [, number, unit = ""] = form.exec(part ?? "") ?? [];
  return number === undefined ? null : Number(number) * (UNIT_BYTES[unit.toUpperCase()] ?? 0);
}

function percentIn(text: string): number | null {
  const part = partsOf(text).find((one) => /^\d+(?:\.\d+)?%$/.test(one));
  return part === undefined ? null : Number(part.slice(0, -1));
}

export const recordingKeys = {
  directory: path({
    scope: "mount",
    default: "recordings",
    description: "Folder of the files, relative to this file; made when it is missing.",
  }),
  when: choice({
    scope: "mount",
    choices: RECORDED,
    default: "live",
    description: "Record sources only, relays too, or all that listeners hear.",
  }),
  split: choice({
    scope: "mount",
    choices: SPLITS,
    default: "hour",
    description: "Begin a file with each hour of the wall clock, each show, or each title.",
  }),
  name: text({
    scope: "mount",
    default: "",
    description:
      "Name of a file without its ending: %Y %m %d %H %M %S %z of its start, {mount}, {show}, {artist}, {title}, {recording}, / for folders. If empty, one that fits split.",
  }),
  keep: key(
    {
      scope: "mount",
      default: 0,
      description: 'Age at which files are deleted: "42d", "6w" or "36h"; empty keeps them.',
    } as const,
    { type: "string", expected: 'a time like "42d", "6w" or "36h", or ""', read: readKeep },
  ),
  min_free: key(
    {
      scope: "mount",
      default: { bytes: 0, percent: 2 } as MinFree,
      description:
        'Space that stays free on the disk: "5GB", "5%" or both. The oldest files are deleted for it, and then nothing is recorded.',
    } as const,
    {
      type: "string",
      expected: 'an amount like "5GB", a share of at most "90%", or both: "5GB 10%"',
      read: readMinFree,
    },
  ),
  resume_seconds: amount({
    scope: "mount",
    unit: "seconds",
    range: [0, 3600],
    default: 60,
    description: "A source that returns within this time goes on in its file.",
  }),
  playlist_directory: optionalPath({
    scope: "mount",
    default: "",
    description:
      "Folder that the desk puts recordings into to be played again; relative to this file. If empty, the playlist's directory.",
  }),
};
