// Records the streams of the same run by ICY, and compares what players decoded with what is in them.
import { join } from "node:path";
import { compareSamples } from "./same-samples.ts";
import type { OnAir } from "./on-air.ts";
import type { Player } from "./programs.ts";
import type { Finding } from "./report.ts";
import { CODECS, type CodecName } from "./songs.ts";

const AGAIN_MS = 100;

export class StreamRecorder {
  /** One for each connection. */
  readonly files: string[] = [];

  constructor(
    private readonly air: OnAir,
    readonly codec: CodecName,
    private readonly folder: string,
  ) {}

  /** Until `end`; it connects again. */
  async record(end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      await this.#recordOnce(end).catch(() => undefined);
      await Bun.sleep(AGAIN_MS);
    }
  }

  async #recordOnce(signal: AbortSignal): Promise<void> {
    const answer = await fetch(`${this.air.url}/${this.codec}`, { signal });
    if (!answer.ok || answer.body === null) return;
    const path = join(this.folder, `icy-${this.codec}-${this.files.length}`);
    this.files.push(path);
    const writer = Bun.file(path).writer();
    try {
      for await (const bytes of answer.body) writer.write(bytes);
    } finally {
      await writer.end();
    }
  }
}

async function decode(path: string): Promise<Buffer> {
  const options = ["-nostdin", "-v", "error", "-i", path, "-ac", "2", "-f", "s16le", "pipe:1"];
  const program = Bun.spawn(["ffmpeg", ...options], { stdout: "pipe", stderr: "ignore" });
  return Buffer.from(await new Response(program.stdout).bytes());
}

/** A decoder that begins in the middle needs less, in seconds, until its samples are those of one that has begun earlier. */
const SETTLED_SECONDS = 1;

/**
 * Where a decoder begins: the player's at its start and behind a restart; that of the stream also wherever a title begins a
 * chain of Ogg, which Opus hears and FLAC does not.
 */
const mayBegin = (codec: CodecName, count: number) => codec === "opus" || count <= 2;

const shorten = (seconds: number) => seconds.toFixed(3);

/** Samples of a player that are not in the stream are only where a decoder begins. */
export async function judgeSamples(
  player: Player,
  recorders: readonly StreamRecorder[],
): Promise<Finding> {
  const { codec } = player.role;
  const { rate } = CODECS[codec];
  const files = recorders.find((one) => one.codec === codec)?.files ?? [];
  const heard = await Promise.all(files.map(decode));
  const played = Buffer.from(await Bun.file(player.file).bytes());
  const { same, total, differing, leftOut } = compareSamples(played, heard);
  const longest = Math.max(0, ...differing.map(({ length }) => length));
  const isSame = same > 0 && longest < SETTLED_SECONDS * rate && mayBegin(codec, differing.length);
  const seconds = (frames: number) => shorten(frames / rate);
  const list = (all: typeof differing) =>
    all
      .slice(0, 12)
      .map(({ from, length }) => `${seconds(length)} s at ${seconds(from)}`)
      .join(", ");
  return {
    who: player.name,
    what: "samples are those of the stream",
    fault: isSame ? null : `differing: ${list(differing)}; left out: ${list(leftOut)}`,
    figures: `${seconds(same)} of ${seconds(total)} s the same, ${differing.length} stretches of at most ${seconds(longest)} s differ, in ${files.length} recordings`,
  };
}
