// Whose budget a wrong password costs: that of the account that was named, at whichever address.
import { expect, test } from "bun:test";
import { App, AS_ADMIN, AS_SOURCE, basic } from "./app.ts";

const FROM = "192.0.2.1";
const TITLE = "/admin/metadata?mode=updinfo&mount=/stream&song=A";

async function guess(app: App, user: string, path: string): Promise<void> {
  for (let i = 0; i < 20; i++) {
    const headers = { authorization: basic(user, `guess ${i}`) };
    await app.ask(path, { from: FROM, headers });
  }
}

async function statuses(app: App): Promise<number[]> {
  const admin = await app.ask("/admin/stats", { from: FROM, headers: AS_ADMIN });
  const source = await app.ask(TITLE, { from: FROM, headers: AS_SOURCE });
  return [admin.status, source.status];
}

test("guesses of a source's password at an admin command do not lock the admin out", async () => {
  await using app = await App.start();
  await guess(app, "source", "/admin/stats");
  expect(await statuses(app)).toEqual([200, 429]);
});

test("guesses of the admin's password at a source's command do not lock sources out", async () => {
  await using app = await App.start();
  await guess(app, "keeper", TITLE);
  expect(await statuses(app)).toEqual([429, 200]);
});
