// The converter's child process, `cycast convert`: does one job after another, and ends with the station, however that
// ends.
import { systemClock } from "../lib/clock.ts";
import { isRequest, type Reply, type Request } from "./job.ts";
import { LOWEST, lowerPriority } from "./lower-priority.ts";
import { performJob } from "./perform-job.ts";

const PROGRESS_MS = 1000;

if (Bun.argv.at(-1) === LOWEST) lowerPriority();
// The system closes the channel of a station that was killed.
process.on("disconnect", endGroup);
let last = Promise.resolve();
process.on("message", (message: unknown) => {
  if (!isRequest(message)) throw new Error("the station sent no job");
  last = last.then(() => perform(message));
});

async function perform({ id, job }: Request): Promise<void> {
  let sentMs = systemClock.nowMs();
  const outcome = await performJob(job, (progress) => {
    if (systemClock.nowMs() < sentMs + PROGRESS_MS) return;
    sentMs = systemClock.nowMs();
    send({ id, progress });
  });
  send({ id, ...outcome });
}

/** With the program that it has started, which may hang. */
function endGroup(): never {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.exit(0); // It leads no group: something else than the station has started it.
  }
  process.exit(0);
}

function send(reply: Reply): void {
  // Without a channel the station is gone.
  if (process.send === undefined) endGroup();
  process.send(reply);
}
