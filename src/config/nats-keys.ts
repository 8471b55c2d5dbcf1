// The keys by which the servers of a cluster show one view of it, over NATS.
import { hostname } from "node:os";
import { Secret } from "../lib/secret.ts";
import { flag, key, MAX_TEXT_LENGTH, readLine } from "./key.ts";

export const MAX_NATS_SERVERS = 8;

/** Words of NATS subjects and buckets. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** What `node` is if nothing is set: the machine's name without its domain. */
export function machineName(): string {
  return (hostname().split(".")[0] ?? "").replace(/[^A-Za-z0-9_-]/g, "-").slice(0, 64) || "node";
}

function isServer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname: host, pathname } = new URL(text);
  return /^(?:nats|tls):$/.test(protocol) && host !== "" && /^\/?$/.test(pathname);
}

/** The addresses of `cluster.nats`. */
export function natsServers(text: string): string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function readServers(value: unknown): Secret | null {
  const text = readLine(value);
  if (text === null) return null;
  const servers = natsServers(text);
  return servers.length <= MAX_NATS_SERVERS && servers.every(isServer) ? new Secret(text) : null;
}

function readName(value: unknown): string | null {
  return typeof value === "string" && NAME.test(value) ? value : null;
}

const NAME_EXPECTED = "1 to 64 letters, digits, hyphens and underscores";

/** With a scheme and a host alone; "" for none. */
function readAddress(value: unknown): string | null {
  const text = readLine(value);
  if (text === "" || text === null || !URL.canParse(text)) return text === "" ? "" : null;
  const { protocol, origin, pathname, search, hash, username } = new URL(text);
  const isBare = pathname === "/" && `${search}${hash}${username}` === "";
  return /^https?:$/.test(protocol) && isBare ? origin : null;
}

export const natsKeys = {
  nats: key(
    {
      default: new Secret(""),
      description:
        "NATS servers by which all servers of the cluster show one view of it: nats://user:password@host:4222, or tls://…; several are separated by commas. If empty, nothing of this is loaded.",
    },
    {
      type: "string",
      secret: true,
      expected: `at most ${MAX_NATS_SERVERS} addresses like nats://host:4222, separated by commas, ${MAX_TEXT_LENGTH} characters in all`,
      read: readServers,
    },
  ),
  name: key(
    {
      default: "cycast",
      description:
        "Name of the cluster: several on one NATS have different ones. Its subjects and buckets begin with it.",
    },
    { type: "string", expected: NAME_EXPECTED, read: readName },
  ),
  node: key(
    {
      default: "",
      description:
        "Name of this server in the cluster, different on each; if empty, that of the machine.",
    },
    {
      type: "string",
      expected: `${NAME_EXPECTED}, or ""`,
      read: (value) => (value === "" ? "" : readName(value)),
    },
  ),
  url: key(
    {
      default: "",
      description:
        "Address at which the other servers of the cluster reach this one: http://10.0.0.1:8000.",
    },
    {
      type: "string",
      expected: `an http:// or https:// address without a path, or ""`,
      read: readAddress,
    },
  ),
  standby: flag({
    default: false,
    description:
      "Share one programme with the other servers that have this set: one of them leads, the others relay it and go on when it is gone.",
  }),
};
