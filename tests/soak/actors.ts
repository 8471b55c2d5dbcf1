// Those who work a station during a soak: each goes on until the soak is cut.
import { setTimeout } from "node:timers/promises";
import { LoadProgram, type SourceReport } from "../bench/load/load-program.ts";
import { PASSWORD } from "../support/config.ts";
import type { Keys, OperatedStation } from "../support/operated.ts";

const LIVE_SECONDS = 8;
const PLAYLIST_SECONDS = 3;
const STALLED = 20;
/** Shorter than a turn of the stalled clients, so that they are cut off. */
const LISTENER_TIMEOUT = 5;

/** Where sources fare badly, while the listeners of the first mount hear every frame. */
export const ROUGH = "/rough";

/** Waits `ms`, or until the soak is cut. */
export async function pause(ms: number, cut: AbortSignal): Promise<void> {
  await setTimeout(ms, null, { signal: cut }).catch(() => undefined);
}

/** A DJ who comes and goes: the numbers of the frames go on over all shows, so that a lost one is a gap in them. */
export async function comeAndGo(at: OperatedStation, cut: AbortSignal): Promise<void> {
  for (let first = 0; !cut.aborted;) {
    const words = ["--port", at.sourcePort, "--password", PASSWORD, "--first", first];
    await using show = new LoadProgram("source", words);
    await show.event("live");
    await pause(LIVE_SECONDS * 1000, cut);
    show.stop();
    first += (await show.event<SourceReport>("report")).frames;
    await pause(PLAYLIST_SECONDS * 1000, cut);
  }
}

/** Shows follow each other faster than those of a station: none is a source that keeps dropping. */
export const settings = (turn: number): Keys => ({
  server: `  state_directory = "./state"\n`,
  rest: `metadata {
  station_name = "Radio ${turn}"
}
buffer {
  burst_seconds = ${1 + (turn % 3)}
}
playlist {
  directory = "./music"
}
advanced {
  listener_timeout = ${LISTENER_TIMEOUT + (turn % 2)}
  source_steady = 0
}
mount "/only-${turn % 5}" {
  source_password = "another"
}
mount "${ROUGH}" {
  buffer {
    size_mb = 2
  }
}
`,
});

/** An operator who changes something every few seconds, and now and then makes a mistake. */
export async function reload(at: OperatedStation, cut: AbortSignal): Promise<void> {
  for (let turn = 1; !cut.aborted; turn++) {
    const isWrong = turn % 4 === 0;
    const next = settings(turn);
    await at.write(isWrong ? { ...next, rest: `${next.rest}nonsense {` } : next);
    const { status } = await at.ask("/api/admin/reload", "POST");
    const expected = isWrong ? 409 : 200;
    if (status !== expected) throw new Error(`a reload is answered ${status}, not ${expected}`);
    await pause(4000, cut);
  }
}

/** Titles of the live source; while nobody is live they are refused. */
export async function retitle(at: OperatedStation, cut: AbortSignal): Promise<void> {
  for (let turn = 1; !cut.aborted; turn++) {
    const song = encodeURIComponent(`Artist ${turn} - Title ${turn}`);
    await at.ask(`/admin/metadata?mode=updinfo&mount=/stream&song=${song}`);
    await pause(700, cut);
  }
}

/** Listeners who come in dozens, hear a little and leave in the middle of a frame. */
export async function visit(at: OperatedStation, cut: AbortSignal): Promise<void> {
  const listen = async (port: number) => {
    const answer = await fetch(`http://127.0.0.1:${port}/stream`);
    const reader = answer.body?.getReader();
    await reader?.read();
    await pause(300, cut);
    await reader?.cancel();
  };
  while (!cut.aborted) {
    const doors = [at.listenPort, at.sourcePort];
    await Promise.all(Array.from({ length: 12 }, (_, i) => listen(doors[i % 2] ?? 0)));
    await pause(200, cut);
  }
}

/** Clients that stop to read, and are cut off for it. */
export async function stall(at: OperatedStation, cut: AbortSignal): Promise<void> {
  while (!cut.aborted) {
    const words = ["--listeners", STALLED, "--stalled", STALLED, "--seconds", 600];
    await using _crowd = new LoadProgram("crowd", ["--port", at.sourcePort, ...words]);
    await pause(4 * LISTENER_TIMEOUT * 1000, cut);
  }
}
