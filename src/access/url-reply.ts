// Pure: what a URL back end replies, in the headers of Icecast 2.4, KH and Icecast 2.5.

export type Reply =
  | {
      readonly kind: "admit";
      /** Seconds after which the listener is disconnected; 0 for never. */
      readonly timeLimit: number;
      /** The name it has from now on; "" for the one that it came with. */
      readonly user: string;
      /** Path of the mount that it hears in place of the one it asked for; "" for that one. */
      readonly mount: string;
      /** The client is a server that relays the stream. */
      readonly isRelay?: true;
    }
  /** `sentence`: for the client; "" if the back end gives none. */
  | { readonly kind: "refuse"; readonly sentence: string }
  /** `location`: an absolute http address. */
  | { readonly kind: "redirect"; readonly location: string };

export interface RawReply {
  readonly status: number;
  readonly headers: Headers;
}

/** A day short of the longest timer of 32 bits. */
const MAX_TIME_LIMIT = 2_000_000;

const MAX_SENTENCE = 200;

/** KH: any value but one that begins with 0; Icecast 2.4 knows "1" only. Icecast 2.5's counts on success only. */
function admits({ status, headers }: RawReply): boolean {
  const result = headers.get("x-icecast-auth-result");
  if (result !== null) return result.toLowerCase() === "ok" && status >= 200 && status < 300;
  const user = headers.get("icecast-auth-user");
  return user !== null && user !== "" && !user.startsWith("0");
}

export function readReply(reply: RawReply): Reply {
  const { headers } = reply;
  const redirect = redirection(headers);
  if (redirect !== null) return redirect;
  if (!admits(reply)) return { kind: "refuse", sentence: sentenceOf(headers) };
  const mount = headers.get("mountpoint") ?? "";
  return {
    kind: "admit",
    timeLimit: timeLimitOf(headers),
    user: headers.get("ice-username")?.slice(0, MAX_SENTENCE) ?? "",
    mount: mount.startsWith("/") ? mount : "",
    ...(headers.get("icecast-slave") === "1" && { isRelay: true }),
  };
}

function redirection(headers: Headers): Reply | null {
  const action = headers.get("x-icecast-auth-alter-action") ?? "";
  const altered = action.startsWith("redirect")
    ? headers.get("x-icecast-auth-alter-argument")
    : null;
  const location = altered ?? headers.get("location") ?? "";
  const isAddress = /^https?:\/\/[^\s"<>]+$/i.test(location);
  return isAddress ? { kind: "redirect", location } : null;
}

function timeLimitOf(headers: Headers): number {
  const given = headers.get("icecast-auth-timelimit") ?? headers.get("x-icecast-auth-timelimit");
  const seconds = Number(given ?? 0);
  return Number.isInteger(seconds) && seconds > 0 ? Math.min(seconds, MAX_TIME_LIMIT) : 0;
}

function sentenceOf(headers: Headers): string {
  const given = headers.get("icecast-auth-message") ?? headers.get("x-icecast-auth-message") ?? "";
  return given.slice(0, MAX_SENTENCE);
}
