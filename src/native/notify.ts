// Reports readiness and health to the service manager (sd_notify); does nothing without one.
import { core } from "./core.ts";

/** Beats per watchdog period, so that one may be late. */
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

  /** Reports that the service is up, then feeds the watchdog, if any, while `isWell`. Returns false if a
   * service manager is waiting but the message could not be sent. */
  ready(isWell: () => boolean): boolean {
    if (this.#socket === "") return true;
    if (this.#watchdogMs > 0) {
      this.#beat = setInterval(
        () => isWell() && this.#send("WATCHDOG=1"),
        this.#watchdogMs / BEATS,
      );
      this.#beat.unref();
    }
    return this.#send("READY=1");
  }

  reloading(): void {
    if (this.#socket !== "") this.#send("RELOADING=1");
  }

  reloaded(): void {
    if (this.#socket !== "") this.#send("READY=1");
  }

  /** Reports an orderly stop. */
  stopping(): void {
    clearInterval(this.#beat);
    if (this.#socket !== "") this.#send("STOPPING=1");
  }

  #send(state: string): boolean {
    const [socket, text] = [Buffer.from(this.#socket), Buffer.from(state)];
    return core().rc_notify(socket, socket.length, text, text.length) > 0;
  }
}

/** The environment is inherited: the watchdog may be an ancestor's. */
function isForUs({ WATCHDOG_USEC, WATCHDOG_PID }: Environment): boolean {
  const isOurs = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === process.pid;
  return isOurs && Number(WATCHDOG_USEC) > 0;
}
