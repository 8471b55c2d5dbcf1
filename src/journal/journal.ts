// What happens on the station, as one stream of typed events. The access log, the history and web hooks read it.

/** The client of a listening session. Its address stays in memory: nothing that is kept has it. */
export interface SessionClient {
  readonly address: string;
  readonly userAgent: string;
  /** Method, target and protocol. */
  readonly request?: string;
  readonly referer?: string;
  readonly door?: string;
  /** The account that admitted it, or "". */
  readonly user: string;
}

/** An event of another server of the cluster names it; this one's has no name. */
interface OfNode {
  readonly node?: string;
}

/** On a mount, at a time in milliseconds since 1970. */
interface Placed extends OfNode {
  readonly mount: string;
  readonly atMs: number;
}

/** Another input is on air. */
export interface InputEvent extends Placed {
  readonly type: "input";
  /** "live", "playlist", …, or "none". */
  readonly kind: string;
  readonly name: string;
}

/** A title has reached the burst position: who joins now hears it. */
export interface TitleEvent extends Placed {
  readonly type: "title";
  /** Where it begins on the mount's timeline, in seconds since the station's start. */
  readonly position: number;
  readonly kind: string;
  readonly isFiller: boolean;
  /** The name of the source's show, or "". */
  readonly show: string;
  readonly artist: string;
  readonly title: string;
  readonly album: string;
  /** The file being played, or "". */
  readonly file: string;
  /** Its playing time; null if unknown or without an end. */
  readonly seconds: number | null;
}

/** A listener begins to hear a mount. */
export interface JoinedEvent extends Placed {
  readonly type: "joined";
  /** The listener's number; a listener that is moved or skips audio ends and begins with the same one. */
  readonly session: number;
  /** The position of the first audio that it hears. */
  readonly position: number;
  /** It goes on after a move or a gap. */
  readonly isContinued: boolean;
  readonly client: SessionClient;
}

export interface LeftEvent extends Placed {
  readonly type: "left";
  readonly session: number;
  /** Up to where it has heard the mount, at the pace of the audio: what its player still holds is not counted. */
  readonly position: number;
  /** It goes on, on another mount or behind a gap. */
  readonly isMoved: boolean;
  /** When it joined the station, on the station's clock. */
  readonly joinedMs: number;
  /** Offered to it, inline titles included. */
  readonly sentBytes: number;
  /** Seconds of audio that it fetched, if it has no connection whose time counts. */
  readonly heardSeconds?: number;
  readonly client: SessionClient;
}

/** A source client was admitted. */
export interface LoginEvent extends Placed {
  readonly type: "login";
  readonly address: string;
  readonly userAgent: string;
  /** Its account, or "" for the mount's password. */
  readonly user: string;
}

export interface KickEvent extends Placed {
  readonly type: "kick";
  readonly what: "source" | "listener";
  readonly by: string;
}

export interface ReloadEvent extends OfNode {
  readonly type: "reload";
  readonly atMs: number;
  readonly by: string;
  /** What changed. */
  readonly applied: readonly string[];
}

/** A finding that lasts has begun, or is over. */
export interface TroubleEvent extends OfNode {
  readonly type: "trouble";
  readonly atMs: number;
  readonly state: "firing" | "resolved";
  readonly event: string;
  /** The mount, or what it is about. */
  readonly subject: string;
  readonly message: string;
}

/** A mount ends: the station stops, or its block was removed. */
export interface EndEvent extends Placed {
  readonly type: "end";
  /** The end of its timeline. */
  readonly position: number;
}

export type JournalEvent =
  | InputEvent
  | TitleEvent
  | JoinedEvent
  | LeftEvent
  | LoginEvent
  | KickEvent
  | ReloadEvent
  | TroubleEvent
  | EndEvent;

type Reader = (event: JournalEvent) => void;

export class Journal {
  readonly #readers = new Set<Reader>();

  /** `onError` gets what a reader throws; neither other readers nor the writer see it. */
  constructor(private readonly onError: (error: unknown) => void) {}

  /** Calls `reader` with each event until the returned subscription is disposed of. */
  read(reader: Reader): Disposable {
    this.#readers.add(reader);
    return { [Symbol.dispose]: () => void this.#readers.delete(reader) };
  }

  add(event: JournalEvent): void {
    for (const reader of this.#readers) {
      try {
        reader(event);
      } catch (error) {
        this.onError(error);
      }
    }
  }
}
