// The keys of an alert: a web hook that gets a message when there is trouble.
import { Secret } from "../lib/secret.ts";
import { key, MAX_TEXT_LENGTH, optionalSecret, readLine } from "./key.ts";

export const ALERT_EVENTS = [
  "source_lost",
  "mount_silent",
  "disk",
  "certificate",
  "doctor",
] as const;
export type AlertEvent = (typeof ALERT_EVENTS)[number];

/** A secret: the address of such a hook is often all that is needed to write to its channel. */
function readUrl(value: unknown): Secret | null {
  const text = readLine(value);
  if (text === null || !URL.canParse(text)) return null;
  return /^https?:$/.test(new URL(text).protocol) ? new Secret(text) : null;
}

function readEvents(value: unknown): readonly AlertEvent[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const known = ALERT_EVENTS.filter((event) => value.includes(event));
  return known.length === new Set(value).size ? known : null;
}

export const alertKeys = {
  url: key(
    {
      default: new Secret(""),
      isRequired: true,
      description: "Where alerts are posted, as JSON; any address, private ones too.",
    },
    {
      type: "string",
      secret: true,
      expected: `an http:// or https:// address of at most ${MAX_TEXT_LENGTH} characters`,
      read: readUrl,
    },
  ),
  secret: optionalSecret({
    default: new Secret(""),
    description: "Key that signs them, as in Standard Webhooks; empty for none.",
  }),
  events: key(
    {
      default: ALERT_EVENTS as readonly AlertEvent[],
      description: "The troubles that it gets messages about.",
    },
    {
      type: "list",
      expected: `a list of ${ALERT_EVENTS.map((event) => `"${event}"`).join(", ")}`,
      read: readEvents,
    },
  ),
};
