// One configuration key: its type, its default, its limits and how they are described.
import { resolve } from "node:path";
import { isReservedMount, normaliseMount } from "../lib/mount-path.ts";
import { Secret } from "../lib/secret.ts";

/** A value's type in hcl2-parser's result; problems use the same word. */
export type KeyType = "string" | "number" | "boolean" | "list";

/** A mount key may be set at the top for all mounts, and in a mount block for that one. */
export type Scope = "station" | "mount";

export interface Key<T, S extends Scope = Scope> {
  readonly type: KeyType;
  readonly default: T;
  readonly description: string;
  /** What the key accepts, as a noun phrase. */
  readonly expected: string;
  /** The range and unit of a number, empty for every other type. */
  readonly limits: string;
  readonly scope: S;
  /** A running station keeps the value it started with. */
  readonly isFixed: boolean;
  /** A mount key that other mounts do not inherit: at the top it belongs to the first mount. */
  readonly isOwn: boolean;
  /** Its labelled block must set it; the default is never used. */
  readonly isRequired: boolean;
  readonly secret: boolean;
  /** Of a list: one string stands for a list of one. */
  readonly mayBeOne: boolean;
  /** A word that is accepted in place of a number; empty for none. */
  readonly word: string;
  /** Deprecated names. */
  readonly aliases: readonly string[];
  /** The value in the program's terms, null if it is not accepted. Its type has been checked. */
  readonly read: (value: unknown) => T | null;
  /** Resolves a value that depends on the configuration's folder. */
  place?(value: T, folder: string): T;
}

export interface About<T> {
  readonly default: T;
  readonly description: string;
  /** Defaults to "station". */
  readonly scope?: Scope;
  readonly isFixed?: boolean;
  readonly isOwn?: boolean;
  readonly isRequired?: boolean;
  readonly aliases?: readonly string[];
}

/** The scope of a key, as declared in its table. */
export type ScopeOf<A> = A extends { readonly scope: infer S extends Scope } ? S : "station";

type Limits = { readonly unit: string; readonly range: readonly [number, number] };

export const MAX_TEXT_LENGTH = 1024;
const LENGTH = `${MAX_TEXT_LENGTH} characters`;
const LINE = /^[^\p{Cc}\p{Cs}]*$/u;
const HOST = /^[^\s/\p{Cc}]+$/u;

type Rest<T> = Pick<Key<T>, "type" | "expected" | "read" | "place"> & {
  readonly secret?: boolean;
  readonly limits?: string;
  readonly word?: string;
  readonly mayBeOne?: boolean;
};

/** A key of a type of its own. */
export function key<T, A extends About<T>>(about: A, rest: Rest<T>): Key<T, ScopeOf<A>> {
  // The runtime default matches ScopeOf's.
  const scope = (about.scope ?? "station") as ScopeOf<A>;
  const defaults = {
    isFixed: false,
    isOwn: false,
    isRequired: false,
    aliases: [],
    secret: false,
    limits: "",
    mayBeOne: false,
    word: "",
  };
  return { ...defaults, ...about, scope, ...rest };
}

export function readLine(value: unknown): string | null {
  const fits = typeof value === "string" && value.length <= MAX_TEXT_LENGTH && LINE.test(value);
  return fits ? value : null;
}

/** One line of text, not empty. */
export function line<const A extends About<string>>(about: A): Key<string, ScopeOf<A>> {
  const read = (value: unknown) => readLine(value) || null;
  return key(about, { type: "string", expected: `one line of 1 to ${LENGTH}`, read });
}

/** A file or folder, relative to the configuration's folder; resolved to an absolute path. */
export function path<const A extends About<string>>(about: A): Key<string, ScopeOf<A>> {
  const read = (value: unknown) => readLine(value) || null;
  const place = (name: string, folder: string) => resolve(folder, name);
  return key(about, { type: "string", expected: `one line of 1 to ${LENGTH}`, read, place });
}

/** A path; empty for none. */
export function optionalPath<const A extends About<string>>(about: A): Key<string, ScopeOf<A>> {
  const place = (name: string, folder: string) => (name === "" ? "" : resolve(folder, name));
  const expected = `one line of at most ${LENGTH}`;
  return key(about, { type: "string", expected, read: readLine, place });
}

/** A user name for Basic authentication, which ends at the first colon. */
export function userName<const A extends About<string>>(about: A): Key<string, ScopeOf<A>> {
  const read = (value: unknown) => {
    const name = readLine(value);
    return name === null || name === "" || name.includes(":") ? null : name;
  };
  return key(about, { type: "string", expected: "one line without a colon", read });
}

/** One line of text, possibly empty. */
export function text<const A extends About<string>>(about: A): Key<string, ScopeOf<A>> {
  return key(about, { type: "string", expected: `one line of at most ${LENGTH}`, read: readLine });
}

