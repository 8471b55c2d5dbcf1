// Those who do a station harm during a soak: each goes on until the soak is cut.
import { setTimeout } from "node:timers/promises";
import { LoadProgram } from "../bench/load/load-program.ts";
import { garbage } from "../format/mpeg-builder.ts";
import { PASSWORD } from "../support/config.ts";
import type { OperatedStation } from "../support/operated.ts";
import { goLive, Wire } from "../support/wire.ts";
import { pause, ROUGH } from "./actors.ts";

const IDLE_CONNECTIONS = 60;

/** A source that dies in the middle of a frame: its machine is gone, or its connection is reset. */
export async function crash(at: OperatedStation, cut: AbortSignal): Promise<void> {
  while (!cut.aborted) {
    const words = ["--port", at.sourcePort, "--password", PASSWORD, "--mount", ROUGH];
    await using source = new LoadProgram("source", words);
    await source.event("live");
    await pause(1500, cut);
    process.kill(source.pid, "SIGKILL");
    await source.exited;
    using reset = await goLive(at.sourcePort, { path: ROUGH });
    reset.send(garbage(5000));
    await pause(500, cut);
    reset.socket.resetAndDestroy();
    await pause(500, cut);
  }
}

/** Clients that say nothing, or nonsense, at both ports. */
export async function pester(at: OperatedStation, cut: AbortSignal): Promise<void> {
  while (!cut.aborted) {
    const wires = await Promise.all(
      Array.from({ length: IDLE_CONNECTIONS }, (_, i) =>
        Wire.open(i % 2 === 0 ? at.sourcePort : at.listenPort),
      ),
    );
    for (const wire of wires.slice(IDLE_CONNECTIONS / 2)) wire.send(garbage(3000));
    await pause(2000, cut);
    for (const wire of wires) wire.socket.resetAndDestroy();
  }
}

/** The process stands still for a while, as when its machine is moved. */
export async function freeze(at: OperatedStation, cut: AbortSignal): Promise<void> {
  while (!cut.aborted) {
    await pause(25_000, cut);
    at.child.kill("SIGSTOP");
    await setTimeout(1500);
    at.child.kill("SIGCONT");
  }
}
