// `bun tests/bench/relay.ts [SECONDS] [RELAYS]`: CPU of a relay at 128 kbit/s: a station with so many mounts that are relayed,
// less one without them.
import { Master } from "../support/master.ts";
import { scratch, until } from "../support/station.ts";
import { FRAME_MS, trackFrames } from "../support/tracks.ts";
import { cpuPercent, firstAudio, runStation } from "./process.ts";

const seconds = Number(Bun.argv[2] ?? 60);
const relays = Number(Bun.argv[3] ?? 8);
const SETTLE_MS = 5000;

await using master = await Master.start({ metaint: 16_000 });
const show = trackFrames(1, 1000);
let sent = 0;
const startedMs = performance.now();
/** Four frames at a time: Icecast sends 1400 bytes. */
const AT_A_TIME = 4;
const timer = setInterval(() => {
  for (; sent * FRAME_MS < performance.now() - startedMs; sent += AT_A_TIME) {
    const at = sent % show.length;
    master.play(...show.slice(at, at + AT_A_TIME));
  }
}, FRAME_MS);

const mounts = Array.from(
  { length: relays },
  (_, number) => `mount "/${number}" {
  playlist {
    directory = "/nowhere"
  }
  relay "main" { url = "${master.url()}" }
}
`,
).join("");

async function measure(more: string, clients: number): Promise<number> {
  await using directory = await scratch();
  await using station = await runStation(directory.path, undefined, more);
  await firstAudio(station);
  await until("all are pulled", () => master.clients === clients);
  await Bun.sleep(SETTLE_MS);
  return await cpuPercent(station.pid, seconds, new AbortController().signal);
}

const without = await measure("", 0);
const percent = await measure(mounts, relays);
clearInterval(timer);
const each = (percent - without) / relays;
console.log(`${relays} relays: ${percent.toFixed(2)} % of a core, ${without.toFixed(2)} % without`);
console.log(`a relay: ${each.toFixed(3)} % of a core`);
process.exit(0);
