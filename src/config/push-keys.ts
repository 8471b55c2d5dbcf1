// The keys of a push: another server that gets a mount's stream.
import { Secret } from "../lib/secret.ts";
import { amount, flag, key, readLine } from "./key.ts";
import { readPushUrl } from "./push-url.ts";

function readUrl(value: unknown): Secret | null {
  const text = readLine(value);
  return text === null || readPushUrl(text) === null ? null : new Secret(text);
}

export const pushKeys = {
  url: key(
    {
      default: new Secret(""),
      isRequired: true,
      description: "The other server, with the source password and the mount there.",
    },
    {
      type: "string",
      secret: true,
      expected:
        'an address like "icecast://source:password@host:8000/mount", or one with icecast+tls, http or https',
      read: readUrl,
    },
  ),
  public: flag({
    default: false,
    description: "Let the other server list the stream in directories.",
  }),
  buffer_seconds: amount({
    unit: "seconds",
    range: [1, 60],
    default: 10.0,
    description: "Audio that waits while the other server is slow; more is dropped.",
  }),
  tls_verify: flag({
    default: true,
    description: "Refuse a server whose certificate is not valid for its name.",
  }),
};
