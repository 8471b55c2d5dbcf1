// No page, nor any XML, is shown inside of a page of another site, except the player that is made for it.
import { expect, test } from "bun:test";
import { AS_ADMIN, App } from "./app.ts";

test.each([
  "/",
  "/swagger",
  "/status.xsl",
  "/7.html?sid=1",
  "/stats?sid=1",
  "/admin",
  "/admin/stats",
  "/admin/stats.xsl",
  "/admin/updatemetadata?mount=/stream",
  "/admin/nonsense",
  "/admin.cgi?mode=viewxml",
])("%s is framed by no other site", async (path) => {
  await using app = await App.start();
  const { headers } = await app.ask(path, { headers: AS_ADMIN });
  expect(headers.get("content-security-policy")).toMatch(/frame-ancestors '(none|self)'/);
});

test("the player to embed may be framed by any", async () => {
  await using app = await App.start();
  for (const path of ["/embed", "/embed/stream", "/embed/now"]) {
    const { headers } = await app.ask(path);
    // `frame-ancestors *` means the schemes of the network only: it would keep out file: and apps.
    expect(headers.get("content-security-policy")).not.toContain("frame-ancestors");
    expect(headers.get("x-frame-options")).toBeNull();
  }
});

test("answers for programs have no policy of a page", async () => {
  await using app = await App.start();
  for (const path of ["/status-json.xsl", "/api/status"]) {
    expect((await app.ask(path)).headers.get("content-security-policy")).toBeNull();
  }
});
