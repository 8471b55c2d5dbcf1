// GET /api/admin/listeners: a page of listeners, found and sorted if asked to.
import { Elysia, t } from "elysia";
import type { ListenerFacts, StationFacts } from "../../facts/facts.ts";
import { CountryCache } from "../../history/country-cache.ts";
import { fieldsOf, numberOf, textOf } from "../../cluster/parsing.ts";
import { choice } from "../choice.ts";
import { mountNamed } from "../mount-choice.ts";
import { NO_MOUNT } from "./desk-api.ts";
import type { Desk } from "./desk.ts";
import { questionOfMount } from "./desk-docs.ts";
import { failure, REFUSALS } from "./desk-schema.ts";
import { listeners } from "./listener-schema.ts";
import { NO_SERVER, otherNode } from "./other-servers.ts";
import { round } from "./desk-render.ts";
import { guard } from "./guard.ts";
import { choose, type CountryOf, type ListenerChoice, playerOf, SORTS } from "./listener-choice.ts";

const MAX_PER_PAGE = 200;

/** All mounts: no path is like this. */
const ALL = "*";

/** Searched and sorted at a time, which takes about 20 ms; the first ones of more. */
export const MAX_LOOKED_AT = 20_000;

const QUERY = t.Object({
  mount: t.Optional(
    t.String({ maxLength: 1000, description: "The first mount if omitted; * for all" }),
  ),
  node: t.Optional(
    t.String({ maxLength: 64, description: "Another server of the cluster; this one if omitted" }),
  ),
  page: t.Optional(t.Integer({ minimum: 1, maximum: 1_000_000 })),
  per_page: t.Optional(t.Integer({ minimum: 1, maximum: MAX_PER_PAGE })),
  search: t.Optional(
    t.String({
      maxLength: 200,
      description: "Words that the address, player, mount or country must have",
    }),
  ),
  sort: t.Optional(choice(SORTS, { description: "In no particular order if omitted" })),
  order: t.Optional(choice(["asc", "desc"], { description: "asc if omitted" })),
});

const DESCRIPTION =
  "In no particular order unless sorted: who comes or goes between two pages moves others to another one. " +
  `Searching and sorting look at no more than ${MAX_LOOKED_AT} listeners.`;

type Query = typeof QUERY.static;

/** Those of one mount, or of all. */
interface Scope {
  readonly mount: string;
  readonly total: number;
  readonly unique: number;
  some(from: number, limit: number): ListenerFacts[];
}

function scopeOf(facts: StationFacts, mount: string): Scope | null {
  const found = facts.mount(mount);
  if (found === undefined) return null;
  const { listenersHere: total, unique } = found;
  return { mount, total, unique, some: (from, limit) => found.some(from, limit) };
}

function everybody(facts: StationFacts): Scope {
  const some = (from: number, limit: number) => facts.listeners(from, limit);
  const total = facts.mounts.reduce((sum, one) => sum + one.listenersHere, 0);
  return { mount: ALL, total, unique: addressesOf(some(0, MAX_LOOKED_AT)), some };
}

function addressesOf(all: readonly ListenerFacts[]): number {
  return new Set(all.map(({ address }) => address)).size;
}

function choiceOf({ search = "", sort, order }: Query): ListenerChoice {
  return { search: search.trim(), sort: sort ?? null, isDescending: order === "desc" };
}

interface Found {
  readonly total: number;
  readonly unique: number;
  readonly looked_at: number;
  some(from: number, limit: number): readonly ListenerFacts[];
}

/** Unless something is to be found or sorted, a page costs no more with more listeners. */
async function find(scope: Scope, asked: ListenerChoice, countries: CountryCache): Promise<Found> {
  if (asked.search === "" && asked.sort === null) return { ...scope, looked_at: scope.total };
  const all = scope.some(0, MAX_LOOKED_AT);
  const needsCountries = asked.search !== "" || asked.sort === "country";
  if (needsCountries) await countries.learn(all.map(({ address }) => address));
  const found = choose(all, asked, (address) => countries.of(address));
  const some = (from: number, limit: number) => found.slice(from, from + limit);
  return { total: found.length, unique: addressesOf(found), looked_at: all.length, some };
}

function renderListener(listener: ListenerFacts, countryOf: CountryOf) {
  return {
    id: listener.number,
    mount: listener.mount,
    address: listener.address,
    country: countryOf(listener.address),
    player: playerOf(listener.userAgent),
    user_agent: listener.userAgent,
    connected_seconds: Math.max(0, Math.floor(listener.connectedSeconds)),
    sent_bytes: listener.sentBytes,
    lag_seconds: round(listener.lagSeconds),
    active: listener.isActive,
    forwarded: listener.isForwarded,
    door: listener.door,
  };
}

/** A page beyond the last is the last. */
async function render(scope: Scope, query: Query, countries: CountryCache) {
  const { page: wanted = 1, per_page = 50 } = query;
  const { some, ...found } = await find(scope, choiceOf(query), countries);
  const pages = Math.max(1, Math.ceil(found.total / per_page));
  const page = Math.min(wanted, pages);
  const shown = some((page - 1) * per_page, per_page);
  await countries.learn(shown.map(({ address }) => address));
  const rows = shown.map((one) => renderListener(one, (address) => countries.of(address)));
  const { total, unique, looked_at } = found;
  const about = { mount: scope.mount, page, pages, per_page, total, unique, looked_at };
  return { ...about, has_countries: countries.isOn, listeners: rows };
}

type Page = Awaited<ReturnType<typeof render>>;

/** What the desk of another server asks; it may be of another version. */
function queryOf(body: unknown): Query {
  const fields = fieldsOf(body) ?? {};
  const number = (name: string, most: number) => {
    const value = Math.round(numberOf(fields[name]));
    return value === 0 ? {} : { [name]: Math.min(value, most) };
  };
  const sort = SORTS.find((one) => one === fields["sort"]);
  return {
    ...(textOf(fields["mount"]) === "" ? {} : { mount: textOf(fields["mount"]) }),
    ...number("page", 1_000_000),
    ...number("per_page", MAX_PER_PAGE),
    ...(sort === undefined ? {} : { sort }),
    search: textOf(fields["search"]),
    order: fields["order"] === "desc" ? "desc" : "asc",
  };
}

export function listenerRoutes({ station, gate }: Desk) {
  const countries = new CountryCache(station.records.history, () => station.config.history.geoip);
  const scopeNamed = (name: string | undefined) => {
    const facts = station.facts();
    if (name === ALL) return everybody(facts);
    const parts = name === undefined ? station.first : mountNamed(name, station);
    return parts === undefined ? null : scopeOf(facts, parts.mount.path);
  };
  station.cluster.serve("listeners", async (body) => {
    const query = queryOf(body);
    const scope = scopeNamed(query.mount);
    return scope === null ? null : render(scope, query, countries);
  });
  return new Elysia({ name: "desk-listeners" }).use(guard(gate)).get(
    "/api/admin/listeners",
    async ({ query, status }) => {
      const other = otherNode(station, query.node);
      if (other !== null) {
        // Checked like an answer of our own.
        const page = (await station.cluster.order(other, "listeners", query)) as Page | null;
        return page ?? status(404, NO_SERVER);
      }
      const scope = scopeNamed(query.mount);
      return scope === null ? status(404, NO_MOUNT) : await render(scope, query, countries);
    },
    {
      query: QUERY,
      response: { 200: listeners, 404: failure, ...REFUSALS },
      ...questionOfMount({
        summary: "One page of a mount's listeners, or of all mounts'",
        answer: listeners,
        description: DESCRIPTION,
      }),
    },
  );
}
