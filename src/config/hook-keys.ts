// The keys of a web hook: who gets a message of what happens at the station, and in which form.
import { Secret } from "../lib/secret.ts";
import { readMounts } from "./account-keys.ts";
import { eventList, hookUrl } from "./alert-keys.ts";
import { choice, flag, key, optionalSecret } from "./key.ts";

export const HOOK_EVENTS = [
  "title",
  "live_begins",
  "live_ends",
  "silent",
  "source_lost",
  "listener_peak",
] as const;
export type HookEventName = (typeof HOOK_EVENTS)[number];

export const HOOK_FORMATS = [
  "json",
  "discord",
  "telegram",
  "mastodon",
  "tunein",
  "listenbrainz",
] as const;
export type HookFormat = (typeof HOOK_FORMATS)[number];

export const hookKeys = {
  url: hookUrl("Where messages are sent."),
  secret: optionalSecret({
    default: new Secret(""),
    description:
      "json: key that signs messages, as in Standard Webhooks; mastodon, listenbrainz: the access token.",
  }),
  events: eventList(HOOK_EVENTS, "What it gets messages about."),
  format: choice({
    choices: HOOK_FORMATS,
    default: "json",
    description: "Whose form messages have; tunein and listenbrainz get titles only.",
  }),
  mounts: key(
    {
      default: [] as readonly string[],
      description: "Mounts that it gets messages about; empty for all.",
    },
    { type: "list", expected: 'a list of mounts like "/stream"', read: readMounts },
  ),
  allow_private: flag({
    default: false,
    description: "Send to addresses of this machine and of private networks too.",
  }),
};
