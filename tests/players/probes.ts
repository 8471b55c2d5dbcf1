// What ffprobe says of the streams, and the cache of its requests.
import { join } from "node:path";
import { hlsOf } from "./on-air.ts";
import type { Finding } from "./report.ts";
import { CODEC_NAMES, CODECS } from "./songs.ts";

/** One look of ffprobe at a stream. */
async function probe(url: string, codec: string, when: string): Promise<Finding> {
  const options = "-v warning -show_entries stream=codec_name,sample_rate,channels -of csv=p=0";
  const program = Bun.spawn(["ffprobe", ...options.split(" "), url], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([
    new Response(program.stdout).text(),
    new Response(program.stderr).text(),
  ]);
  const code = await program.exited;
  const { rate } = CODECS[codec as keyof typeof CODECS];
  const isRight = code === 0 && out.trim().split("\n")[0] === `${codec},${rate},2`;
  const unusual = err
    .split("\n")
    .filter((line) => line !== "" && !/duplicated MOOV|repeated/.test(line));
  const fault =
    isRight && unusual.length === 0 ? null : `${code} ${out.trim()} ${unusual.join(" ")}`;
  return {
    who: `ffprobe ${codec}`,
    what: `knows the stream ${when}`,
    fault,
    figures: out.trim().split("\n")[0] ?? "",
  };
}

/** One look of ffprobe at each codec. */
export const probeAll = async (url: string, when: string) => {
  const found: Finding[] = [];
  for (const codec of CODEC_NAMES) found.push(await probe(hlsOf(url, `/${codec}`), codec, when));
  return found;
};

/** By the log that the recipe of the cache writes. */
export async function judgeCache(folder: string): Promise<Finding> {
  const lines = (await Bun.file(join(folder, "hls.log")).text()).trim().split("\n");
  const refused = lines.filter((line) => !/" (?:200|206|304) \d+ [A-Z-]+$/.test(line));
  const stale = lines.filter((line) => line.endsWith(" STALE"));
  return {
    who: "cache",
    what: "answers every request for HLS",
    fault: refused.join("\n") || null,
    figures: `${lines.length} requests, ${stale.length} from copies while the station was away`,
  };
}
