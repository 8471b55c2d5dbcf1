// One run of a station: its source port and its listen port start and stop together.
import { Alerts } from "./alerts/alerts.ts";
import { DirectoryAnnouncer } from "./station/directory-announcer.ts";
import { banner } from "./banner.ts";
import type { Config } from "./config/config.ts";
import { isOnShare } from "./disk/mount-point.ts";
import { SharePrinter } from "./disk/share-printer.ts";
import { Hooks } from "./hooks/hooks.ts";
import { QueueFile } from "./hooks/queue-file.ts";
import { type HttpServer, listen } from "./http/server.ts";
import { WakingClock } from "./lib/clock.ts";
import type { Log } from "./lib/log.ts";
import { Outlet, type Print } from "./lib/outlet.ts";
import { isSameOutput } from "./lib/same-output.ts";
import { within } from "./lib/within.ts";
import {
  endPreparedThreads,
  prepareThreads,
  startCatalogueThread,
} from "./library/start-thread.ts";
import { Notifier } from "./native/notify.ts";
import { printTo, STDERR, STDOUT } from "./native/print.ts";
import { StationLog } from "./station/station-log.ts";
import { logRejections } from "./rejections.ts";
import { Reloader } from "./station/reload.ts";
import { Station } from "./station/station.ts";

/** Output on a share that hangs must not keep the station from ending. */
const LAST_LINES_MS = 1000;

interface Printer {
  readonly print: Print;
  flush(): Promise<void>;
}

/** A write to a pipe, a terminal or a local disk does not block for long; one to a share may. */
function printerOf(descriptor: number): Printer {
  if (isOnShare(descriptor)) return new SharePrinter(startCatalogueThread(), descriptor);
  return { print: printTo(descriptor), flush: () => Promise.resolve() };
}

/** What is said to others: of trouble, and of what happens. */
interface Messengers {
  readonly alerts: Alerts;
  readonly hooks: Hooks;
  readonly announcer: DirectoryAnnouncer;
}

function messengersOf(station: Station): Messengers {
  const { log, clock, wall, records } = station;
  const { journal, stateDisk } = records;
  const folder = station.config.server.stateDirectory;
  const file = stateDisk === null ? null : new QueueFile(folder, stateDisk, log);
  const hooks = new Hooks(station, file);
  journal.read((event) => {
    if (event.type === "trouble") hooks.report(event);
  });
  const alerts = new Alerts({ facts: () => station.facts(), log, clock, wall, journal });
  const announcer = new DirectoryAnnouncer(station);
  const configure = ({ alert, hook }: Config) => {
    hooks.configure(hook);
    alerts.configure(alert, hooks.wantTrouble);
    announcer.configure(station.config);
  };
  configure(station.config);
  void hooks.restore();
  station.events.on("config", configure);
  return { alerts, hooks, announcer };
}

export class Run {
  private constructor(
    readonly station: Station,
    readonly http: HttpServer,
    private readonly lines: StationLog,
    private readonly notifier: Notifier,
    private readonly reloader: Reloader,
    private readonly printer: Printer,
    private readonly messengers: Messengers,
  ) {}

  private get log(): Log {
    return this.lines.log;
  }

  /** Starts what takes time and needs no configuration. */
  static prepare(): void {
    prepareThreads();
  }

  /** Throws whatever prevented the start; nothing is left running then. `read` gives the configuration of a reload. */
  static async start(config: Config, read: () => Promise<Config>): Promise<Run> {
    const printer = printerOf(STDERR);
    const lines = new StationLog(config, printer.print);
    const { log } = lines;
    const station = new Station(config, new WakingClock(), log);
    lines.follow(station);
    logRejections(log);
    const reloader = new Reloader(station, read);
    try {
      await station.prepare();
      station.listen();
      // The disks look for the first tracks while the routes are made.
      const playing = station.play();
      const http = await listen(station, reloader).finally(() => playing);
      for (const warning of station.warnings) log.warn(warning);
      const isLogBeside = config.log.file === "" && isSameOutput(STDOUT, STDERR);
      new Outlet(printerOf(STDOUT).print).write(banner(station, http.port, isLogBeside));
      const notifier = new Notifier(process.env);
      endPreparedThreads();
      if (!notifier.ready(() => station.pump.isTurning))
        log.warn("cannot notify the service manager");
      const messengers = messengersOf(station);
      return new Run(station, http, lines, notifier, reloader, printer, messengers);
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

  /** After the files of the logs were moved away. */
  async reopenLogs(): Promise<void> {
    this.log.info("SIGUSR1: the logs are written anew");
    await Promise.all([this.lines.reopen(), this.station.access.reopen()]);
  }

  async stop(why: string, graceMs: number): Promise<void> {
    this.log.info(`stopping (${why})`);
    this.notifier.stopping();
    this.messengers.alerts.close();
    const { hooks, announcer } = this.messengers;
    const kept = Promise.all([hooks.close(), announcer.close()]);
    await this.station.mounts.farewell();
    const ended = this.http.stop(graceMs);
    await this.station.stop();
    await ended;
    await within(LAST_LINES_MS, kept);
    await this.lines.close();
    await this.station.close();
    await within(LAST_LINES_MS, this.printer.flush());
  }
}
