// Listeners who were moved here. Their first MP3 frame may refer to audio of this mount that they have not got: what they have
// is another mount's. They get it as one does who joins.
import type { Mount } from "../../mount/mount.ts";
import type { Broadcaster, BroadcastEvents } from "../../native/broadcaster.ts";
import type { Listener } from "./listener.ts";
import { type Opening, Openings, withBlocks } from "./opening.ts";
import { asChunk } from "./intro-sink.ts";

export class Landings {
  readonly #openings: Openings;
  /** Those who wait for the frame that will be written at the position. */
  #moved: Listener[] = [];
  #position = Number.NaN;

  constructor(
    private readonly mount: Mount,
    private readonly broadcaster: Broadcaster,
    private readonly events: Pick<BroadcastEvents, "onSend">,
  ) {
    this.#openings = new Openings(mount.ring);
    // Before the first turn in which the frame could be sent.
    mount.events.on("frames", () => this.#settle());
  }

  /** It goes on at the head, and has nothing else to get before that. */
  add(listener: Listener): void {
    const { head } = this.mount.ring;
    if (head !== this.#position) this.#moved = [];
    this.#position = head;
    this.#moved.push(listener);
  }

  #settle(): void {
    const moved = this.#moved;
    if (moved.length === 0) return;
    this.#moved = [];
    if (this.mount.sounding?.codec !== "mp3") return;
    const lag = this.mount.ring.lag(this.#position);
    const opening = this.#openings.at(this.#position, lag);
    if (opening !== null) for (const listener of moved) this.#open(listener, opening);
  }

  #open(listener: Listener, { position, bytes }: Opening): void {
    const { handle, metaint, sink } = listener;
    if (this.broadcaster.inspect(handle)?.cursor !== this.#position) return;
    const before = this.broadcaster.replace(handle, position, bytes.length);
    if (before === null) return;
    const span = withBlocks(bytes, metaint, before);
    this.events.onSend(handle, sink.isChunked ? asChunk(span) : span);
  }
}
