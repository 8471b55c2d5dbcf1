// Calls to the catalogue's thread, and its replies.
import type { Call } from "../disk/call.ts";
import type { Place } from "./order.ts";
import type { Row } from "./row.ts";

/** A mount's order over the files of a directory. */
export interface Whose {
  readonly mount: string;
  readonly directory: string;
}

/** What a mount played before a restart. */
export interface Kept {
  readonly place: Place;
  /** Artists of the tracks heard last, the latest first. */
  readonly artists: readonly string[];
}

/** A track that was heard. */
export interface Heard extends Whose {
  readonly path: string;
  readonly content: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly place: Place;
}

export type Played = readonly (readonly [path: string, content: string])[];

/** `after`: the last path of the page before, "" for the first page. */
export type CatalogueCall = Call & { readonly catalogue: string } & (
    | ({ readonly call: "place" } & Whose)
    | ({ readonly call: "played"; readonly round: number; readonly after: string } & Whose)
    | { readonly call: "rows"; readonly directory: string; readonly after: string }
    | { readonly call: "keep"; readonly rows: readonly Row[]; readonly gone: readonly string[] }
    | ({ readonly call: "heard" } & Heard)
  );

export interface CatalogueReply {
  readonly value: unknown;
  /** The new name of a damaged catalogue, which was replaced by an empty one during the call. */
  readonly setAside: string | null;
}

/** Rows in one reply. */
export const PAGE_ROWS = 500;
