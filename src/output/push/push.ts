// Sends a mount's stream to another server as a source client does, and connects again when that ends.
import { Backoff } from "../../dial/backoff.ts";
import { readPushUrl, type PushTarget } from "../../config/push-url.ts";
import type { MountConfig } from "../../config/config.ts";
import { contentTypeOf, hasInlineTitles } from "../../format/content-type.ts";
import { type Frames, sameFormat, type StreamFormat } from "../../format/frame.ts";
import type { Clock } from "../../lib/clock.ts";
import { together } from "../../lib/emitter.ts";
import type { Log } from "../../lib/log.ts";
import { titleLine } from "../../lib/titled.ts";
import type { Metadata } from "../../mount/metadata.ts";
import type { Mount } from "../../mount/mount.ts";
import { FirstFrames } from "./first-frames.ts";
import { FrameBacklog } from "./frame-backlog.ts";
import { type OpenLink, openLink } from "./push-link.ts";
import type { PushedStream, PushMethod } from "./push-request.ts";
import { PushSession } from "./push-session.ts";
import { TitleSender } from "./title-sender.ts";

export type PushConfig = MountConfig["push"][number];

/** A server that takes nothing for so long is left. */
const STALLED_MS = 30_000;

export interface PushState {
  readonly name: string;
  /** Without user and password. */
  readonly url: string;
  readonly isUp: boolean;
  /** Since it is up or down, on the station's clock. */
  readonly sinceMs: number;
  /** Since the start, as are the others. */
  readonly sentBytes: number;
  readonly droppedSeconds: number;
  readonly connections: number;
  /** "" if there was none. */
  readonly lastError: string;
}

export interface PushContext {
  readonly clock: Clock;
  readonly open?: OpenLink;
  /** Calls once after so many seconds, unless the returned function was called. */
  readonly later?: (seconds: number, run: () => void) => () => void;
}

function later(seconds: number, run: () => void): () => void {
  const timer = setTimeout(run, seconds * 1000);
  return () => clearTimeout(timer);
}

export class Push implements Disposable {
  readonly #target: PushTarget;
  readonly #log: Log;
  readonly #backlog: FrameBacklog;
  readonly #titles: TitleSender;
  readonly #subscriptions: Disposable;
  #session: PushSession | null = null;
  #first = new FirstFrames(false);
  #format: StreamFormat | null = null;
  #method: PushMethod = "PUT";
  #isUp = false;
  #isSlow = false;
  #backoff = new Backoff();
  /** The log has said that there is no connection. */
  #isLossLogged = false;
  /** Cancels the next attempt; null if none waits. */
  #cancelRetry: (() => void) | null = null;
  #sinceMs: number;
  /** When the server last took something, or had taken everything. */
  #movedMs = 0;
  #sentBytes = 0;
  #droppedSeconds = 0;
  #connections = 0;
  #lastError = "";

