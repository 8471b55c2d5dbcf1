// The packaged executable with a certificate: page and desk by HTTPS, to which a browser comes by itself.
import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { launch } from "../dist/executable.ts";
import { makeCertificate } from "../support/certificates.ts";
import { PASSWORD } from "../support/config.ts";
import { freePort } from "../support/ports.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, until } from "../support/station.ts";
import { browser, closeBrowser, executablePath, listen, signIn, visit } from "./browser.ts";
import { ADMIN, MUSIC } from "./radio.ts";

afterAll(closeBrowser);

/** The certificate is its own authority. */
const TRUST = { ignoreHTTPSErrors: true };

test.skipIf(executablePath === null || requireProgram("openssl") === null)(
  "page and desk work by HTTPS, to which a browser that opens them by HTTP is sent",
  async () => {
    await browser();
    await using folder = await scratch();
    const { certificate, key } = await makeCertificate(folder.path, "station");
    const port = freePort();
    await Bun.write(
      join(folder.path, "config.hcl"),
      `server {
        host = "127.0.0.1"
        source_port = 0
        listen_port = 0
        source_password = "${PASSWORD}"
        admin_user = "${ADMIN.user}"
        admin_password = "${ADMIN.password}"
      }
      tls {
        certificate = "${certificate}"
        key = "${key}"
        listen_port = ${port}
        redirect = true
      }
      playlist {
        directory = "${MUSIC}"
        loudness = "off"
      }`,
    );
    await using station = await launch([], { cwd: folder.path });
    const url = `https://127.0.0.1:${port}`;
    expect(station.banner).toContain(`HTTPS: ${url}/`);
    await using page = await visit(url, "/", TRUST);
    await listen(page.page);
    expect(await page.page.evaluate("isSecureContext")).toBe(true);
    expect(await page.page.evaluate("document.querySelector('audio').currentSrc")).toStartWith(
      `blob:${url}/`,
    );
    expect(page.complaints).toEqual([]);
    await using desk = await visit(station.url, "/admin", TRUST);
    expect(desk.page.url()).toBe(`${url}/admin`);
    await signIn(desk.page);
    await until("it is signed in", () => desk.page.getByText("Sign out").isVisible());
    const [cookie] = await desk.page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, secure: true });
  },
  120_000,
);
