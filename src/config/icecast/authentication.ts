// What becomes of a mount's <authentication>: its options are our `listeners` and `stream_auth`.
import type { Draft, Values } from "./draft.ts";
import { none, type Rule, type Rules } from "./elements.ts";
import type { Element } from "./xml-tree.ts";

/** `values`: of the mount. */
export function authenticationRule(values: Values): Rule {
  return ({ attributes, children, ...element }, draft) => {
    const options = OPTIONS[attributes["type"] ?? ""];
    if (options === undefined) return draft.note(element, "this type is unknown");
    const rules = options(values);
    for (const child of children) applyOption(rules, child, draft);
  };
}

function applyOption(rules: Rules, element: Element, draft: Draft): void {
  const { name = "", value = "" } = element.attributes;
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  const option = { ...element, name: "option", text: value };
  if (rule === undefined) draft.note(option, "unknown, so it is left out");
  else rule(option, draft);
}

const ONE_ADDRESS = none("the address of listener_add also gets listener_remove");
const FIXED = none("the headers of a back end have Icecast's names");
const NO_EVENTS = none("a back end gets nothing about mounts");

const OPTIONS: Readonly<Record<string, (values: Values) => Rules>> = {
  htpasswd: (values) => ({
    filename: to(values, "listeners.file"),
    allow_duplicate_users: none("a user may listen more than once"),
  }),
  url: (values) => ({
    listener_add: to(values, "listeners.url"),
    listener_remove: unless(values, "listeners.url", ONE_ADDRESS),
    client_add: to(values, "listeners.url"),
    client_remove: unless(values, "listeners.url", ONE_ADDRESS),
    stream_auth: to(values, "stream_auth.url"),
    mount_add: NO_EVENTS,
    mount_remove: NO_EVENTS,
    username: none("write it into the address: https://user:password@host/"),
    password: none("write it into the address: https://user:password@host/"),
    auth_header: FIXED,
    timelimit_header: FIXED,
    headers: none("a back end gets no headers of listeners, but their agent and referer"),
    header_prefix: FIXED,
    presume_innocent: (element, draft) =>
      draft.set(values, "listeners.on_error", isYes(element) ? "admit" : "refuse", element),
  }),
};

function to(values: Values, key: string): Rule {
  return (element, draft) => draft.set(values, key, element.text, element);
}

/** The same value as another option's needs nothing. */
function unless(values: Values, key: string, rule: Rule): Rule {
  return (element, draft) => {
    if (values.get(key) !== element.text) rule(element, draft);
  };
}

function isYes({ text }: Element): boolean {
  return /^(?:1|yes|true|on)$/i.test(text);
}
