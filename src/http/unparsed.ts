// Handles bytes on the listen port that are not HTTP: SHOUTcast logins are passed to the source port, whatever listeners
// send is ignored, and other clients get the answer that Bun would give, unless another answer has begun.
import { ServerConnection } from "../native/server-connection.ts";
import type { Station } from "../station/station.ts";
import type { OnUnparsed, Unparsed } from "./serve.ts";

const BAD_REQUEST = "400 Bad Request";

const ANSWERS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_INVALID_VERSION: "505 HTTP Version Not Supported",
};

/** node:http takes no target that is not ASCII, which players send. */
const FOREIGN_TARGET = "HPE_INVALID_URL";

const NO_METHOD = "HPE_INVALID_METHOD";

/** A complete or partial line that can be a password: neither a request with an unknown method nor binary data. */
export function mayBePassword(bytes: Uint8Array): boolean {
  const [line = ""] = Buffer.from(bytes).toString().split(/\r|\n/, 1);
  return line !== "" && !/\p{Cc}|\ufffd| HTTP\/\d/u.test(line);
}

/** Answers for the listen port `port` of a station. */
export function answerUnparsed(station: Station, port: () => number): OnUnparsed {
  return (unparsed) => {
    const connection = ServerConnection.find(port(), unparsed.peer);
    // A listener's is held already: what it sends is read away.
    if (connection === null) return;
    const hasAnswer = connection.writtenBytes > 0;
    const isOurs = !hasAnswer && isForSourcePort(unparsed, station, port());
    if (isOurs) return takeOver(connection, unparsed, station, port());
    connection.release();
    unparsed.end(hasAnswer ? "" : answerTo(unparsed));
  };
}

function answerTo({ code }: Unparsed): string {
  return `HTTP/1.1 ${ANSWERS[code] ?? BAD_REQUEST}\r\nConnection: close\r\n\r\n`;
}

/** Encoders use the port after the source port, which may be this one. */
function isForSourcePort({ code, bytes }: Unparsed, station: Station, port: number): boolean {
  if (code === FOREIGN_TARGET) return true;
  return code === NO_METHOD && port === station.sourcePort + 1 && mayBePassword(bytes);
}

function takeOver(
  connection: ServerConnection,
  unparsed: Unparsed,
  station: Station,
  port: number,
) {
  const copy = connection.copy();
  connection.release();
  unparsed.drop();
  if (copy === null) return;
  // Bun closes its descriptor, and asks for a reset, before that.
  setTimeout(() => {
    ServerConnection.calm(copy);
    // Held, so that it is not taken for a connection that idles.
    const held = ServerConnection.find(port, unparsed.peer);
    station.ingest.adopt(copy, unparsed.bytes, () => held?.release());
  }, 0);
}
