// The keys of relays: streams of other servers that are pulled into a mount.
import { Secret } from "../lib/secret.ts";
import {
  amount,
  count,
  flag,
  key,
  MAX_TEXT_LENGTH,
  optionalPath,
  optionalSecret,
  readLine,
  text,
} from "./key.ts";

export const MAX_RELAY_URLS = 8;

/** Secret, because it may name a user and a password. */
export function readRelayUrl(value: unknown): Secret | null {
  const url = readLine(value);
  if (url === null || !URL.canParse(url)) return null;
  const { protocol, hostname } = new URL(url);
  return /^https?:$/.test(protocol) && hostname !== "" ? new Secret(url) : null;
}

export function readRelayUrls(value: unknown): readonly Secret[] | null {
  if (!Array.isArray(value) || value.length > MAX_RELAY_URLS) return null;
  const urls = value.flatMap((item) => readRelayUrl(item) ?? []);
  return urls.length === value.length ? urls : null;
}

const URL_EXPECTED = `an http:// or https:// address of at most ${MAX_TEXT_LENGTH} characters`;

function relayUrl(description: string) {
  return key(
    { default: new Secret(""), description },
    {
      type: "string",
      secret: true,
      expected: URL_EXPECTED,
      read: (value) => (value === "" ? new Secret("") : readRelayUrl(value)),
    },
  );
}

/** A key is known by its identity: each block has its own. */
export const masterKeys = () => ({
  user: text({
    default: "",
    description: "User name for the master, if the address has none.",
  }),
  password: optionalSecret({
    default: new Secret(""),
    description: "Its password.",
  }),
  tls_verify: flag({
    default: true,
    description: "Refuse a master whose certificate is not valid for its name.",
  }),
  tls_ca: optionalPath({
    default: "",
    description:
      "Certificates in PEM that https masters are checked against, in place of the system's; relative to this file.",
  }),
  timeout: amount({
    unit: "seconds",
    range: [0.1, 60],
    default: 10.0,
    description: "How long a master may take to accept a connection, and again to answer.",
  }),
});

export const linger = () =>
  amount({
    unit: "seconds",
    range: [0, 3600],
    default: 10.0,
    description: "On demand: how long it is still pulled after the last listener has left.",
  });

export const relayKeys = {
  url: relayUrl("Address of the stream, or of a playlist file (M3U, PLS, XSPF) that names it."),
  urls: key(
    {
      default: [] as readonly Secret[],
      description:
        "Addresses to use while the ones before do not work; the first that works is on air.",
    },
    {
      type: "list",
      secret: true,
      expected: `a list of at most ${MAX_RELAY_URLS} http:// or https:// addresses`,
      read: readRelayUrls,
    },
  ),
  ...masterKeys(),
  on_demand: flag({
    default: false,
    description: "Pull it only while somebody listens.",
  }),
  linger: linger(),
  priority: count({
    unit: "",
    range: [1, 199],
    default: 75,
    description:
      "The ready input with the highest is on air: live sources have 100, the playlist has 50.",
  }),
};

export const relayAllKeys = {
  url: relayUrl(
    "Address of another server, each of whose mounts is mirrored here; if empty, none is.",
  ),
  ...masterKeys(),
  on_demand: flag({
    default: true,
    description: "Pull a mirrored mount only while somebody listens to it.",
  }),
  linger: linger(),
  interval: amount({
    unit: "seconds",
    range: [1, 3600],
    default: 60.0,
    description: "How often the other server is asked for its mounts.",
  }),
  max_mounts: count({
    unit: "",
    range: [1, 255],
    default: 32,
    description: "The most mounts that are mirrored.",
  }),
};
