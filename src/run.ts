// One run of a station: its source port and its listen port start and stop together.
import { banner } from "./banner.ts";
import type { Config } from "./config/config.ts";
import { type HttpServer, listen } from "./http/server.ts";
import { WakingClock } from "./lib/clock.ts";
import { consoleLog, type Log } from "./lib/log.ts";
import { Outlet } from "./lib/outlet.ts";
import { Notifier } from "./native/notify.ts";
import { printTo, STDERR, STDOUT } from "./native/print.ts";
import { Reloader } from "./reload.ts";
import { Station } from "./station.ts";

export class Run {
  private constructor(
    readonly station: Station,
    readonly http: HttpServer,
    private readonly log: Log,
    private readonly notifier: Notifier,
    private readonly reloader: Reloader,
  ) {}

  /** Throws whatever prevented the start; nothing is left running then. `read` gives the configuration of a reload. */
  static async start(config: Config, read: () => Promise<Config>): Promise<Run> {
    const log = consoleLog(
      () => (running?.config ?? config).advanced.verboseLogging,
      printTo(STDERR),
    );
    let running: Station | undefined;
    const station = new Station(config, new WakingClock(), log);
    running = station;
    const reloader = new Reloader(station, read);
    try {
      await station.start();
      const http = await listen(station, reloader);
      for (const warning of station.warnings) log.warn(warning);
      new Outlet(printTo(STDOUT)).write(banner(station, http.port));
      const notifier = new Notifier(process.env);
      if (!notifier.ready(() => station.pump.isTurning))
        log.warn("cannot notify the service manager");
      return new Run(station, http, log, notifier, reloader);
    } catch (error) {
      await station.stop();
      throw error;
    }
  }

  /** Never rejects: a mistake is in the log, and the station runs on as before. */
  async reload(): Promise<void> {
    this.notifier.reloading();
    await this.reloader.reload("SIGHUP").catch(() => undefined);
    this.notifier.reloaded();
  }

  async stop(why: string, graceMs: number): Promise<void> {
    this.log.info(`stopping (${why})`);
    this.notifier.stopping();
    const ended = this.http.stop(graceMs);
    await this.station.stop();
    await ended;
    await this.station.close();
  }
}
