// The last that the listeners of a mount hear before their streams end: its outro, written behind what they have.
import type { Clock } from "../lib/clock.ts";
import type { Clip } from "../mount/clip.ts";
import { type Metadata, NO_METADATA } from "../mount/metadata.ts";
import type { Input } from "../mount/roles.ts";
import type { Audience } from "./audience/audience.ts";

const LOOK_MS = 25;

/** It is written at once, and players hear it out of their buffers: the kernel has three seconds to take it. */
const LOOKS = 3000 / LOOK_MS;

/** Above all others: nothing is heard after it. */
const PRIORITY = 1000;

class Outro implements Input {
  readonly kind = "playlist";
  readonly name = "the outro";
  readonly priority = PRIORITY;
  readonly ready = true;
  readonly bitrate = 0;
  readonly metadata: Metadata = NO_METADATA;

  constructor(private readonly clip: Clip) {}

  get format() {
    return this.clip.format;
  }

  onAir(): void {
    // All of it is written by playOutro().
  }

  offAir(): void {
    // It stays until the mount closes.
  }

  advance(): void {
    // As above.
  }
}

/** Writes it to everybody; resolves once their connections have taken it, or those that do not read are left. */
export async function playOutro(audience: Audience, clip: Clip, clock: Clock): Promise<void> {
  const { mount } = audience;
  const input = new Outro(clip);
  mount.attach(input);
  for (const frames of clip.batches) mount.write(input, frames, clock.nowMs());
  for (let look = 0; look < LOOKS && isBehind(audience); look++) {
    audience.tick(clock.nowMs());
    await Bun.sleep(LOOK_MS);
  }
}

function isBehind(audience: Audience): boolean {
  for (const listener of audience.members()) {
    const state = audience.stateOf(listener);
    if (state !== null && (state.isBlocked || state.lagSeconds > 0)) return true;
  }
  return false;
}
