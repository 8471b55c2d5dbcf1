// Reads the configuration again and hands what differs to the running station: all of it, or nothing if it has a
// mistake.
import type { Config } from "../config/config.ts";
import { type ConfigDiff, diffConfig } from "../config/diff.ts";
import { ConfigError } from "../config/problem.ts";
import type { Station } from "./station.ts";

export class Reloader {
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly station: Station,
    /** Rejects with ConfigError. */
    private readonly read: () => Promise<Config>,
  ) {}

  /** What a reload would change. Rejects with ConfigError. */
  async pending(): Promise<ConfigDiff> {
    return diffConfig(this.station.config, await this.read());
  }

  /** Reloads run one after the other. Rejects with what was wrong, having logged it and changed nothing. */
  reload(by: string): Promise<ConfigDiff> {
    const done = this.#last.then(() => this.#reload(by));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #reload(by: string): Promise<ConfigDiff> {
    try {
      const next = await this.read();
      const useCertificate = await this.station.certificates.prepare(next);
      const diff = this.station.reconfigure(next);
      await useCertificate();
      this.#log(diff, by);
      return diff;
    } catch (error) {
      this.station.log.error(`reload by ${by} failed, nothing was changed: ${problemsOf(error)}`);
      throw error;
    }
  }

  #log({ applied, atRestart }: ConfigDiff, by: string): void {
    const { log, config } = this.station;
    const changes = applied.length === 0 ? "no changes" : applied.join(", ");
    log.info(`${by} reloaded ${config.file}: ${changes}`);
    this.station.records.journal.add({
      type: "reload",
      atMs: this.station.wall.nowMs(),
      by,
      applied,
    });
    if (atRestart.length > 0) log.warn(`takes effect at the next start: ${atRestart.join(", ")}`);
  }
}

/** One sentence; secrets are masked. */
export function problemsOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
