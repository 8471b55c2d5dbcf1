// What encoders send, byte for byte as observed or read in their sources, to a mount /live with the password of the tests.
import { PASSWORD } from "../support/config.ts";

export const LOGIN = Buffer.from(`source:${PASSWORD}`).toString("base64");

export interface EncoderHead {
  readonly head: string;
  /** The request line that is read from it. */
  readonly request: string;
  /** What it has to be answered, whether or not it reads that. */
  readonly answer: string;
  /** How it frames what follows. */
  readonly body: "raw" | "chunked";
}

const OK = "HTTP/1.0 200 OK\r\n\r\n";
const GO_ON = "HTTP/1.1 100 Continue\r\n\r\n";

function crlf(...lines: string[]): string {
  return [...lines, "", ""].join("\r\n");
}

export const HEADS: Readonly<Record<string, EncoderHead>> = {
  "ffmpeg by PUT": {
    head: crlf(
      "PUT /live HTTP/1.1",
      "User-Agent: Lavf/60.16.100",
      "Accept: */*",
      "Expect: 100-continue",
      "Connection: close",
      "Host: localhost:8000",
      "Content-Type: audio/mpeg",
      "Icy-MetaData: 1",
      "Ice-Name: Show",
      "Ice-Public: 0",
      `Authorization: Basic ${LOGIN}`,
    ),
    request: "PUT /live HTTP/1.1",
    answer: GO_ON,
    body: "raw",
  },
  "ffmpeg by its legacy SOURCE": {
    head: crlf(
      "SOURCE /live HTTP/1.1",
      "User-Agent: Lavf/60.16.100",
      "Accept: */*",
      "Connection: close",
      "Host: localhost:8000",
      "Content-Type: audio/mpeg",
      "Icy-MetaData: 1",
      `Authorization: Basic ${LOGIN}`,
    ),
    request: "SOURCE /live HTTP/1.1",
    answer: OK,
    body: "raw",
  },
  BUTT: {
    head: crlf(
      "PUT /live HTTP/1.1",
      `Authorization: Basic ${LOGIN}`,
      "Host: localhost:8000",
      "User-Agent: butt 1.40.0",
      "Content-Type: audio/mpeg",
      "ice-bitrate: 128",
      "ice-name: no name",
      "ice-public: 0",
      "ice-audio-info: ice-samplerate=44100;ice-bitrate=128;ice-channels=2",
      "Expect: 100-continue",
    ),
    request: "PUT /live HTTP/1.1",
    answer: GO_ON,
    body: "raw",
  },
  "BUTT's second try": {
    head: crlf(
      "SOURCE /live HTTP/1.0",
      `Authorization: Basic ${LOGIN}`,
      "User-Agent: butt 1.40.0",
      "Content-Type: audio/mpeg",
      "ice-bitrate: 128",
      "ice-name: no name",
      "ice-public: 0",
    ),
    request: "SOURCE /live HTTP/1.0",
    answer: OK,
    body: "raw",
  },
  DarkIce: {
    head:
      "SOURCE //live HTTP/1.0\nContent-type: audio/mpeg\n" +
      `Authorization: Basic ${LOGIN}\nUser-Agent: DarkIce/1.4 (http://code.google.com/p/darkice/)\n` +
      "ice-bitrate: 128\nice-public: 0\nice-name: Show\nice-description: x\nice-url: http://a.b\nice-genre: g\r\n\r\n",
    request: "SOURCE //live HTTP/1.0",
    answer: OK,
    body: "raw",
  },
  "libshout by SOURCE": {
    head: crlf(
      "SOURCE /live HTTP/1.0",
      `Authorization: Basic ${LOGIN}`,
      "Host: localhost:8000",
      "User-Agent: libshout/2.4.6",
      "Content-Type: audio/mpeg",
      "ice-public: 0",
      "ice-name: Show",
      "ice-audio-info: channels=2;samplerate=44100;bitrate=128",
    ),
    request: "SOURCE /live HTTP/1.0",
    answer: OK,
    body: "raw",
  },
  "libshout by PUT": {
    head: crlf(
      "PUT /live HTTP/1.1",
      `Authorization: Basic ${LOGIN}`,
      "Host: localhost:8000",
      "User-Agent: libshout/2.4.6",
      "Content-Type: audio/mpeg",
      "Expect: 100-continue",
      "ice-public: 0",
      "ice-name: Show",
    ),
    request: "PUT /live HTTP/1.1",
    answer: GO_ON,
    body: "raw",
  },
  "Liquidsoap by SOURCE": {
    head: crlf(
      "SOURCE /live HTTP/1.0",
      "ice-name: Show",
      "ice-public: 0",
      `Authorization: Basic ${LOGIN}`,
      "User-Agent: Liquidsoap/2.2.5 (Unix; OCaml 4.14.1)",
      "Content-Type: audio/mpeg",
      "Host: localhost",
    ),
    request: "SOURCE /live HTTP/1.0",
    answer: OK,
    body: "raw",
  },
  "Liquidsoap by PUT": {
    head: crlf(
      "PUT /live HTTP/1.0",
      "Expect: 100-continue",
      `Authorization: Basic ${LOGIN}`,
      "User-Agent: Liquidsoap/2.2.5 (Unix; OCaml 4.14.1)",
      "Content-Type: audio/mpeg",
      "Host: localhost",
    ),
    request: "PUT /live HTTP/1.0",
    answer: GO_ON,
    body: "raw",
  },
  "Liquidsoap in chunks": {
    head: crlf(
      "SOURCE /live HTTP/1.1",
      `Authorization: Basic ${LOGIN}`,
      "User-Agent: Liquidsoap/2.2.5 (Unix; OCaml 4.14.1)",
      "Content-Type: audio/mpeg",
      "Transfer-Encoding: chunked",
      "Host: localhost",
    ),
    request: "SOURCE /live HTTP/1.1",
    answer: OK,
    body: "chunked",
  },
  AltaCast: {
    head:
      "SOURCE /live ICE/1.0\ncontent-type: audio/mpeg\n" +
      `Authorization: Basic ${LOGIN}\nice-name: Show\nice-url: http://a.b\nice-genre: g\n` +
      "ice-bitrate: 128\nice-private: 0\nice-public: 1\nice-description: d\n" +
      "ice-audio-info: ice-samplerate=44100;ice-bitrate=128;ice-channels=2\n\n",
    request: "SOURCE /live ICE/1.0",
    answer: OK,
    body: "raw",
  },
  "curl from a pipe": {
    head: crlf(
      "PUT /live HTTP/1.1",
      "Host: localhost:8000",
      `Authorization: Basic ${LOGIN}`,
      "User-Agent: curl/8.5.0",
      "Accept: */*",
      "Transfer-Encoding: chunked",
      "Content-Type: audio/mpeg",
      "Expect: 100-continue",
    ),
    request: "PUT /live HTTP/1.1",
    answer: GO_ON,
    body: "chunked",
  },
};

