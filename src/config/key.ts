// One configuration key: what it may hold, what it holds when unsaid, and how its limits are told.
import { isReservedMount, normaliseMount } from "../lib/mount-path.ts";
import { Secret } from "../lib/secret.ts";

/** What a key holds as hcl2-parser gives it; also the word by which a problem names it. */
export type KeyType = "string" | "number" | "boolean" | "list";

export interface Key<T> {
  readonly type: KeyType;
  readonly default: T;
  readonly description: string;
  /** What is accepted, as a noun phrase. */
  readonly expected: string;
  /** The range and unit of a number, empty for every other type. */
  readonly limits: string;
  /** True when a mount block may say it too. */
  readonly perMount: boolean;
  readonly secret: boolean;
  /** Deprecated names. */
  readonly aliases: readonly string[];
  /** The value in the program's terms, null when it is outside of what is expected. The type has been checked. */
  readonly read: (value: unknown) => T | null;
}

export interface About<T> {
  readonly default: T;
  readonly description: string;
  readonly perMount?: boolean;
  readonly aliases?: readonly string[];
}

type Limits = { readonly unit: string; readonly range: readonly [number, number] };

const MAX_TEXT_LENGTH = 1024;
const LENGTH = `${MAX_TEXT_LENGTH} characters`;
const LINE = /^[^\p{Cc}\p{Cs}]*$/u;
const HOST = /^[^\s/\p{Cc}]+$/u;
const EXTENSION = /^\.?[a-z0-9_-]{1,16}$/;

type Rest<T> = Pick<Key<T>, "type" | "expected" | "read"> & {
  readonly secret?: boolean;
  readonly limits?: string;
};

function key<T>(about: About<T>, rest: Rest<T>): Key<T> {
  return { perMount: false, aliases: [], secret: false, limits: "", ...about, ...rest };
}

function readLine(value: unknown): string | null {
  const fits = typeof value === "string" && value.length <= MAX_TEXT_LENGTH && LINE.test(value);
  return fits ? value : null;
}

/** One line of text that is not empty. */
export function line(about: About<string>): Key<string> {
  const read = (value: unknown) => readLine(value) || null;
  return key(about, { type: "string", expected: `one line of 1 to ${LENGTH}`, read });
}

/** A user name of Basic authentication, which ends at the first colon. */
export function userName(about: About<string>): Key<string> {
  const read = (value: unknown) => {
    const name = readLine(value);
    return name === null || name === "" || name.includes(":") ? null : name;
  };
  return key(about, { type: "string", expected: "one line without a colon", read });
}

/** One line of text, which may be empty. */
export function text(about: About<string>): Key<string> {
  return key(about, { type: "string", expected: `one line of at most ${LENGTH}`, read: readLine });
}

export function host(about: About<string>): Key<string> {
  const read = (value: unknown) => (typeof value === "string" && HOST.test(value) ? value : null);
  return key(about, { type: "string", expected: "an address or a host name", read });
}

export function mountPath(about: About<string>): Key<string> {
  const read = (value: unknown) => (typeof value === "string" ? readMountPath(value) : null);
  return key(about, { type: "string", expected: MOUNT_PATH, read });
}

export const MOUNT_PATH = 'a path like "/stream" that the server does not answer itself';

/** The normalised path, null for what can be no mount of this server. */
export function readMountPath(text: string): string | null {
  const path = normaliseMount(text);
  return path === null || isReservedMount(path) ? null : path;
}

export function secret(about: About<Secret>): Key<Secret> {
  const read = (value: unknown) => {
    const password = readLine(value) || null;
    return password === null ? null : new Secret(password);
  };
  return key(about, { type: "string", expected: `one line of 1 to ${LENGTH}`, read, secret: true });
}

/** A password that may be left empty, which switches off what it guards. */
export function optionalSecret(about: About<Secret>): Key<Secret> {
  const read = (value: unknown) => {
    const password = readLine(value);
    return password === null ? null : new Secret(password);
  };
  return key(about, {
    type: "string",
    expected: `one line of at most ${LENGTH}`,
    read,
    secret: true,
  });
}

/** One of a few words. */
export function choice<T extends string>(
  about: About<T> & { readonly choices: readonly T[] },
): Key<T> {
  const expected = about.choices.map((word) => `"${word}"`).join(" or ");
  const read = (value: unknown) => about.choices.find((word) => word === value) ?? null;
  return key(about, { type: "string", expected, limits: about.choices.join(", "), read });
}

export function flag(about: About<boolean>): Key<boolean> {
  const read = (value: unknown) => (typeof value === "boolean" ? value : null);
  return key(about, { type: "boolean", expected: "true or false", read });
}

function limitsOf({ range: [low, high], unit }: Limits): string {
  return `${low} to ${high} ${unit}`.trim();
}

function inRange(value: unknown, [low, high]: readonly [number, number]): value is number {
  return typeof value === "number" && value >= low && value <= high;
}

/** A number of units, inclusive of both ends of its range. */
export function amount(about: About<number> & Limits): Key<number> {
  const limits = limitsOf(about);
  const read = (value: unknown) => (inRange(value, about.range) ? value : null);
  return key(about, { type: "number", expected: limits, limits, read });
}

/** An amount without a fraction; 5.0 is one. */
export function count(about: About<number> & Limits): Key<number> {
  const limits = limitsOf(about);
  const read = (value: unknown) =>
    inRange(value, about.range) && Number.isInteger(value) ? value : null;
  return key(about, { type: "number", expected: `a whole number, ${limits}`, limits, read });
}

/** File name endings, read in lower case and with their dot. */
export function extensions(about: About<readonly string[]>): Key<readonly string[]> {
  const expected = 'a list of 1 to 16 file name endings like ".mp3"';
  return key(about, { type: "list", expected, read: readExtensions });
}

function readExtensions(value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > 16) return null;
  const endings = value.map((item) => (typeof item === "string" ? item.toLowerCase() : ""));
  if (!endings.every((ending) => EXTENSION.test(ending))) return null;
  return [...new Set(endings.map((ending) => (ending.startsWith(".") ? ending : `.${ending}`)))];
}

/** What the shipped file says about a key, in the line above it. */
export function describe({ description, limits }: Key<unknown>): string {
  return limits === "" ? description : `${description} (${limits})`;
}
