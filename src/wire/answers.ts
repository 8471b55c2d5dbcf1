// Answers to source clients, byte for byte as Icecast sends them, each in one write.

/** To SOURCE, and to PUT without Expect. Never HTTP/1.1 to SOURCE: old Liquidsoap would switch to chunks. */
export const ACCEPTED = "HTTP/1.0 200 OK\r\n\r\n";

/** To PUT with Expect: 100-continue. The final 200 follows after a complete body. */
export const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

/** To the right SHOUTcast password, before the headers. Some encoders read 20 bytes once and compare all of them. */
export const WELCOME = "OK2\r\nicy-caps:11\r\n\r\n";

/** To a client that asks for TLS on its plain connection (RFC 2817): its next bytes are a TLS handshake. */
export const SWITCHING =
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.0, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n";

/** The methods of the source port. libshout reads them before it logs in: it then uses PUT, and POST for titles. */
export const ALLOWED = "SOURCE, PUT, GET, HEAD, OPTIONS, POST";

/** To OPTIONS, inside the TLS that it asked for: libshout logs in on the same connection, or would ask again for ever. */
export const CAPABILITIES = `HTTP/1.1 200 OK\r\nAllow: ${ALLOWED}\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n`;

/** Reasons to refuse a source client; also the names of the counters. */
export const REFUSALS = {
  unauthorized: "401 Authentication Required",
  too_many_logins: "429 Too Many Requests",
  undecided: "503 Service Unavailable",
  default_password: "403 Forbidden",
  not_allowed: "403 Forbidden",
  banned: "403 Forbidden",
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

/** Outcomes of source logins that are counted. login_timeout and tls_handshake get no answer. */
export type Counted = Refusal | "accepted" | "login_timeout" | "tls_handshake";

/** Keeps the connection open for the credentials. */
export const CHALLENGE = refusalAnswer("unauthorized", "You need to authenticate").replace(
  "Connection: close",
  "Connection: keep-alive",
);

/** With its length, so that a client that keeps the connection open knows where it ends. */
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
