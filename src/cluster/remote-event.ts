// Pure: the events of another node's journal, as far as they are used here.
import type { JournalEvent, SessionClient } from "../journal/journal.ts";
import { type Fields, fieldsOf, listOf, numberOf, textOf } from "./parsing.ts";

export interface RemoteBatch {
  readonly node: string;
  readonly run: string;
  readonly events: readonly JournalEvent[];
}

const MAX_EVENTS = 1000;

/** null for what is none. */
export function remoteBatch(value: unknown): RemoteBatch | null {
  const fields = fieldsOf(value);
  const [node, run] = [textOf(fields?.["node"]), textOf(fields?.["run"])];
  if (fields === null || node === "" || run === "") return null;
  const events = listOf(fields["events"], MAX_EVENTS).flatMap((event) => eventOf(event, node));
  return { node, run, events };
}

function eventOf(value: unknown, node: string): JournalEvent[] {
  const fields = fieldsOf(value);
  const atMs = numberOf(fields?.["atMs"]);
  if (fields === null || atMs === 0) return [];
  const made = MAKERS[textOf(fields["type"])]?.(fields);
  return made === undefined ? [] : [{ ...made, atMs, node } as JournalEvent];
}

type Maker = (fields: Fields) => Omit<JournalEvent, "atMs" | "node">;

function clientOf(value: unknown): SessionClient {
  const fields = fieldsOf(value) ?? {};
  return {
    address: textOf(fields["address"]),
    userAgent: textOf(fields["userAgent"]),
    door: textOf(fields["door"]),
    user: textOf(fields["user"]),
  };
}

function sessionOf(fields: Fields) {
  return {
    mount: textOf(fields["mount"]),
    session: numberOf(fields["session"]),
    position: numberOf(fields["position"]),
    client: clientOf(fields["client"]),
  };
}

const MAKERS: Readonly<Record<string, Maker>> = {
  joined: (fields) => ({
    type: "joined",
    ...sessionOf(fields),
    isContinued: fields["isContinued"] === true,
  }),
  left: (fields) => ({
    type: "left",
    ...sessionOf(fields),
    isMoved: fields["isMoved"] === true,
    joinedMs: numberOf(fields["joinedMs"]),
    sentBytes: numberOf(fields["sentBytes"]),
  }),
  login: (fields) => ({
    type: "login",
    mount: textOf(fields["mount"]),
    address: textOf(fields["address"]),
    userAgent: textOf(fields["userAgent"]),
    user: textOf(fields["user"]),
  }),
  kick: (fields) => ({
    type: "kick",
    mount: textOf(fields["mount"]),
    what: fields["what"] === "source" ? "source" : "listener",
    by: textOf(fields["by"]),
  }),
  reload: (fields) => ({
    type: "reload",
    by: textOf(fields["by"]),
    applied: listOf(fields["applied"], 100).map(textOf),
  }),
  trouble: (fields) => ({
    type: "trouble",
    state: fields["state"] === "resolved" ? "resolved" : "firing",
    event: textOf(fields["event"]),
    subject: textOf(fields["subject"]),
    message: textOf(fields["message"]),
  }),
  end: (fields) => ({
    type: "end",
    mount: textOf(fields["mount"]),
    position: numberOf(fields["position"]),
  }),
};
