// Moves a mount's listeners to its fallback when the live source leaves and only silence would follow, or when the mount
// is removed.
import { sameFormat } from "../../format/frame.ts";
import type { Input } from "../../mount/roles.ts";
import type { Audience } from "./audience.ts";

/** Why listeners cannot be moved between two mounts, in Icecast's words; null if they can. */
export function refusalToMove(from: Audience, to: Audience): string | null {
  if (from === to) return "supplied mountpoints are identical";
  const { onAir } = to.mount;
  if (onAir === null || onAir.isFiller === true) return "Destination not running";
  const [before, after] = [from.mount.format, to.mount.format];
  const isSame =
    before === null || after === null
      ? from.contentType === to.contentType
      : sameFormat(before, after);
  return isSame ? null : "Destination plays another format";
}

export class Fallbacks {
  readonly #targets = new Map<Audience, Audience>();

  /** null removes the fallback. */
  set(from: Audience, to: Audience | null): void {
    if (to === null) this.#targets.delete(from);
    else this.#targets.set(from, to);
  }

  of(audience: Audience): Audience | undefined {
    return this.#targets.get(audience);
  }

  /** The input on air has changed; `before` was on air until now. */
  follow(audience: Audience, before: Input | null): void {
    const { mount } = audience;
    if (!before?.isLive || (mount.onAir !== null && !mount.onAir.isFiller)) return;
    this.#move(audience);
  }

  /** The mount is about to close. */
  remove(audience: Audience): void {
    this.#move(audience);
    for (const [from, to] of this.#targets)
      if (from === audience || to === audience) this.#targets.delete(from);
  }

  #move(audience: Audience): void {
    const target = this.#targets.get(audience);
    if (target === undefined || refusalToMove(audience, target) !== null) return;
    const moved = audience.move(target);
    audience.mount.log.info(`${moved} listeners moved to ${target.mount.path}, its fallback`);
  }
}
