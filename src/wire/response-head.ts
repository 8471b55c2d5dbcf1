// Pure: the head of an answer as Icecast writes it, for players that read heads with a few lines of code.

/** 401 and 404 in the words of Icecast. */
const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  204: "No Content",
  206: "Partial Content",
  301: "Moved Permanently",
  302: "Found",
  304: "Not Modified",
  400: "Bad Request",
  401: "Authentication Required",
  403: "Forbidden",
  404: "File Not Found",
  405: "Method Not Allowed",
  413: "Payload Too Large",
  416: "Range Not Satisfiable",
  422: "Unprocessable Content",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
};

/** libshout and relays do not take a status line without a reason. */
function reasonOf(status: number): string {
  return REASONS[status] ?? (status < 400 ? "OK" : "Error");
}

/** `Content-Type: `, but `icy-name:`, without a blank: some radios take it for a part of the value. */
function spelled(name: string): string {
  if (name.startsWith("icy-")) return `${name}:`;
  if (name === "www-authenticate") return "WWW-Authenticate: ";
  return `${name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())}: `;
}

/** Who answers, and when: milliseconds since 1970. */
export interface Answerer {
  readonly server: string;
  readonly wallMs: number;
}

/** `headers`: names in lower case, values as bytes, a character each. */
export function rawHead(
  status: number,
  headers: Iterable<readonly [name: string, value: string]>,
  { server, wallMs }: Answerer,
): Buffer {
  const lines = [
    `HTTP/1.0 ${status} ${reasonOf(status)}`,
    `Server: ${server}`,
    "Connection: Close",
    `Date: ${new Date(wallMs).toUTCString()}`,
    ...Array.from(headers, ([name, value]) => spelled(name) + value),
  ];
  return Buffer.from([...lines, "", ""].join("\r\n"), "latin1");
}
