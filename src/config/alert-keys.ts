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

function readUrl(value: unknown): Secret | null {
  const text = readLine(value);
  if (text === null || !URL.canParse(text)) return null;
  return /^https?:$/.test(new URL(text).protocol) ? new Secret(text) : null;
}

/** A secret: the address of such a hook is often all that is needed to write to its channel. */
export function hookUrl(description: string) {
  return key(
    { default: new Secret(""), isRequired: true, description },
    {
      type: "string",
      secret: true,
      expected: `an http:// or https:// address of at most ${MAX_TEXT_LENGTH} characters`,
      read: readUrl,
    },
  );
}

/** Some of these events, all by default. */
export function eventList<Event extends string>(events: readonly Event[], description: string) {
  const read = (value: unknown): readonly Event[] | null => {
    if (!Array.isArray(value) || value.length === 0) return null;
    const known = events.filter((event) => value.includes(event));
    return known.length === new Set(value).size ? known : null;
  };
  const expected = `a list of ${events.map((event) => `"${event}"`).join(", ")}`;
  return key({ default: events, description }, { type: "list", expected, read });
}

export const alertKeys = {
  url: hookUrl("Where alerts are posted, as JSON; any address, private ones too."),
  secret: optionalSecret({
    default: new Secret(""),
    description: "Key that signs them, as in Standard Webhooks; empty for none.",
  }),
  events: eventList(ALERT_EVENTS, "The troubles that it gets messages about."),
};
