// How servers of one cluster know each other: a request proves the common secret without sending it.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../lib/clock.ts";
import { normaliseMount } from "../lib/mount-path.ts";
import type { Secret } from "../lib/secret.ts";

/** The header of a proof. */
export const CLUSTER_HEADER = "cycast-cluster";

/** Clocks of servers differ by less; a proof that somebody has read on the way is of no use later. */
const MAX_SKEW_SECONDS = 120;

const PROOF = /^(\d{1,12})\.([\w-]{16})\.([\w-]{43})$/;

export class Membership {
  /** This run of this server. */
  readonly node: string = randomBytes(8).toString("hex");
  /** Derived from the secret in force, by purpose: every listener's token asks for one. */
  #keys: { readonly of: Secret; readonly byPurpose: Map<string, Buffer | null> } | null = null;

  constructor(
    private readonly secret: () => Secret,
    /** Milliseconds since 1970. */
    private readonly wall: Clock,
  ) {}

  /** This server is in a cluster. */
  get isMember(): boolean {
    return this.secret().reveal() !== "";
  }

  /** A header line for a request of this target, without its end; none outside of a cluster. */
  lines(target: string): string[] {
    if (!this.isMember) return [];
    const seconds = Math.floor(this.wall.nowMs() / 1000);
    const nonce = randomBytes(12).toString("base64url");
    const mac = this.#mac(pathOf(target), seconds, nonce).toString("base64url");
    return [`${CLUSTER_HEADER}: ${seconds}.${nonce}.${mac}`];
  }

  /** A request of this target comes from a server of the cluster. */
  isProven(header: string | null | undefined, target: string): boolean {
    const [, seconds = "", nonce = "", mac = ""] = PROOF.exec(header ?? "") ?? [];
    if (mac === "" || !this.isMember) return false;
    const ageSeconds = Math.abs(this.wall.nowMs() / 1000 - Number(seconds));
    if (ageSeconds > MAX_SKEW_SECONDS) return false;
    const own = this.#mac(pathOf(target), Number(seconds), nonce);
    const given = Buffer.from(mac, "base64url");
    return given.length === own.length && timingSafeEqual(given, own);
  }

  /** A key that all servers of the cluster derive alike; null outside of one. */
  key(purpose: string): Buffer | null {
    const secret = this.secret();
    if (this.#keys?.of !== secret) this.#keys = { of: secret, byPurpose: new Map() };
    const { byPurpose } = this.#keys;
    const known = byPurpose.get(purpose);
    if (known !== undefined) return known;
    const key = this.isMember ? derived(secret, purpose) : null;
    byPurpose.set(purpose, key);
    return key;
  }

  #mac(path: string, seconds: number, nonce: string): Buffer {
    const key = this.key("proof") ?? randomBytes(32);
    return createHmac("sha256", key).update(`${path}\n${seconds}\n${nonce}`).digest();
  }
}

function derived(secret: Secret, purpose: string): Buffer {
  return createHmac("sha256", secret.reveal()).update(`cycast ${purpose}`).digest();
}

/** Without the query, which may carry anything, and in one spelling. */
function pathOf(target: string): string {
  const path = target.split("?", 1)[0] ?? "";
  return normaliseMount(path) ?? path;
}
