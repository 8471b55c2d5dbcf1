// Pure: a response head as Icecast writes it, for players with simple parsers.

/** 401 and 404 in Icecast's words. */
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

/** libshout and relays reject a status line without a reason. */
function reasonOf(status: number): string {
  return REASONS[status] ?? (status < 400 ? "OK" : "Error");
}

/** `Content-Type: ` but `icy-name:` without a blank, which some radios take as part of the value. */
function spelled(name: string): string {
  if (name.startsWith("icy-")) return `${name}:`;
  if (name === "www-authenticate") return "WWW-Authenticate: ";
  return `${name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())}: `;
}

/** Far more than the station's answers have. */
const MAX_SPELLED = 500;

const spelledNames = new Map<string, string>();

function knownSpelling(name: string): string {
  const known = spelledNames.get(name);
  if (known !== undefined) return known;
  const text = spelled(name);
  if (spelledNames.size < MAX_SPELLED) spelledNames.set(name, text);
  return text;
}

/** `wallMs`: milliseconds since 1970. */
export interface HeadContext {
  readonly server: string;
  readonly wallMs: number;
}

/** `headers`: names in lower case; values as Latin-1, one character per byte. */
export function rawHead(
  status: number,
  headers: Iterable<readonly [name: string, value: string]>,
  { server, wallMs }: HeadContext,
): Buffer {
  const lines = [
    `HTTP/1.0 ${status} ${reasonOf(status)}`,
    `Server: ${server}`,
    "Connection: Close",
    `Date: ${new Date(wallMs).toUTCString()}`,
    ...Array.from(headers, ([name, value]) => knownSpelling(name) + value),
  ];
  return Buffer.from([...lines, "", ""].join("\r\n"), "latin1");
}
