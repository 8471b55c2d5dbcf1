// Plays a station's playlists by a clock that waits until what comes next is measured, converted and faded.
import type { Mount } from "../../src/mount/mount.ts";
import { PlaylistFeeder } from "../../src/input/playlist/feeder.ts";
import type { ManualClock } from "../input/stage.ts";
import { type TestStation, until } from "./station.ts";

const STEP_MS = 500;

export function feederOf(mount: Mount): PlaylistFeeder {
  const feeder = mount.inputs.find((input) => input instanceof PlaylistFeeder);
  if (!(feeder instanceof PlaylistFeeder)) throw new Error("no playlist");
  return feeder;
}

/** What comes next on the mount is measured, converted where it has to be, and the fade into it is made. */
export async function prepared({ station }: TestStation, mount: Mount): Promise<void> {
  const { playlist } = feederOf(mount);
  const isDone = () => {
    const { convert, analyse } = playlist.state.work;
    const isIdle = (station.converter?.running ?? null) === null;
    return convert.length + analyse.length === 0 && isIdle;
  };
  await until("what comes next is converted", isDone);
}

/** Time goes on only when files are ready: nothing is played later than on a machine of its own. */
export async function playOn(
  radio: TestStation,
  clock: ManualClock,
  seconds: number,
  mounts: readonly Mount[] = [radio.station.first.mount],
): Promise<void> {
  while (mounts.some((mount) => mount.writtenSeconds < seconds)) {
    for (const mount of mounts) {
      await prepared(radio, mount);
      await feederOf(mount).fill();
    }
    const before = mounts.map(({ ring }) => ring.head);
    clock.ms += STEP_MS;
    await until("it plays on", () => mounts.every(({ ring }, i) => ring.head > (before[i] ?? 0)));
  }
}
