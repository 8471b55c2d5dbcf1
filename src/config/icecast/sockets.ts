// The ports, TLS and log of an icecast.xml, for which several elements count together.
import type { Draft } from "./draft.ts";
import { logFile, numberIn } from "./elements.ts";
import { setBurst } from "./mount-elements.ts";
import { readMountPath } from "../key.ts";
import type { Element } from "./xml-tree.ts";

const DEFAULT_PORT = 8000;

function childOf(element: Element | undefined, ...names: readonly string[]): Element | undefined {
  return element?.children.find(({ name }) => names.includes(name));
}

function isOn(element: Element | undefined): boolean {
  return element !== undefined && !/^(?:0|no|off|false|disabled)?$/i.test(element.text);
}

export function readTogether(root: Element, draft: Draft): void {
  readSockets(root, draft);
  readTls(root, draft);
  readLogs(root, draft);
  readBurst(childOf(root, "limits"), draft);
  readShoutcastMount(root, draft);
}

const isSecure = (socket: Element) => isOn(childOf(socket, "ssl", "tls"));

/** All ports of Icecast are alike, and so are ours for listeners; sources log in at the first. */
function readSockets(root: Element, draft: Draft): void {
  const plain = root.children.filter((child) => child.name === "listen-socket" && !isSecure(child));
  const [first, ...more] = plain.filter((socket) => !isOn(childOf(socket, "shoutcast-compat")));
  const port = childOf(first, "port") ?? childOf(root, "port");
  const sourcePort = port === undefined ? DEFAULT_PORT : numberIn(port);
  if (port !== undefined) draft.set(draft.values, "server.source_port", sourcePort, port);
  const address = childOf(first, "bind-address") ?? childOf(root, "bind-address");
  if (address !== undefined) draft.set(draft.values, "server.host", address.text, address);
  const [second, ...others] = more.flatMap((socket) => childOf(socket, "port") ?? []);
  if (second !== undefined) draft.set(draft.values, "server.listen_port", numberIn(second), second);
  else if (sourcePort < 0xffff) draft.values.set("server.listen_port", sourcePort + 1);
  for (const other of others) draft.note(other, "two ports are all there are, and one for TLS");
  for (const socket of plain) noteMount(childOf(socket, "shoutcast-mount"), draft);
}

function noteMount(mount: Element | undefined, draft: Draft): void {
  if (mount !== undefined) {
    draft.note(
      mount,
      "SHOUTcast encoders are heard on the first mount, or name one with the password",
    );
  }
}

/** Icecast's file has both the certificate and its key. */
function readTls(root: Element, draft: Draft): void {
  const socket = root.children.find((child) => child.name === "listen-socket" && isSecure(child));
  const file = childOf(childOf(root, "paths"), "ssl-certificate", "tls-certificate");
  if (file === undefined) {
    if (socket !== undefined) draft.note(socket, "there is no certificate for TLS");
    return;
  }
  draft.set(draft.values, "tls.certificate", file.text, file);
  draft.set(draft.values, "tls.key", file.text, file);
  const port = childOf(socket, "port");
  if (port !== undefined) draft.set(draft.values, "tls.listen_port", numberIn(port), port);
}

function readLogs(root: Element, draft: Draft): void {
  readLog("accesslog", "advanced.access_log", root, draft);
  readLog("errorlog", "log.file", root, draft);
}

function readLog(element: string, key: string, root: Element, draft: Draft): void {
  const file = childOf(childOf(root, "logging"), element);
  if (file === undefined) return;
  const name = (childOf(file, "name") ?? file).text;
  const folder = childOf(childOf(root, "paths"), "logdir")?.text ?? "";
  draft.set(draft.values, key, logFile(folder, name), file);
}

function readBurst(limits: Element | undefined, draft: Draft): void {
  if (limits === undefined) return;
  const burst = childOf(limits, "burst-on-connect");
  if (burst !== undefined && !isOn(burst)) draft.values.set("buffer.burst_seconds", 0);
  else setBurst(limits, null, draft.values, draft);
}

/** The mount of a station that lists none. */
function readShoutcastMount(root: Element, draft: Draft): void {
  const element = childOf(root, "shoutcast-mount");
  if (element === undefined) return;
  const path = readMountPath(element.text);
  if (path !== null && draft.mounts.length === 0)
    draft.mounts.push({ path, values: new Map(), relays: [] });
  else noteMount(element, draft);
}
