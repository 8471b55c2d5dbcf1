// The keys of who may listen, and of asking a back end about sources.
import { Secret } from "../lib/secret.ts";
import { amount, choice, key, optionalPath, optionalSecret } from "./key.ts";

/** What happens while a back end does not answer. */
export const ON_ERROR = ["refuse", "admit"] as const;
export type OnError = (typeof ON_ERROR)[number];

const MAX_ADDRESS_LENGTH = 1024;

function readAddress(value: unknown): Secret | null {
  if (typeof value !== "string" || value.length > MAX_ADDRESS_LENGTH) return null;
  const isAddress = value === "" || (/^https?:\/\//i.test(value) && URL.canParse(value));
  return isAddress ? new Secret(value) : null;
}

/** Secret, because it may name a user and a password. */
function backEnd(description: string) {
  return key(
    { default: new Secret(""), scope: "mount", description },
    { type: "string", secret: true, expected: "an http or https address", read: readAddress },
  );
}

/** A key is known by its identity: each block has its own. */
const timeout = () =>
  amount({
    unit: "seconds",
    range: [0.1, 8],
    default: 6.0,
    scope: "mount",
    description: "How long the back end may take to answer.",
  });

export const listenersKeys = {
  file: optionalPath({
    default: "",
    scope: "mount",
    description:
      "htpasswd file of those who may listen, relative to this file; a changed one counts at the next login.",
  }),
  url: backEnd(
    "Address that is asked by Icecast's URL authentication (listener_add, listener_remove) who may listen.",
  ),
  timeout: timeout(),
  on_error: choice({
    choices: ON_ERROR,
    default: "refuse",
    scope: "mount",
    description: "What happens to new listeners while the back end does not answer.",
  }),
  key: optionalSecret({
    default: new Secret(""),
    scope: "mount",
    description: "Key of signed addresses, by which players listen that cannot log in.",
  }),
  previous_key: optionalSecret({
    default: new Secret(""),
    scope: "mount",
    description: "An older key whose addresses still count.",
  }),
};

export const streamAuthKeys = {
  url: backEnd(
    "Address that is asked by Icecast's URL authentication (stream_auth) about sources whose password is not the configured one.",
  ),
  timeout: timeout(),
};