/** The answer to any of a client's errors. */
export function refusal(status: string, sentence: string, challenge = ""): string {
  const length = Buffer.byteLength(sentence) + 2;
  return (
    `HTTP/1.0 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\n${challenge}` +
    `Content-Length: ${length}\r\nConnection: close\r\n\r\n${sentence}\r\n`
  );
}

export const UNAUTHORIZED = refusal(
  "401 Authentication Required",
  "You need to authenticate",
  'WWW-Authenticate: Basic realm="Icecast2 Server"\r\n',
);
/** `by`: the program of the source that has the mount, which names no account. */
export const inUse = (by: string) =>
  refusal("403 Forbidden", `Mountpoint in use by 127.0.0.1 (${by})`);

/** libshout's way in when it was built with TLS: three requests, each on a connection of its own. */
export const LIBSHOUT_LOGIN: readonly { readonly send: string; readonly answer: string }[] = [
  {
    send: crlf(
      "OPTIONS * HTTP/1.1",
      "Host: localhost:8000",
      "User-Agent: libshout/2.4.6",
      "Connection: Upgrade",
      "Upgrade: TLS/1.0, HTTP/1.1",
    ),
    answer: refusal(
      "400 Bad Request",
      "unknown request: this port is for sources, see the listen port",
    ),
  },
  {
    send: crlf(
      "SOURCE /live HTTP/1.0",
      "Host: localhost:8000",
      "User-Agent: libshout/2.4.6",
      "Content-Type: audio/mpeg",
      "Content-Length: 0",
      "Connection: Keep-Alive",
      "ice-public: 0",
      "ice-name: Show",
    ),
    answer: UNAUTHORIZED,
  },
  { send: HEADS["libshout by SOURCE"]?.head ?? "", answer: OK },
];
