// Every kind of hand-over, as a mount with its own listener: what happens on it, and whose frames must all be heard.
import { silentShow, trackFrames } from "../../support/tracks.ts";
import type { FrameListener, Senders } from "./frame-listener.ts";
import { Encoder, type Masters, Show } from "./paced.ts";

/** Seconds that each is heard before and after. */
const SHORT = 3;

/** Frames of a sender: more than it sends. */
const FRAMES = 2600;

/** Silent, and told apart by what no decoder reads. */
function silence(): Uint8Array[] {
  return silentShow(FRAMES).map((frame, number) => {
    const numbered = frame.slice();
    numbered.set([number & 0x7f, (number >> 7) & 0x7f, 1], numbered.length - 3);
    return numbered;
  });
}

export const SENDERS = {
  playlist: trackFrames(1, 4000),
  anna: trackFrames(2, FRAMES),
  bert: trackFrames(3, FRAMES),
  master: trackFrames(4, FRAMES),
  silence: silence(),
} satisfies Senders;

/** What a kind can do. */
export interface Scene {
  readonly listener: FrameListener;
  readonly masters: Masters;
  connect(user: Name, show?: Show, path?: string): Promise<Encoder>;
  show(sender: keyof typeof SENDERS): Show;
}

type Name = "anna" | "bert";

export interface Kind {
  readonly name: string;
  /** Without its slash. */
  readonly path: string;
  /** Of its mount. */
  readonly keys: string;
  readonly relays?: number;
  readonly goesOn: readonly string[];
  run(scene: Scene): Promise<void>;
}

const seconds = (count: number) => Bun.sleep(count * 1000);

async function drops(scene: Scene, away: () => Promise<void>): Promise<void> {
  const show = scene.show("anna");
  const first = await scene.connect("anna", show);
  await scene.listener.hears("anna");
  await seconds(SHORT);
  await first.drop();
  await away();
  using _ = await scene.connect("anna", show);
  await scene.listener.hears("anna");
  await seconds(SHORT);
}

async function isFollowed(scene: Scene, ends: (first: Encoder) => void): Promise<void> {
  using first = await scene.connect("anna");
  await scene.listener.hears("anna");
  await seconds(SHORT);
  using _ = await scene.connect("bert");
  await seconds(1);
  ends(first);
  await scene.listener.hears("bert");
  await seconds(SHORT);
}

const SOURCES: readonly Kind[] = [
  {
    name: "a source drops and is back after a second",
    path: "hold",
    keys: "",
    goesOn: ["anna", "playlist"],
    run: (scene) => drops(scene, () => seconds(1)),
  },
  {
    name: "a source drops and is back within its grace",
    path: "grace",
    keys: "",
    goesOn: ["anna", "playlist"],
    run: (scene) => drops(scene, () => scene.listener.hears("playlist", 60)),
  },
  {
    name: "a source drops and does not return",
    path: "gone",
    keys: "",
    goesOn: ["playlist"],
    async run(scene) {
      const source = await scene.connect("anna");
      await scene.listener.hears("anna");
      await seconds(SHORT);
      await source.drop();
      await scene.listener.hears("playlist", 200);
    },
  },
  {
    name: "an account takes over its hung connection",
    path: "hung",
    keys: "",
    goesOn: ["anna"],
    async run(scene) {
      const show = scene.show("anna");
      using old = await scene.connect("anna", show);
      await scene.listener.hears("anna");
      await seconds(SHORT);
      old.pause();
      await seconds(2.2);
      using _ = await scene.connect("anna", show);
      await scene.listener.hears("anna");
      await seconds(SHORT);
    },
  },
  {
    name: "a higher account takes over and gives back",
    path: "priority",
    keys: "",
    goesOn: [],
    async run(scene) {
      using _ = await scene.connect("anna");
      await scene.listener.hears("anna");
      await seconds(SHORT);
      const chef = await scene.connect("bert");
      await scene.listener.hears("bert");
      await seconds(SHORT);
      chef.end();
      await scene.listener.hears("anna", 100);
    },
  },
  {
    name: "a source waits until the other one ends",
    path: "wait",
    keys: 'on_busy = "wait"',
    goesOn: [],
    run: (scene) => isFollowed(scene, (first) => first.end()),
  },
  {
    name: "a source replaces the other one",
    path: "replace",
    keys: 'on_busy = "replace"',
    goesOn: [],
    run: (scene) => isFollowed(scene, () => undefined),
  },
  {
    name: "dead air and back",
    path: "silent",
    keys: "silence_timeout = 2",
    goesOn: ["playlist"],
    async run(scene) {
      const show = scene.show("anna");
      using source = await scene.connect("anna", show);
      await scene.listener.hears("anna");
      await seconds(SHORT);
      source.play(scene.show("silence"));
      await scene.listener.hears("playlist", 80);
      source.play(show);
      await scene.listener.hears("anna", 100);
    },
  },
  {
    name: "the playlist gives way to a source and goes on",
    path: "show",
    keys: "",
    goesOn: ["playlist"],
    async run(scene) {
      await scene.listener.hears("playlist", 100);
      using source = await scene.connect("anna");
      await scene.listener.hears("anna", 100);
      source.end();
      await scene.listener.hears("playlist", 100);
    },
  },
];

/** Longer than a master's backoff of one second, and than what listeners live on. */
const RETURN_SECONDS = 2;

const RELAYS: readonly Kind[] = [
  {
    name: "a relay goes to its second address and back",
    path: "second",
    keys: "",
    relays: 2,
    goesOn: ["master"],
    async run({ listener, masters }) {
      await listener.hears("master", 100);
      const [best, second] = masters.all;
      await best?.stop();
      await listener.hears("master", 150);
      await best?.listen();
      while (second?.clients !== 0) await Bun.sleep(50);
      await listener.hears("master", 100);
    },
  },
  {
    name: "a relay's master restarts",
    path: "restart",
    keys: "",
    relays: 1,
    goesOn: ["master"],
    async run({ listener, masters }) {
      await listener.hears("master", 100);
      await masters.all[0]?.stop();
      await seconds(RETURN_SECONDS);
      await masters.all[0]?.listen();
      await listener.hears("master", 150);
    },
  },
];

const FALLBACK: Kind = {
  name: "to the fallback and back",
  path: "main",
  keys: 'fallback = "/spare"',
  goesOn: [],
  async run(scene) {
    using _ = await scene.connect("bert", scene.show("bert"), "/spare");
    await seconds(SHORT);
    const show = scene.show("anna");
    const first = await scene.connect("anna", show);
    await scene.listener.hears("anna", 100);
    first.end();
    await scene.listener.hears("bert", 100);
    using _back = await scene.connect("anna", show);
    await scene.listener.hears("anna", 100);
  },
};

export const KINDS: readonly Kind[] = [...SOURCES, ...RELAYS, FALLBACK];
