// /api/admin/bans: addresses that may use nothing of the station for a while.
import { Elysia, t } from "elysia";
import { endOf } from "../../access/ban-rule.ts";
import { type Ban, banRange, MAX_BANS } from "../../access/ban.ts";
import { AddressRanges } from "../../lib/address-ranges.ts";
import { type Exchange, exchangeOf } from "../exchange.ts";
import { banned, bans } from "./ban-schema.ts";
import type { Desk } from "./desk.ts";
import { command, question } from "./desk-docs.ts";
import { done, failure, REFUSALS } from "./desk-schema.ts";
import { guard } from "./guard.ts";

const DAY_SECONDS = 24 * 3600;
const MAX_SECONDS = 366 * DAY_SECONDS;

const NO_ADDRESS = "That is neither an address nor a range like 192.0.2.0/24.";
const OWN_ADDRESS = "You would ban yourself: your own address is among those.";
const TOO_MANY = `There are ${MAX_BANS} bans already: end one first.`;
const NOT_BANNED = { error: "That address is not banned." };

const address = t.String({
  maxLength: 64,
  description: "An address, or a range like 192.0.2.0/24",
});

const order = t.Object({
  address,
  seconds: t.Optional(
    t.Integer({
      minimum: 1,
      maximum: MAX_SECONDS,
      description: "How long the ban lasts; a day if omitted",
    }),
  ),
  reason: t.Optional(t.String({ maxLength: 200, description: "For the operators" })),
});

const BAN = command({
  summary: "Ban an address",
  description:
    "Ends its connections on all ports. Of an IPv6 address the whole /64 is banned. Bans outlast a restart.",
  answer: banned,
});

const response = { 404: failure, 409: failure, ...REFUSALS };

/** The ban that was ordered; else what is wrong with it. */
function banOf(
  { address: text, seconds = DAY_SECONDS, reason = "" }: typeof order.static,
  { address: own, user: by }: Pick<Exchange, "address" | "user">,
  sinceMs: number,
): Ban | { readonly status: 409 | 422; readonly error: string } {
  const range = banRange(text);
  if (range === null) return { status: 422, error: NO_ADDRESS };
  if (new AddressRanges([range]).has(own)) return { status: 409, error: OWN_ADDRESS };
  return { address: range, sinceMs, untilMs: sinceMs + seconds * 1000, by, reason };
}

function render({ address: range, sinceMs, untilMs, by, reason }: Ban, nowMs: number) {
  return {
    address: range,
    since: new Date(sinceMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    seconds_left: Math.max(0, Math.ceil((untilMs - nowMs) / 1000)),
    by,
    reason,
  };
}

export function banRoutes({ station, gate }: Desk) {
  const nowMs = () => station.wall.nowMs();
  return new Elysia({ name: "desk-bans" })
    .use(guard(gate))
    .get(
      "/api/admin/bans",
      () => ({ bans: station.bans.list().map((one) => render(one, nowMs())) }),
      {
        response: { 200: bans, ...REFUSALS },
        ...question({ summary: "Banned addresses, the newest first", answer: bans }),
      },
    )
    .post(
      "/api/admin/bans",
      ({ body, request, status }) => {
        const made = banOf(body, exchangeOf(request), nowMs());
        if ("error" in made) return status(made.status, { error: made.error });
        if (!station.ban(made)) return status(409, { error: TOO_MANY });
        const message = `${made.address} is banned until ${endOf(made)}.`;
        return { message, ban: render(made, nowMs()) };
      },
      { body: order, response: { 200: banned, ...response }, ...BAN },
    )
    .delete(
      "/api/admin/bans",
      ({ query, request, status }) => {
        const range = banRange(query.address ?? "");
        if (range === null || !station.bans.remove(range)) return status(404, NOT_BANNED);
        station.log.info(`${exchangeOf(request).user} ended the ban of ${range}`);
        return { message: `${range} is not banned any more.` };
      },
      {
        query: t.Object({ address: t.Optional(address) }),
        response: { 200: done, ...response },
        ...command({ summary: "End a ban before its time", answer: done }),
      },
    );
}
