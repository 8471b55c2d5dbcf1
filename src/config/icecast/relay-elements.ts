// What becomes of <relay> and <master-server>: a relay block in the mount that it feeds, and relay_all.
import { readMountPath } from "../key.ts";
import { readRelayUrl } from "../relay-keys.ts";
import type { Draft, MountDraft } from "./draft.ts";
import type { Element } from "./xml-tree.ts";

/** Icecast's. */
const DEFAULT_PORT = "8000";

function textIn({ children }: Element, name: string): string {
  return children.find((child) => child.name === name)?.text ?? "";
}

function isOn(text: string): boolean {
  return /^(?:1|yes|true|on)$/i.test(text);
}

/** Icecast-KH's <host> and <master> inside of it, Icecast 2.5's <upstream>; or one server in the element itself. */
function serversIn(element: Element): Element[] {
  const nested = element.children.filter(({ name }) => /^(?:host|master|upstream)$/.test(name));
  return nested.length > 0 ? nested : [element];
}

function urlOf(server: Element, relay: Element): string {
  const uri = textIn(server, "uri");
  if (uri !== "") return uri;
  const name = textIn(server, "server") || textIn(server, "ip") || textIn(relay, "server");
  const port = textIn(server, "port") || textIn(relay, "port") || DEFAULT_PORT;
  const mount = textIn(server, "mount") || textIn(relay, "mount") || "/";
  const scheme = isOn(textIn(server, "tls")) ? "https" : "http";
  const host = name.includes(":") ? `[${name}]` : name;
  return name === ""
    ? ""
    : `${scheme}://${host}:${port}${mount.startsWith("/") ? "" : "/"}${mount}`;
}

/** The mount that the relay feeds, which is made if the file has none. */
function mountFor(relay: Element, draft: Draft): MountDraft | null {
  const name = textIn(relay, "local-mount") || textIn(relay, "mount");
  const path = readMountPath(name);
  if (path === null) return null;
  const found = draft.mounts.find((mount) => mount.path === path);
  if (found !== undefined) return found;
  const mount: MountDraft = { path, values: new Map(), relays: [] };
  draft.mounts.push(mount);
  return mount;
}

function addRelay(relay: Element, draft: Draft): void {
  const urls = serversIn(relay).map((server) => urlOf(server, relay));
  const [url = "", ...others] = urls.filter((text) => readRelayUrl(text) !== null);
  if (url === "") return draft.note(relay, "no address that can be relayed");
  const mount = mountFor(relay, draft);
  if (mount === null) return draft.note(relay, "no path that a mount can have");
  const [user, password] = [textIn(relay, "username"), textIn(relay, "password")];
  mount.relays.push({
    url,
    ...(others.length > 0 && { urls: others }),
    ...(user !== "" && { user, password }),
    ...(isOn(textIn(relay, "on-demand")) && { on_demand: true }),
  });
}

/** To be called once all mounts are read. */
export function addRelays(root: Element, draft: Draft): void {
  const groups = root.children.filter(({ name }) => name === "relays");
  const all = [...root.children, ...groups.flatMap(({ children }) => children)];
  for (const element of all) if (element.name === "relay") addRelay(element, draft);
  setMaster(root, draft);
}

function setMaster(root: Element, draft: Draft): void {
  const element = root.children.find(({ name }) => name === "master-server");
  if (element === undefined || element.text === "") return;
  const { values } = draft;
  const port = textIn(root, "master-server-port") || DEFAULT_PORT;
  draft.set(values, "relay_all.url", `http://${element.text}:${port}/`, element);
  const password = textIn(root, "master-password");
  if (password !== "") {
    draft.set(values, "relay_all.user", textIn(root, "master-username") || "relay", element);
    draft.set(values, "relay_all.password", password, element);
  }
  const seconds = Number(textIn(root, "master-update-interval"));
  if (seconds > 0) draft.set(values, "relay_all.interval", seconds, element);
  const isOnDemand = isOn(textIn(root, "relays-on-demand"));
  draft.set(values, "relay_all.on_demand", isOnDemand, element);
}
