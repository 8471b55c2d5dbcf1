// The configuration at the desk: what a reload would change, and the reload.
import { Elysia } from "elysia";
import type { ConfigDiff } from "../../config/diff.ts";
import { ConfigError } from "../../config/problem.ts";
import { problemsOf } from "../../reload.ts";
import type { Desk } from "./desk.ts";
import { ofConfiguration } from "./desk-docs.ts";
import { pending, refusedReload, reloaded, REFUSALS } from "./desk-schema.ts";
import { guard } from "./guard.ts";

const MISTAKE = "The configuration has mistakes; nothing was changed.";

export function reloadRoutes({ reloader, gate }: Desk) {
  return new Elysia({ name: "desk-reload" })
    .use(guard(gate))
    .get(
      "/api/admin/reload",
      ({ status }) =>
        reloader.pending().then(changesOf, (error: unknown) => status(409, refusal(error))),
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
      ({ status }) =>
        reloader.reload("admin").then(
          (diff) => ({ message: sentence(diff), ...changesOf(diff) }),
          (error: unknown) => status(409, refusal(error)),
        ),
      {
        response: { 200: reloaded, 409: refusedReload, ...REFUSALS },
        ...ofConfiguration({ summary: "Read the configuration again", answer: reloaded }),
      },
    );
}

function changesOf({ applied, atRestart }: ConfigDiff) {
  return { applied: [...applied], at_restart: [...atRestart] };
}

function sentence({ applied, atRestart }: ConfigDiff): string {
  if (applied.length === 0 && atRestart.length === 0) return "Nothing has changed.";
  const count = (keys: readonly string[], what: string) =>
    `${keys.length} ${keys.length === 1 ? "setting" : "settings"} ${what}`;
  const later = atRestart.length === 0 ? "" : `, ${count(atRestart, "at the next start")}`;
  return `${count(applied, "applied")}${later}.`;
}

function refusal(error: unknown) {
  if (!(error instanceof ConfigError)) return { error: problemsOf(error), problems: [] };
  const problems = error.problems.map(({ file, line, column, message, expected }) => {
    return { file, line, column, message, expected };
  });
  return { error: MISTAKE, problems };
}
