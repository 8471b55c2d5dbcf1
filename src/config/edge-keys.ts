// The keys of an edge: a server that mirrors all mounts of its origin.
import { Secret } from "../lib/secret.ts";
import { flag, key, MAX_TEXT_LENGTH } from "./key.ts";
import { linger, masterKeys, MAX_RELAY_URLS, readRelayUrls } from "./relay-keys.ts";

export const edgeKeys = {
  origin: key(
    {
      default: [] as readonly Secret[],
      description:
        "Address of the origin whose mounts are mirrored here, or a list of them: the first that works is used.",
    },
    {
      type: "list",
      mayBeOne: true,
      secret: true,
      expected: `an http:// or https:// address of at most ${MAX_TEXT_LENGTH} characters, or a list of at most ${MAX_RELAY_URLS}`,
      read: (value) => readRelayUrls(typeof value === "string" ? [value] : value),
    },
  ),
  ...masterKeys(),
  on_demand: flag({
    default: true,
    description: "Pull a mount only while somebody listens to it here.",
  }),
  linger: linger(),
};
