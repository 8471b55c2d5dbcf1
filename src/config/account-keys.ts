// The keys of accounts and of tokens for the API.
import { Secret } from "../lib/secret.ts";
import { choice, count, key, MAX_TEXT_LENGTH, readLine, readMountPath } from "./key.ts";

/** Each role may do what those before it may. */
export const ROLES = ["dj", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Each scope includes those before it. */
export const SCOPES = ["read", "operate", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** The user name of sources that log in by a mount's password alone, as in Icecast. */
export const SOURCE_USER = "source";

const MAX_MOUNTS = 256;

/** A hash that is more expensive would take seconds, or hundreds of MiB, at each login. */
const MAX_BCRYPT_ROUNDS = 14;
const MAX_ARGON2_KIB = 262_144;
const MAX_ARGON2_PASSES = 16;

const HASH = /^\$(?:2[aby]?|argon2[a-z]*)\$/;
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const ARGON2 =
  /^\$argon2(?:id|i|d)\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=\d{1,3}\$[A-Za-z0-9+/]{11,128}\$[A-Za-z0-9+/]{16,128}$/;

/** The text is the hash of a password, well formed or not. */
export function isHash(text: string): boolean {
  return HASH.test(text);
}

/** A well-formed bcrypt or Argon2 hash whose check takes no more than a moment. */
export function isAffordable(hash: string): boolean {
  const rounds = Number(BCRYPT.exec(hash)?.[1]);
  if (rounds >= 4) return rounds <= MAX_BCRYPT_ROUNDS;
  const [, kib, passes] = ARGON2.exec(hash) ?? [];
  return Number(kib) <= MAX_ARGON2_KIB && Number(passes) <= MAX_ARGON2_PASSES;
}

function readPassword(value: unknown): Secret | null {
  const text = readLine(value) || null;
  if (text === null || (isHash(text) && !isAffordable(text))) return null;
  return new Secret(text);
}

function readHash(value: unknown): Secret | null {
  const isDigest = typeof value === "string" && /^sha256:[0-9a-f]{64}$/i.test(value);
  return isDigest ? new Secret(value.toLowerCase()) : null;
}

export function readMounts(value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || value.length > MAX_MOUNTS) return null;
  const paths = value.map((one) => (typeof one === "string" ? readMountPath(one) : null));
  return paths.every((path) => path !== null) ? [...new Set(paths)] : null;
}

const REQUIRED = { default: new Secret(""), isRequired: true } as const;

export const accountKeys = {
  password: key(
    {
      ...REQUIRED,
      description:
        "Password of the account, or its argon2 or bcrypt hash; the user name is the block's label.",
    },
    {
      type: "string",
      secret: true,
      expected: `one line of 1 to ${MAX_TEXT_LENGTH} characters, or a bcrypt or argon2 hash of at most 14 rounds or 256 MiB`,
      read: readPassword,
    },
  ),
  role: choice({
    choices: ROLES,
    default: "dj",
    description:
      "dj: goes live and sends titles. operator: also uses the desk, except for reloads. admin: everything.",
  }),
  mounts: key(
    {
      default: [] as readonly string[],
      description: "Mounts that the account may go live on; empty for all.",
    },
    { type: "list", expected: 'a list of mounts like "/stream"', read: readMounts },
  ),
  priority: count({
    unit: "",
    range: [0, 99],
    default: 0,
    description:
      "A source of this account takes over from one with a lower priority, which waits and gets the mount back.",
  }),
};

export const tokenKeys = {
  hash: key(
    {
      ...REQUIRED,
      description: "SHA-256 of the token, as cycast --token prints it.",
    },
    {
      type: "string",
      secret: true,
      expected: '"sha256:" and 64 hexadecimal digits',
      read: readHash,
    },
  ),
  scope: choice({
    choices: SCOPES,
    default: "read",
    description:
      "read: what the desk shows. operate: also its commands. admin: also the configuration.",
  }),
};
