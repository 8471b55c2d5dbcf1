// A request for a file of a mount by HLS, and the session it belongs to.
import type { MountParts } from "../../assembly/mounts.ts";
import type { HlsSession } from "../../output/sessions/hls-session.ts";
import type { Poll } from "../../output/sessions/poll.ts";
import { exchangeOf } from "../exchange.ts";
import { queryText } from "../form.ts";

/** The name of a session's id in the query of a media playlist. */
export const SESSION = "s";

/** How an address begins its query if it is one of a multivariant playlist. */
const GIVEN = `?${SESSION}=`;
const ID_LENGTH = 44;

/** Such a query. */
const QUICK = /^s=([\w-]{44})(?:&|$)/;

export interface Entered {
  readonly session: HlsSession;
  /** null for one that is a listener already, which needs no further look. */
  readonly poll: Poll | null;
}

/** A request for a file of a mount. */
export class HlsVisit {
  /** Its session, once the gate has let it in. */
  entered: Entered | null = null;
  #query: URLSearchParams | null = null;

  constructor(
    readonly request: Request,
    readonly parts: MountParts,
  ) {}

  /** The client's. */
  get address(): string {
    return exchangeOf(this.request).address;
  }

  /** Of its address. */
  get query(): URLSearchParams {
    return (this.#query ??= new URLSearchParams(queryText(this.request)));
  }

  /** Its session's id, or "". */
  get session(): string {
    const id = QUICK.exec(queryText(this.request))?.[1];
    return id ?? this.query.get(SESSION) ?? "";
  }

  /** What its session's id is if the query is one that we gave; else any text. */
  get givenSession(): string {
    const { url } = this.request;
    const end = url.indexOf(GIVEN) + GIVEN.length + ID_LENGTH;
    const isWhole = end === url.length || url[end] === "&";
    return isWhole ? url.slice(end - ID_LENGTH, end) : "";
  }
}
