// The configuration at the desk: what a reload would change, and the reload.
import { Elysia } from "elysia";
import { exchangeOf } from "../exchange.ts";
import type { Desk } from "./desk.ts";
import { ofConfiguration } from "./desk-docs.ts";
import { pending, refusedReload, reloaded, REFUSALS } from "./desk-schema.ts";
import { guard } from "./guard.ts";
import { reloadedSentence, renderChanges, renderRefusal } from "./reload-render.ts";

export function reloadRoutes({ reloader, gate }: Desk) {
  return new Elysia({ name: "desk-reload" })
    .use(guard(gate, "admin"))
    .get(
      "/api/admin/reload",
      ({ status }) =>
        reloader
          .pending()
          .then(renderChanges, (error: unknown) => status(409, renderRefusal(error))),
      {
        response: { 200: pending, 409: refusedReload, ...REFUSALS },
        ...ofConfiguration({
          summary: "What differs between the configuration file and what runs",
          answer: pending,
        }),
      },
    )
    .post(
      "/api/admin/reload",
      ({ request, status }) =>
        reloader.reload(exchangeOf(request).user).then(
          (diff) => ({ message: reloadedSentence(diff), ...renderChanges(diff) }),
          (error: unknown) => status(409, renderRefusal(error)),
        ),
      {
        response: { 200: reloaded, 409: refusedReload, ...REFUSALS },
        ...ofConfiguration({ summary: "Read the configuration again", answer: reloaded }),
      },
    );
}
