// Fallbacks: where the listeners of a mount go while it has nothing to play, or when it is removed, and how those who came
// from there get back.
import { MAX_FALLBACKS } from "../../config/fallback-conflicts.ts";
import { sameFormat, type StreamFormat } from "../../format/frame.ts";
import type { Mount } from "../../mount/mount.ts";
import type { Audience } from "./audience.ts";
import type { Listener } from "./listener.ts";

/** Where a new client is heard, and the mounts without a programme that it was sent on from. */
export interface Heard {
  readonly audience: Audience;
  readonly away: readonly string[];
}

const NOWHERE: readonly string[] = [];

type AudiencesByPath = ReadonlyMap<string, { readonly audience: Audience }>;

/** It plays something other than silence, its own or a source's. */
export function hasProgramme({ onAir }: Mount): boolean {
  return onAir !== null && onAir.isFiller !== true && onAir.isSilent !== true;
}

/** A relay on demand begins with the next listener, or is about to. */
function isOffered({ inputs }: Mount): boolean {
  return inputs.some(({ relay }) => relay?.state === "idle" || relay?.isStarting === true);
}

/** Somebody is to hear it: once it plays, its mount gathers them. */
function want({ inputs }: Mount): void {
  for (const input of inputs) input.want?.();
}

/** Why listeners cannot be moved between two mounts, in Icecast's words; null if they can. */
export function refusalToMove(from: Audience, to: Audience): string | null {
  if (from === to) return "supplied mountpoints are identical";
  if (!hasProgramme(to.mount)) return "Destination not running";
  const [before, after] = [from.mount.sounding, playing(to.mount)];
  const isSame =
    before === null || after === null
      ? from.contentType === to.contentType
      : sameFormat(before, after);
  return isSame ? null : "Destination plays another format";
}

/** The format of the next frame. */
function playing({ onAir, sounding }: Mount): StreamFormat | null {
  return onAir?.format ?? sounding;
}

/** The next frame ends the present listeners. */
function isBreaking({ onAir, sounding, config }: Mount): boolean {
  const next = onAir?.format ?? null;
  if (next === null || sounding === null || config.onFormatChange === "allow") return false;
  return !sameFormat(next, sounding);
}

/** A client that is sent on from one mount to the other can come back. */
function canReturn(asked: Mount, heard: Mount): boolean {
  const after = playing(heard);
  return asked.format === null || after === null || sameFormat(asked.format, after);
}

function counted(listeners: number): string {
  return `${listeners} ${listeners === 1 ? "listener" : "listeners"}`;
}

/** A listener that does not read at present still has audio of its mount to get: it goes when it has. */
const AGAIN_MS = 200;

type Later = (ms: number, run: () => void) => void;

const afterwards: Later = (ms, run) => void setTimeout(run, ms).unref();

function isBlocked(listener: Listener): boolean {
  return listener.audience.stateOf(listener)?.isBlocked === true;
}

export class Fallbacks {
  /** By the mount's path. */
  readonly #targets = new Map<string, string>();

  /** Mounts some of whose listeners could not go yet. */
  readonly #waiting = new Set<Audience>();

  constructor(
    private readonly mounts: () => AudiencesByPath,
    private readonly later: Later = afterwards,
  ) {}

  /** null removes the fallback. */
  set(from: Audience, to: Audience | null): void {
    this.setPath(from.mount.path, to?.mount.path ?? "");
  }

  /** The same by path, which need not be a mount now; "" removes the fallback. */
  setPath(from: string, to: string): void {
    if (to === "" || to === from) this.#targets.delete(from);
    else this.#targets.set(from, to);
  }

