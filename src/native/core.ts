// Loads the C core. Only loadable.ts, ring.ts, broadcaster.ts and this file import bun:ffi.
import { type Pointer, dlopen, suffix } from "bun:ffi";
import { existsSync } from "node:fs";
import { isPackaged, shipped } from "../lib/shipped.ts";
import { loadable } from "./loadable.ts";

export const ABI = 11;

/** Mirrors core-c/radiocore.h; a test compares the two. Positions and times cross as f64: 64-bit integers would
 * arrive as BigInt and cost three times as much. */
export const SYMBOLS = {
  rc_abi: { args: [], returns: "i32" },
  rc_ring_new: { args: ["f64"], returns: "ptr" },
  rc_ring_free: { args: ["ptr"], returns: "void" },
  rc_ring_memory: { args: ["ptr"], returns: "ptr" },
  rc_ring_capacity: { args: ["ptr"], returns: "f64" },
  rc_ring_resize: { args: ["ptr", "f64"], returns: "i32" },
  rc_ring_write: { args: ["ptr", "ptr", "u32", "ptr", "u32"], returns: "i32" },
  rc_ring_head: { args: ["ptr"], returns: "f64" },
  rc_ring_tail: { args: ["ptr"], returns: "f64" },
  rc_ring_seek: { args: ["ptr", "f64"], returns: "f64" },
  rc_ring_frame: { args: ["ptr", "f64"], returns: "f64" },
  rc_ring_preamble_at: { args: ["ptr", "f64"], returns: "i32" },
  rc_ring_lag: { args: ["ptr", "f64"], returns: "f64" },
  rc_ring_title: { args: ["ptr", "ptr", "u32"], returns: "i32" },
  rc_ring_preamble: { args: ["ptr", "ptr", "u32"], returns: "i32" },
  rc_ring_break: { args: ["ptr"], returns: "i32" },
  rc_broadcaster_new: { args: ["ptr", "ptr", "u32", "u32"], returns: "ptr" },
  rc_broadcaster_free: { args: ["ptr"], returns: "void" },
  rc_broadcaster_tune: { args: ["ptr", "f64", "f64", "f64"], returns: "i32" },
  rc_broadcaster_at_once: { args: ["ptr", "i32"], returns: "i32" },
  rc_broadcaster_events: { args: ["ptr"], returns: "ptr" },
  rc_broadcaster_arena: { args: ["ptr"], returns: "ptr" },
  rc_broadcaster_arena_size: { args: ["ptr"], returns: "f64" },
  rc_join: { args: ["ptr", "f64", "u32", "f64"], returns: "i32" },
  rc_join_at: { args: ["ptr", "f64", "u32", "u32", "f64", "f64"], returns: "i32" },
  rc_replace: { args: ["ptr", "i32", "f64", "u32"], returns: "i32" },
  rc_leave: { args: ["ptr", "i32"], returns: "i32" },
  rc_move: { args: ["ptr", "i32", "ptr", "f64"], returns: "i32" },
  rc_blocked: { args: ["ptr", "i32", "i32", "f64"], returns: "i32" },
  rc_take: { args: ["ptr", "i32", "f64"], returns: "i32" },
  rc_tick: { args: ["ptr", "f64"], returns: "i32" },
  rc_broadcaster_event_count: { args: ["ptr"], returns: "i32" },
  rc_socket: { args: ["ptr", "i32", "i32", "i32"], returns: "i32" },
  rc_broadcaster_sent: { args: ["ptr"], returns: "f64" },
  rc_pause: { args: ["ptr"], returns: "f64" },
  rc_inspect: { args: ["ptr", "i32", "ptr"], returns: "i32" },
  rc_listen_tune: { args: ["i32", "i32", "i32", "i32"], returns: "i32" },
  rc_descriptors_new: { args: [], returns: "ptr" },
  rc_descriptors_free: { args: ["ptr"], returns: "void" },
  rc_connection: { args: ["ptr", "i32", "ptr", "u32", "i32"], returns: "i32" },
  rc_clients: { args: ["ptr", "i32", "ptr", "u32"], returns: "i32" },
  rc_hang_up: { args: ["i32"], returns: "i32" },
  rc_duplicate: { args: ["i32"], returns: "i32" },
  rc_calm: { args: ["i32"], returns: "i32" },
  rc_gather: { args: ["i32", "i32"], returns: "i32" },
  rc_reached: { args: ["i32", "ptr"], returns: "i32" },
  rc_release: { args: ["ptr", "i32"], returns: "i32" },
  rc_written: { args: ["i32"], returns: "f64" },
  rc_unacknowledged: { args: ["i32"], returns: "i32" },
  rc_write: { args: ["i32", "ptr", "u32"], returns: "i32" },
  rc_print: { args: ["i32", "ptr", "u32"], returns: "i32" },
  rc_notify: { args: ["ptr", "u32", "ptr", "u32"], returns: "i32" },
} as const;

export type Core = ReturnType<typeof dlopen<typeof SYMBOLS>>["symbols"];

export class CoreLibraryError extends Error {
  override readonly name = "CoreLibraryError";
}

const REMEDY = isPackaged
  ? "Set TMPDIR to a writable folder that allows executables"
  : "Build it with: make build";

const DEFAULT_PATH = shipped(`core-c/build/libradiocore.${suffix}`);

/** CYCAST_CORE selects another build of the library, such as one with sanitizers. */
function libraryPath(): string {
  return process.env.CYCAST_CORE || DEFAULT_PATH;
}

function open(path: string): Core {
  if (!existsSync(path)) {
    throw new CoreLibraryError(`The core library ${path} is missing. ${REMEDY}`);
  }
  try {
    return loadable(path, (name) => dlopen(name, SYMBOLS).symbols);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CoreLibraryError(`The core library ${path} cannot be loaded (${why}). ${REMEDY}`);
  }
}

let loaded: Core | undefined;

/** The loaded core. Throws CoreLibraryError, with a remedy, if it is missing or has another ABI. */
export function core(): Core {
  if (loaded === undefined) {
    const path = libraryPath();
    const symbols = open(path);
    const abi = symbols.rc_abi();
    if (abi !== ABI) {
      throw new CoreLibraryError(
        `The core library ${path} has ABI ${abi}, this Cycast needs ${ABI}. ${REMEDY}`,
      );
    }
    loaded = symbols;
  }
  return loaded;
}

/** Addresses beyond 2^53 would arrive as BigInt; no supported system has them. */
export function pointerOf(address: Pointer | bigint | null, what: string): Pointer {
  if (typeof address === "number") return address;
  throw new RangeError(`The core has no memory for ${what}`);
}
