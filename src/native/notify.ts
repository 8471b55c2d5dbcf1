// Tells the service manager that started this process (sd_notify) how it fares; without one, nothing happens.
import { core } from "./core.ts";

/** Beats per watchdog period, so that one may come late. */
const BEATS = 3;

type Environment = Readonly<Record<string, string | undefined>>;

export class Notifier {
  readonly #socket: string;
  readonly #watchdogMs: number;
  #beat: ReturnType<typeof setInterval> | undefined;

  constructor(env: Environment) {
    this.#socket = env.NOTIFY_SOCKET ?? "";
    this.#watchdogMs = isForUs(env) ? Number(env.WATCHDOG_USEC) / 1000 : 0;
  }

  /** Says that the service is up; from here on the watchdog, if there is one, hears whenever `isWell`. Returns false
   * when a service manager waits for it and could not be told. */
  ready(isWell: () => boolean): boolean {
    if (this.#socket === "") return true;
    if (this.#watchdogMs > 0) {
      this.#beat = setInterval(
        () => isWell() && this.#tell("WATCHDOG=1"),
        this.#watchdogMs / BEATS,
      );
      this.#beat.unref();
    }
    return this.#tell("READY=1");
  }

  /** Says that the service ends, on purpose. */
  stopping(): void {
    clearInterval(this.#beat);
    if (this.#socket !== "") this.#tell("STOPPING=1");
  }

  #tell(state: string): boolean {
    const [socket, text] = [Buffer.from(this.#socket), Buffer.from(state)];
    return core().rc_notify(socket, socket.length, text, text.length) > 0;
  }
}

/** The variables are inherited: a watchdog may be that of an ancestor. */
function isForUs({ WATCHDOG_USEC, WATCHDOG_PID }: Environment): boolean {
  const isOurs = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === process.pid;
  return isOurs && Number(WATCHDOG_USEC) > 0;
}
