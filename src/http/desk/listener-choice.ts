// Pure: finds and sorts listeners by what the desk shows of them.
import type { ListenerFacts } from "../../facts/facts.ts";
import { agentOf } from "../../history/agents.ts";

export const SORTS = ["address", "player", "time", "mount", "country"] as const;
export type Sort = (typeof SORTS)[number];

export interface ListenerChoice {
  /** Words that an address, a player, a mount or a country must have; "" for all listeners. */
  readonly search: string;
  /** null: in no particular order. */
  readonly sort: Sort | null;
  readonly isDescending: boolean;
}

export type CountryOf = (address: string) => string;

/** Strangers choose their names: a few thousand are kept. */
const MAX_PLAYERS = 4000;
const players = new Map<string, string>();

/** The family of a player; its patterns are not tried again for a name that is known. */
export function playerOf(userAgent: string): string {
  const known = players.get(userAgent);
  if (known !== undefined) return known;
  const { family } = agentOf(userAgent);
  if (players.size >= MAX_PLAYERS) players.clear();
  players.set(userAgent, family);
  return family;
}

/** The chosen ones of these, in order. */
export function choose(
  all: readonly ListenerFacts[],
  { search, sort, isDescending }: ListenerChoice,
  countryOf: CountryOf,
): readonly ListenerFacts[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found =
    words.length === 0 ? all : all.filter((one) => hasAll(textOf(one, countryOf), words));
  return sort === null ? found : sorted(found, keyOf(sort, countryOf), isDescending);
}

function hasAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

function textOf(listener: ListenerFacts, countryOf: CountryOf): string {
  const { address, userAgent, mount } = listener;
  const parts = [address, playerOf(userAgent), userAgent, mount, countryOf(address)];
  return parts.join("\n").toLowerCase();
}

type Key = (listener: ListenerFacts) => string | number;

function keyOf(sort: Sort, countryOf: CountryOf): Key {
  if (sort === "time") return ({ connectedSeconds }) => connectedSeconds;
  if (sort === "mount") return ({ mount }) => mount;
  if (sort === "address") return ({ address }) => addressKey(address);
  if (sort === "country") return ({ address }) => countryOf(address);
  return ({ userAgent }) => `${playerOf(userAgent).toLowerCase()}\n${userAgent}`;
}

/** 9.0.0.1 before 10.0.0.1, and IPv4 before IPv6. */
function addressKey(address: string): string {
  if (address.includes(":")) return `:${address}`;
  return address.replaceAll(/\d+/g, (part) => part.padStart(3, "0"));
}

/** Equal ones by number, so that a page does not change by itself. Each key is made once. */
function sorted(all: readonly ListenerFacts[], key: Key, isDescending: boolean) {
  const sign = isDescending ? -1 : 1;
  const keyed = all.map((one) => ({ one, key: key(one), number: one.number }));
  keyed.sort((a, b) => {
    if (a.key === b.key) return a.number - b.number;
    return a.key < b.key ? -sign : sign;
  });
  return keyed.map(({ one }) => one);
}
