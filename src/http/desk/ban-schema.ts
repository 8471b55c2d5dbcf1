// The schemas of the calls about bans.
import { t } from "elysia";

export const ban = t.Object({
  address: t.String({ description: "An IPv4 address, or a range" }),
  since: t.String({ description: "ISO 8601" }),
  until: t.String({ description: "ISO 8601" }),
  seconds_left: t.Integer(),
  by: t.String({ description: "Who banned it" }),
  reason: t.String(),
});

export const bans = t.Object({ bans: t.Array(ban) });

export const banned = t.Object({
  message: t.String({ description: "A sentence that says what was done" }),
  ban,
});

/** The desk's scripts are checked against these types. */
export type BanList = typeof bans.static;
