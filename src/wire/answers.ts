// What a source client is answered, byte for byte as Icecast does; each leaves in one write.

/** SOURCE, and PUT without Expect. To SOURCE never HTTP/1.1: old Liquidsoap would switch to chunks. */
export const ACCEPTED = "HTTP/1.0 200 OK\r\n\r\n";

/** PUT with Expect: 100-continue; the final 200 follows when a body with an end has ended. */
export const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

/** To the right SHOUTcast password, before the headers: some read 20 bytes once and compare them all. */
export const WELCOME = "OK2\r\nicy-caps:11\r\n\r\n";

/** Why a source client is turned away. The names are those of the counters. */
export const REFUSALS = {
  unauthorized: "401 Authentication Required",
  too_many_logins: "429 Too Many Requests",
  undecided: "503 Service Unavailable",
  default_password: "403 Forbidden",
  no_such_mount: "403 Forbidden",
  in_use: "403 Forbidden",
  content_type: "403 Forbidden",
  format: "403 Forbidden",
  unplayable: "403 Forbidden",
  no_audio: "403 Forbidden",
  cut_short: "400 Bad Request",
  transfer_coding: "501 Not Implemented",
  bad_request: "400 Bad Request",
  tls: "400 Bad Request",
  xaudiocast: "400 Bad Request",
  no_login: "400 Bad Request",
  not_a_source: "400 Bad Request",
  too_many_connections: "503 Service Unavailable",
} as const;

export type Refusal = keyof typeof REFUSALS;

/** What is counted of source clients; who is too slow to log in is not answered. */
export type Counted = Refusal | "accepted" | "login_timeout";

/** A complete answer with its length, so that a client that keeps the connection can read on. */
export function refusalAnswer(refusal: Refusal, sentence: string, waitSeconds = 0): string {
  const challenge =
    refusal === "unauthorized" ? 'WWW-Authenticate: Basic realm="Icecast2 Server"\r\n' : "";
  const wait = waitSeconds > 0 ? `Retry-After: ${waitSeconds}\r\n` : "";
  const body = `${sentence}\r\n`;
  return (
    `HTTP/1.0 ${REFUSALS[refusal]}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
    `${challenge}${wait}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
  );
}
