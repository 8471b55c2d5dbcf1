// Decodes what is not built in with the program ffmpeg, if the system has it: AAC, ALAC, WMA and many more.
import type { AudioFile } from "./audio-file.ts";
import { CrashedProgramError } from "./crashed-program.ts";
import { decodeWav } from "./decode-pcm.ts";
import { firstText } from "./first-text.ts";
import { mp4Seconds } from "./mp4-length.ts";
import { AudioError, type Pcm } from "./pcm.ts";

/** Containers that hold music. Playlists are not among them: they could name files and addresses. */
const CONTAINERS =
  "aac,ac3,eac3,aiff,amr,ape,asf,au,caf,dsf,dts,dtshd,flac,iff,latm,loas,matroska,webm,mov,mp4,m4a,mp3,mpc,mpc8,mpegts," +
  "nut,ogg,oma,rm,shn,tak,tta,voc,w64,wav,wv,xwma";

/** The path of the program, or null. */
export function findFfmpeg(): string | null {
  return Bun.which("ffmpeg");
}

/** The first audio stream. The file is handed over open, so its name cannot be misread as an option or address. Throws AudioError,
 * or CrashedProgramError. */
export async function* decodeWithFfmpeg(program: string, file: AudioFile): AsyncGenerator<Pcm> {
  const read = ["-protocol_whitelist", "file,pipe", "-format_whitelist", CONTAINERS];
  const input = ["-nostdin", "-v", "error", "-threads", "1", ...read, "-i", "/dev/stdin"];
  const seconds = mp4Seconds(file);
  const length = seconds === null ? [] : ["-t", seconds.toFixed(6)];
  const format = ["-c:a", "pcm_f32le", "-threads", "1", "-f", "wav", "-"];
  const output = ["-map", "0:a:0", ...length, ...format];
  const child = Bun.spawn([program, ...input, ...output], {
    stdin: file.fd,
    stdout: "pipe",
    stderr: "pipe",
    env: {},
  });
  const complaint = firstText(child.stderr);
  try {
    yield* decodeWav(child.stdout);
    await child.exited;
    // A damaged end still leaves what was decoded before it; a program that was killed may have had any amount left to decode.
    if (child.signalCode !== null)
      throw new CrashedProgramError(`ffmpeg was ended by ${child.signalCode}`);
  } catch (error) {
    if (!(error instanceof AudioError)) throw error;
    throw new AudioError(`ffmpeg cannot decode it (${(await complaint) || error.message})`);
  } finally {
    child.kill("SIGKILL");
  }
}
