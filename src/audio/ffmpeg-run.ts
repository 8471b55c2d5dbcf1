// A run of the program ffmpeg that encodes what it is given, piece by piece: what it makes is taken as it comes.
import { concatBytes } from "../format/parts/bytes.ts";
import { CrashedProgramError } from "./crashed-program.ts";
import { EncoderError } from "./encoder.ts";
import { firstText } from "./first-text.ts";
import { lengthOf, type Pcm } from "./pcm.ts";

interface Input {
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
}

/** An encoder makes far less of one piece. */
const MAX_AHEAD_BYTES = 32 << 20;

function command(program: string, { sampleRate, channels }: Input, output: string[]): string[] {
  const raw = ["-f", "f32le", "-ar", `${sampleRate}`, "-ac", `${channels}`, "-i", "pipe:0"];
  const quiet = ["-v", "error", "-threads", "1"];
  return [program, ...quiet, ...raw, "-map_metadata", "-1", "-threads", "1", ...output, "pipe:1"];
}

export class FfmpegRun implements Disposable {
  readonly #child;
  readonly #reading: Promise<void>;
  readonly #complaint: Promise<string>;
  #made: Uint8Array[] = [];
  #madeBytes = 0;

  /** `output`: arguments that say what is made. */
  constructor(program: string, input: Input, output: string[]) {
    this.#child = Bun.spawn(command(program, input, output), {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
      env: {},
    });
    this.#reading = this.#read();
    this.#complaint = firstText(this.#child.stderr);
  }

  /** What has been made by now. Rejects with an EncoderError or a CrashedProgramError if the program has ended. */
  async push(pcm: Pcm): Promise<Uint8Array> {
    const { stdin } = this.#child;
    try {
      await stdin.write(interleaved(pcm));
      // A program that is behind is waited for: nothing collects in memory.
      await stdin.flush();
    } catch {
      throw await this.#failure();
    }
    return this.#take();
  }

  /** The rest. Rejects with an EncoderError or a CrashedProgramError. */
  async finish(): Promise<Uint8Array> {
    try {
      await this.#child.stdin.end();
    } catch {
      throw await this.#failure();
    }
    await this.#reading;
    if ((await this.#child.exited) !== 0) throw await this.#failure();
    return this.#take();
  }

  [Symbol.dispose](): void {
    this.#child.kill("SIGKILL");
  }

  async #read(): Promise<void> {
    for await (const chunk of this.#child.stdout) {
      this.#made.push(chunk);
      this.#madeBytes += chunk.length;
      if (this.#isExcessive) this.#child.kill("SIGKILL");
    }
  }

  /** It does not stop writing, whatever it is given. */
  get #isExcessive(): boolean {
    return this.#madeBytes > MAX_AHEAD_BYTES;
  }

  async #failure(): Promise<Error> {
    this.#child.kill("SIGKILL");
    const complaint = await this.#complaint;
    await this.#child.exited;
    const { signalCode } = this.#child;
    if (this.#isExcessive) return new EncoderError("ffmpeg makes more than it can have encoded");
    if (signalCode !== null) return new CrashedProgramError(`ffmpeg was ended by ${signalCode}`);
    return new EncoderError(`ffmpeg cannot encode it (${complaint || "it ended"})`);
  }

  #take(): Uint8Array {
    const made = concatBytes(this.#made);
    this.#made = [];
    this.#madeBytes = 0;
    return made;
  }
}

function interleaved(pcm: Pcm): Uint8Array {
  const { channels } = pcm;
  const samples = new Float32Array(lengthOf(pcm) * channels.length);
  channels.forEach((channel, c) => {
    for (let i = 0; i < channel.length; i++) samples[i * channels.length + c] = channel[i] ?? 0;
  });
  return new Uint8Array(samples.buffer);
}
