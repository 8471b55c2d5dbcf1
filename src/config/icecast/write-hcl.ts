// A draft as the text of a configuration file.
import { Secret } from "../../lib/secret.ts";
import { schema } from "../schema.ts";
import { type Draft, keyAt, type MountDraft, type Values } from "./draft.ts";

/** A value in HCL. Control characters are not accepted by any key. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value).replace(/([$%])\{/g, "$1$1{");
}

function defaultOf(name: string): unknown {
  const value = keyAt(name).default;
  return value instanceof Secret ? value.reveal() : value;
}

/** What a mount has: its own value, else that of all mounts, else the station's. */
function effective(mount: MountDraft | undefined, { defaults, values }: Draft): Values {
  return new Map([...values, ...defaults, ...(mount?.values ?? [])]);
}

/** The values that a mount would otherwise inherit from the top. */
function differing(own: Values, top: Values): Values {
  const names = new Set([...own.keys(), ...top.keys()]);
  const isOfMount = (name: string) => keyAt(name).scope === "mount";
  const valueIn = (values: Values, name: string) => values.get(name) ?? defaultOf(name);
  const inherited = (name: string) => (keyAt(name).isOwn ? defaultOf(name) : valueIn(top, name));
  return new Map(
    [...names]
      .filter((name) => isOfMount(name) && valueIn(own, name) !== inherited(name))
      .map((name) => [name, valueIn(own, name)]),
  );
}

function block(name: string, keys: readonly string[], indent = ""): string {
  if (keys.length === 0) return "";
  return `${indent}${name} {\n${keys.map((key) => `${indent}  ${key}\n`).join("")}${indent}}\n`;
}

/** The keys of one block that have a value, in the order of the schema. */
function keysOf(name: string, values: Values): string[] {
  return Object.keys(schema.keysOf(name))
    .filter((key) => values.has(`${name}.${key}`))
    .map((key) => `${key} = ${literal(values.get(`${name}.${key}`))}`);
}

/** Numbered: labels are ours. */
function relayBlocks({ relays }: MountDraft, indent: string): string[] {
  return relays.map((keys, at) => {
    const lines = Object.entries(keys).map(([key, value]) => `${key} = ${literal(value)}`);
    return block(`relay "${at === 0 ? "main" : `relay ${at + 1}`}"`, lines, indent);
  });
}

function mountBlock(mount: MountDraft, values: Values): string {
  const { path } = mount;
  const { blockNames, mountBlocks } = schema;
  const direct = blockNames.filter((name) => !mountBlocks.includes(name));
  const lines = direct.flatMap((name) => keysOf(name, values)).map((line) => `  ${line}\n`);
  const blocks = mountBlocks.map((name) => block(name, keysOf(name, values), "  "));
  const relays = relayBlocks(mount, "  ");
  return `mount ${literal(path)} {\n${[...lines, ...blocks, ...relays].join("")}}\n`;
}

/** `comment`: without line breaks. */
export function writeHcl(draft: Draft, comment: string): string {
  const [first, ...others] = draft.mounts;
  const top = effective(first, draft);
  if (first !== undefined) top.set("server.mount_point", first.path);
  const blocks = schema.blockNames.map((name) => block(name, keysOf(name, top)));
  const relays = first === undefined ? [] : relayBlocks(first, "");
  const mounts = others.map((mount) => mountBlock(mount, differing(effective(mount, draft), top)));
  return `${[`# ${comment}\n`, ...blocks, ...relays, ...mounts].filter(Boolean).join("\n")}`;
}