export function host<const A extends About<string>>(about: A): Key<string, ScopeOf<A>> {
  const read = (value: unknown) => (typeof value === "string" && HOST.test(value) ? value : null);
  return key(about, { type: "string", expected: "an address or a host name", read });
}

export function mountPath<const A extends About<string>>(about: A): Key<string, ScopeOf<A>> {
  const read = (value: unknown) => (typeof value === "string" ? readMountPath(value) : null);
  return key(about, { type: "string", expected: MOUNT_PATH, read });
}

/** A mount; empty for none. */
export function optionalMountPath<const A extends About<string>>(
  about: A,
): Key<string, ScopeOf<A>> {
  const read = (value: unknown) => {
    if (typeof value !== "string") return null;
    return value === "" ? "" : readMountPath(value);
  };
  return key(about, { type: "string", expected: `${MOUNT_PATH}, or ""`, read });
}

export const MOUNT_PATH = 'a path like "/stream" that the server does not answer itself';

/** The normalised path, null if it cannot be a mount of this server. */
export function readMountPath(text: string): string | null {
  const path = normaliseMount(text);
  return path === null || isReservedMount(path) ? null : path;
}

export function secret<const A extends About<Secret>>(about: A): Key<Secret, ScopeOf<A>> {
  const read = (value: unknown) => {
    const password = readLine(value) || null;
    return password === null ? null : new Secret(password);
  };
  return key(about, { type: "string", expected: `one line of 1 to ${LENGTH}`, read, secret: true });
}

/** A password; empty disables what it protects. */
export function optionalSecret<const A extends About<Secret>>(about: A): Key<Secret, ScopeOf<A>> {
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

interface Choices<T> {
  readonly choices: readonly T[];
}

/** One of a few words. */
export function choice<T extends string, const A extends About<T> & Choices<T>>(
  about: A & Choices<T>,
): Key<T, ScopeOf<A>> {
  const expected = about.choices.map((word) => `"${word}"`).join(" or ");
  const read = (value: unknown) => about.choices.find((word) => word === value) ?? null;
  return key(about, { type: "string", expected, limits: about.choices.join(", "), read });
}

export function flag<const A extends About<boolean>>(about: A): Key<boolean, ScopeOf<A>> {
  const read = (value: unknown) => (typeof value === "boolean" ? value : null);
  return key(about, { type: "boolean", expected: "true or false", read });
}

function limitsOf({ range: [low, high], unit }: Limits): string {
  return `${low} to ${high} ${unit}`.trim();
}

function inRange(value: unknown, [low, high]: readonly [number, number]): value is number {
  return typeof value === "number" && value >= low && value <= high;
}

/** A number with a unit; both ends of its range are included. */
export function amount<const A extends About<number> & Limits>(about: A): Key<number, ScopeOf<A>> {
  const limits = limitsOf(about);
  const read = (value: unknown) => (inRange(value, about.range) ? value : null);
  return key(about, { type: "number", expected: limits, limits, read });
}

/** An amount, or 0. */
export function amountOrZero<const A extends About<number> & Limits>(
  about: A,
): Key<number, ScopeOf<A>> {
  const limits = `0, or ${limitsOf(about)}`;
  const read = (value: unknown) => (value === 0 || inRange(value, about.range) ? value : null);
  return key(about, { type: "number", expected: limits, limits, read });
}

export const OFF = "off";

/** An amount, or "off". */
export function amountOrOff<const A extends About<number | typeof OFF> & Limits>(
  about: A,
): Key<number | typeof OFF, ScopeOf<A>> {
  const limits = `${limitsOf(about)}, or "${OFF}"`;
  const read = (value: unknown) => (value === OFF || inRange(value, about.range) ? value : null);
  return key(about, { type: "number", expected: limits, limits, read, word: OFF });
}

/** An amount without a fraction; 5.0 is accepted. */
export function count<const A extends About<number> & Limits>(about: A): Key<number, ScopeOf<A>> {
  const limits = limitsOf(about);
  const read = (value: unknown) =>
    inRange(value, about.range) && Number.isInteger(value) ? value : null;
  return key(about, { type: "number", expected: `a whole number, ${limits}`, limits, read });
}

/** One of a few numbers. */
export function oneOf<const A extends About<number> & { unit: string; values: readonly number[] }>(
  about: A,
): Key<number, ScopeOf<A>> {
  const { values, unit } = about;
  const limits = `${values.join(", ")} ${unit}`.trim();
  const read = (value: unknown) =>
    typeof value === "number" && values.includes(value) ? value : null;
  return key(about, { type: "number", expected: `one of ${limits}`, limits, read });
}

/** The comment above a key in the shipped file. */
export function describe({ description, limits }: Key<unknown>): string {
  return limits === "" ? description : `${description} (${limits})`;
}
