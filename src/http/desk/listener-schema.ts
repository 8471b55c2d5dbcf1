// The schema of the desk's list of listeners.
import { t } from "elysia";

export const listeners = t.Object({
  mount: t.String({ description: "* for all mounts" }),
  page: t.Integer({ description: "From 1; a page beyond the last is the last" }),
  pages: t.Integer(),
  per_page: t.Integer(),
  total: t.Integer({ description: "Listeners, or those found" }),
  unique: t.Integer({ description: "Different addresses among them" }),
  looked_at: t.Integer({
    description: "Listeners searched or sorted; not all of them when there are very many",
  }),
  has_countries: t.Boolean({ description: "history.geoip is set" }),
  listeners: t.Array(
    t.Object(
      {
        id: t.Integer({ description: "For kick-listener; never reused" }),
        mount: t.String(),
        address: t.String(),
        country: t.String({ description: "ISO 3166 code, or empty" }),
        player: t.String({ description: "Its family, such as VLC" }),
        user_agent: t.String(),
        connected_seconds: t.Integer(),
        sent_bytes: t.Integer(),
        lag_seconds: t.Number({ description: "Audio not yet sent to it" }),
        active: t.Boolean({ description: "It is reading what it is sent" }),
        forwarded: t.Boolean({ description: "A proxy forwarded the request" }),
        door: t.String({ description: "source, listen, tls or hls" }),
      },
      { title: "DeskListener" },
    ),
  ),
});

/** The desk's scripts are checked against these types. */
export type ListenerPage = typeof listeners.static;