  constructor(
    private readonly mount: Mount,
    readonly config: PushConfig,
    private readonly context: PushContext,
  ) {
    const target = readPushUrl(config.url.reveal());
    if (target === null) throw new Error(`push "${config.label}" has no usable url`);
    this.#target = target;
    this.#log = mount.log.of(`push "${config.label}"`);
    this.#backlog = new FrameBacklog(config.bufferSeconds);
    const failed = (why: string) => this.#log.repeated(`a title was not taken: ${why}`);
    this.#titles = new TitleSender(target, config.tlsVerify, failed);
    this.#sinceMs = context.clock.nowMs();
    this.#subscriptions = together([
      mount.events.on("frames", ({ frames }) => this.#add(frames)),
      mount.events.on("format", () => this.#restart()),
      mount.events.on("titleWritten", ({ metadata }) => this.#retitle(metadata)),
    ]);
  }

  get state(): PushState {
    return {
      name: this.config.label,
      url: this.#target.shown,
      isUp: this.#isUp,
      sinceMs: this.#sinceMs,
      sentBytes: this.#sentBytes,
      droppedSeconds: this.#droppedSeconds,
      connections: this.#connections,
      lastError: this.#lastError,
    };
  }

  /** Ends the stream there. */
  [Symbol.dispose](): void {
    this.#subscriptions[Symbol.dispose]();
    this.#cancelRetry?.();
    this.#titles.close();
    this.#session?.close();
    this.#session = null;
    this.#turn(false);
  }

  #add(frames: Frames): void {
    if (this.#session === null && this.#cancelRetry === null) this.#connect();
    if (!this.#isUp) return;
    const begun = this.#first.take(frames);
    if (begun === null) return;
    if (begun.header !== null) this.#backlog.pushHeader(begun.header);
    this.#dropped(this.#backlog.push(begun.frames));
    this.#flush();
    if (this.#backlog.isOverfull) return this.#over("it is too slow", false);
    if (!this.#backlog.isEmpty && this.#nowMs - this.#movedMs > STALLED_MS)
      this.#over(`it took nothing for ${STALLED_MS / 1000} s`, false);
  }

  get #nowMs(): number {
    return this.context.clock.nowMs();
  }

  #flush(): void {
    const session = this.#session;
    if (session === null || !this.#isUp) return;
    const taken = this.#backlog.flush(
      (bytes) => session.write(bytes),
      (title) => this.#titles.send(titleLine(title)),
    );
    this.#sentBytes += taken;
    if (taken > 0 || this.#backlog.isEmpty) this.#movedMs = this.#nowMs;
    if (this.#isSlow && this.#backlog.isEmpty) {
      this.#isSlow = false;
      this.#log.info(
        `the server keeps up again; ${Math.round(this.#droppedSeconds)} s were dropped`,
      );
    }
  }

  #dropped(seconds: number): void {
    if (seconds === 0) return;
    this.#droppedSeconds += seconds;
    if (!this.#isSlow) this.#log.warn("the server is too slow: audio is dropped");
    this.#isSlow = true;
  }

  #retitle(metadata: Metadata): void {
    if (this.#isUp && this.#format !== null && hasInlineTitles(this.#format))
      this.#backlog.pushTitle(metadata);
  }

  #connect(): void {
    const { sounding } = this.mount;
    if (sounding === null) return;
    this.#format = sounding;
    const target = this.#target;
    const isVerified = this.config.tlsVerify;
    const login = { method: this.#method, target, isVerified, stream: this.#stream(sounding) };
    const session = new PushSession(login, this.context.open ?? openLink, {
      onAccepted: () => this.#accepted(),
      onDrain: () => this.#flush(),
      onOver: (why, knowsNoPut) => this.#over(why, knowsNoPut),
    });
    this.#session = session;
  }

  #stream(format: StreamFormat): PushedStream {
    const { stationName, stationDescription, stationGenre, stationUrl } =
      this.mount.config.metadata;
    return {
      contentType: contentTypeOf(format),
      format,
      bitrate: this.mount.onAir?.bitrate ?? 0,
      name: stationName,
      description: stationDescription,
      genre: stationGenre,
      url: stationUrl,
      isPublic: this.config.public,
    };
  }

  #accepted(): void {
    this.#backlog.clear();
    this.#first = new FirstFrames(this.#format?.codec === "mp3");
    this.#movedMs = this.#nowMs;
    this.#connections++;
    this.#isLossLogged = false;
    this.#turn(true);
    this.#log.info(`connected to ${this.#target.shown}`);
    this.#retitle(this.mount.metadata);
  }

  #turn(isUp: boolean): void {
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    this.#sinceMs = this.#nowMs;
    this.mount.events.emit("pushes", undefined);
  }

  #over(why: string, knowsNoPut: boolean): void {
    const lastedMs = this.#isUp ? this.#nowMs - this.#sinceMs : 0;
    this.#leave();
    if (knowsNoPut) {
      this.#method = "SOURCE";
      return this.#connect();
    }
    this.#method = "PUT";
    this.#lastError = why;
    this.#logLoss(why);
    const seconds = this.#backoff.after(lastedMs) / 1000;
    this.#cancelRetry = (this.context.later ?? later)(seconds, () => this.#again());
  }

  #logLoss(why: string): void {
    const sentence = `no connection to ${this.#target.shown}: ${why}`;
    if (this.#isLossLogged) this.#log.debug(sentence);
    else this.#log.warn(`${sentence}; trying again`);
    this.#isLossLogged = true;
  }

  #again(): void {
    this.#cancelRetry = null;
    this.#connect();
  }

  #leave(): void {
    this.#session?.close();
    this.#session = null;
    this.#isSlow = false;
    this.#backlog.clear();
    this.#turn(false);
  }

  /** The next frame has another format: the server learns it from a new login. */
  #restart(): void {
    const { sounding } = this.mount;
    if (this.#session === null || sounding === null || this.#format === null) return;
    if (sameFormat(sounding, this.#format)) return;
    this.#flush();
    this.#leave();
    this.#backoff = new Backoff();
  }
}
