// The names of players in the history: as many as there are, up to a bound, since strangers choose them.
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { AgentRows } from "../../src/history/agent-rows.ts";
import { migrate } from "../../src/history/tables.ts";

const MAX_ROWS = 10;

function namesIn(database: Database): string[] {
  const query = database.query<{ name: string }, []>("SELECT name FROM agent ORDER BY id");
  return query.all().map(({ name }) => name);
}

test("beyond the bound a player goes by its family, and by its name again once there is room", () => {
  using database = new Database(":memory:");
  migrate(database);
  const rows = new AgentRows(() => database, MAX_ROWS);
  const first = rows.of("VLC/3.0");
  const session = `INSERT INTO session VALUES (NULL, 1, 1, 1, 0, NULL, 0, NULL, 0, 1, ${first.id}, '', '', '', 0, '')`;
  database.run(session);
  for (let at = 0; at < 1000; at++) rows.of(`Random/${at}`);
  expect(rows.of("mpv 0.40")).toMatchObject({ family: "mpv", kind: "listener" });
  expect(rows.of("curl/8.0")).toMatchObject({ family: "Script", kind: "bot" });
  expect(namesIn(database)).toHaveLength(MAX_ROWS + 3);
  expect(namesIn(database).slice(-3)).toEqual(["(Other)", "(mpv)", "(Script)"]);

  rows.trim();
  expect(namesIn(database)).toEqual(["VLC/3.0"]);
  expect(rows.of("mpv 0.40").id).not.toBe(first.id);
  expect(rows.of("VLC/3.0")).toEqual(first);
  expect(namesIn(database)).toEqual(["VLC/3.0", "mpv 0.40"]);
});