  of(audience: Audience): Audience | undefined {
    return this.mounts().get(this.#targets.get(audience.mount.path) ?? "")?.audience;
  }

  /** Where a client joins that asks for a mount: at a fallback while that has nothing to play, or is full and says so. */
  heard(asked: Audience): Heard {
    // What nearly every client finds needs no look at fallbacks.
    if (hasProgramme(asked.mount) && asked.hasRoom) return { audience: asked, away: NOWHERE };
    const away: string[] = [];
    for (const audience of [asked, ...this.#chain(asked)]) {
      const { mount } = audience;
      if (away.length > 0 && !canReturn(asked.mount, mount)) continue;
      if (!hasProgramme(mount) && !isOffered(mount)) away.push(mount.path);
      else if (audience.hasRoom) return { audience, away };
      else if (!mount.config.fallbackWhenFull) break;
    }
    return { audience: asked, away: NOWHERE };
  }

  /** The mount whose programme those hear who stay at the address of this one: its own, or that of the nearest fallback
   * that fits; its own silence without any. */
  programmeOf(mount: Mount, fits: (fallback: Mount) => boolean): Mount {
    if (!this.#targets.has(mount.path) || hasProgramme(mount) || isOffered(mount)) return mount;
    const isHeard = (this.mounts().get(mount.path)?.audience.count ?? 0) > 0;
    for (const { mount: next } of this.#chain({ mount })) {
      // It is pulled for those who are counted here.
      if (isHeard) want(next);
      if (hasProgramme(next) && fits(next)) return next;
    }
    return mount;
  }

  /** Another input is on air, or another fallback is set. */
  follow(audience: Audience): void {
    const { mount } = audience;
    // A mount that was removed ends its inputs, and wants nobody back.
    if (!this.#isThere(audience)) return;
    // Those who came before the break would be ended by it.
    if (hasProgramme(mount) && !isBreaking(mount)) this.#gather(audience);
    else if (!hasProgramme(mount) && !isOffered(mount)) this.#sendOn(audience);
  }

  /** The next frame has another format, and the listeners of the one before it have been ended. */
  followFormat(audience: Audience): void {
    if (this.#isThere(audience) && hasProgramme(audience.mount)) this.#gather(audience);
  }

  #isThere(audience: Audience): boolean {
    return this.mounts().get(audience.mount.path)?.audience === audience;
  }

  /** The mount is about to close; it is no longer among the mounts. */
  leave(audience: Audience): void {
    this.#sendOn(audience, () => true);
  }

  forget({ mount }: Audience): void {
    this.#targets.delete(mount.path);
  }

  /** Nearest first; at most MAX_FALLBACKS, each once. */
  *#chain({ mount }: Pick<Audience, "mount">): Generator<Audience> {
    const seen = new Set([mount.path]);
    for (let path = this.#targets.get(mount.path); path !== undefined && !seen.has(path);) {
      if (seen.size > MAX_FALLBACKS) return;
      seen.add(path);
      const next = this.mounts().get(path)?.audience;
      if (next !== undefined) yield next;
      path = this.#targets.get(path);
    }
  }

  /** Its listeners go to the first fallback that they can go on with; those for whom it has no room, to the next. */
  #sendOn(from: Audience, mayGo = (one: Listener) => !isBlocked(one)): void {
    const passed = [from.mount.path];
    for (const to of this.#chain(from)) {
      if (from.count > 0 && isOffered(to.mount)) want(to.mount);
      if (from.count > 0 && refusalToMove(from, to) === null) {
        const listeners = [...from.members()];
        this.#send(from, to, listeners.filter(mayGo), passed);
        if (!listeners.every(mayGo)) this.#again(from);
      }
      passed.push(to.mount.path);
    }
  }

  #again(audience: Audience): void {
    if (this.#waiting.has(audience)) return;
    this.#waiting.add(audience);
    this.later(AGAIN_MS, () => {
      this.#waiting.delete(audience);
      this.follow(audience);
    });
  }

  #send(
    from: Audience,
    to: Audience,
    listeners: readonly Listener[],
    passed: readonly string[],
  ): void {
    const moved = from.move(to, listeners);
    for (const listener of listeners.filter(({ audience }) => audience === to))
      listener.away = [...listener.away, ...passed].slice(-MAX_FALLBACKS);
    if (moved > 0) from.mount.log.info(`${counted(moved)} moved to ${to.mount.path}, its fallback`);
  }

  /** The mount has a programme: takes back its own listeners, and those for whom it is the fallback. */
  #gather(to: Audience): void {
    for (const { audience: from } of this.mounts().values()) {
      if (from === to) continue;
      this.#takeBack(from, to);
      if (from.count > 0 && !hasProgramme(from.mount)) this.#sendOn(from);
    }
  }

  #takeBack(from: Audience, to: Audience): void {
    const { path } = to.mount;
    const isOwn = ({ away }: Listener) => away?.includes(path) === true;
    if (from.count === 0 || refusalToMove(from, to) !== null) return;
    const all = [...from.members()].filter(isOwn);
    const own = all.filter((listener) => !isBlocked(listener));
    const moved = from.move(to, own);
    if (own.length < all.length) this.#again(to);
    for (const listener of own.filter(({ audience }) => audience === to))
      listener.away = listener.away.slice(0, listener.away.indexOf(path));
    if (moved > 0) to.mount.log.info(`${counted(moved)} came back from ${from.mount.path}`);
  }
}
