// Pure: what a server of the cluster says about itself, and how that is read.
import { normaliseMount } from "../lib/mount-path.ts";

/** Where it is asked. */
export const NODE_PATH = "/api/cluster/node";

/** More mounts than a station has. */
const MAX_MOUNTS = 512;
const MAX_SPANS = 16;
const MAX_TEXT = 500;

/** A stretch of an origin's ring that a server holds. */
export interface Span {
  /** Where it begins in the server's own ring. */
  readonly local: number;
  /** The origin's ring. */
  readonly run: string;
  /** Positions in it. */
  readonly from: number;
  readonly to: number;
}

export interface MountReport {
  readonly path: string;
  /** Those who listen there, without relays. */
  readonly listeners: number;
  /** It begins where the next listener does. */
  readonly isIdle: boolean;
  /** Its HLS addresses answer. */
  readonly hasHls: boolean;
  /** How far back its listeners may go in one piece, in seconds. */
  readonly reachSeconds: number;
  /** The oldest first. */
  readonly spans: readonly Span[];
  /** The run of its own ring, by which its tokens are known. */
  readonly run: string;
}

export interface NodeReport {
  /** Differs from that of every other server. */
  readonly node: string;
  /** Why it is not ready; none if it is. */
  readonly reasons: readonly string[];
  /** It takes no more listeners. */
  readonly isFull: boolean;
  readonly mounts: readonly MountReport[];
}

type Json = Readonly<Record<string, unknown>>;

function object(value: unknown): Json | null {
  // Its properties stay unknown.
  return typeof value === "object" && value !== null ? (value as Json) : null;
}

function list(value: unknown, max: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(-max) : [];
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function text(value: unknown): string {
  return typeof value === "string" ? value.slice(0, MAX_TEXT) : "";
}

function spanOf(value: unknown): Span[] {
  const json = object(value) ?? {};
  const [from, to, local] = [count(json["from"]), count(json["to"]), count(json["local"])];
  const run = text(json["run"]);
  if (run === "" || from === null || to === null || local === null || from > to) return [];
  return [{ local, run, from, to }];
}

function mountOf(value: unknown): MountReport[] {
  const json = object(value) ?? {};
  const path = normaliseMount(text(json["mount"]));
  const listeners = count(json["listeners"]);
  if (path === null || listeners === null) return [];
  const spans = list(json["spans"], MAX_SPANS).flatMap(spanOf);
  const [isIdle, hasHls] = [json["idle"] === true, json["hls"] === true];
  const reachSeconds = count(json["reach"]) ?? 0;
  return [{ path, listeners, spans, run: text(json["run"]), isIdle, hasHls, reachSeconds }];
}

/** null if it is no report. */
export function readReport(document: string): NodeReport | null {
  const json = object(parsed(document));
  const node = text(json?.["node"]);
  if (json === null || node === "") return null;
  return {
    node,
    reasons: list(json["reasons"], 20).map(text),
    isFull: json["full"] === true,
    mounts: list(json["mounts"], MAX_MOUNTS).flatMap(mountOf),
  };
}

function parsed(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return null;
  }
}

/** Audio moves on between two reports. */
export const AHEAD_BYTES = 1 << 20;

/** What a byte of a server's ring is in its origin's; null if that is not known. */
export function originPlace(
  spans: readonly Span[],
  local: number,
): { readonly run: string; readonly position: number } | null {
  const span = spans.findLast((one) => local >= one.local);
  if (span === undefined) return null;
  const ahead = span === spans.at(-1) ? AHEAD_BYTES : 0;
  const position = span.from + local - span.local;
  return position > span.to + ahead ? null : { run: span.run, position };
}
