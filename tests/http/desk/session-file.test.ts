// Sessions at the desk over a restart: they go on unless the account has another password, or the file was damaged.
import { expect, test } from "bun:test";
import { adminAccount } from "../../../src/access/account.ts";
import { DiskError } from "../../../src/disk/disk.ts";
import type { StateDisk } from "../../../src/disk/state-file.ts";
import { SessionFile } from "../../../src/http/desk/session-file.ts";
import { IDLE_MS, Sessions } from "../../../src/http/desk/sessions.ts";
import { createLog } from "../../../src/lib/log.ts";
import { Secret } from "../../../src/lib/secret.ts";

/** One file, of which a test sees the text. */
class OneFile implements StateDisk {
  text: string | null = null;
  aside: string | null = null;

  open() {
    const { text } = this;
    if (text === null) return Promise.reject(new DiskError("ENOENT", "there is none"));
    const bytes = Buffer.from(text);
    return Promise.resolve({
      stat: () => Promise.resolve({ isFile: () => true, size: bytes.length, mtimeMs: 0 }),
      read: (into: Uint8Array) => {
        into.set(bytes);
        return Promise.resolve({ bytesRead: bytes.length });
      },
      close: () => Promise.resolve(),
    });
  }

  replace(_: string, bytes: Uint8Array) {
    this.text = Buffer.from(bytes).toString();
    return Promise.resolve();
  }

  rename() {
    [this.aside, this.text] = [this.text, null];
    return Promise.resolve();
  }
}

const withPassword = (password: string) =>
  adminAccount({ user: "anna", password: new Secret(password) });

const ACCOUNT = withPassword("her first password");

/** A run of the station on this disk. */
async function run(disk: StateDisk, account = ACCOUNT) {
  const log = createLog(() => undefined);
  const sessions = new Sessions((user) => (user === account.user ? account : null));
  const file = new SessionFile("/state", disk, log);
  await file.follow(sessions);
  return { sessions, settled: () => file.settled() };
}

async function tokenOfFirstRun(disk: StateDisk): Promise<string> {
  const { sessions, settled } = await run(disk);
  const token = sessions.open(ACCOUNT, 1000);
  await settled();
  return token;
}

test("a session goes on after a restart, until it has been idle for too long", async () => {
  const disk = new OneFile();
  const token = await tokenOfFirstRun(disk);
  const { sessions } = await run(disk);
  expect(sessions.isOpen(token, 1000 + IDLE_MS)).toBe(false);
  expect(sessions.use(token, 1000 + IDLE_MS - 1)?.user).toBe("anna");
  expect(sessions.use("another", 2000)).toBeNull();
});

test("another password ends it, and the old one would bring it back", async () => {
  const disk = new OneFile();
  const token = await tokenOfFirstRun(disk);
  const { sessions } = await run(disk, withPassword("another"));
  expect([sessions.use(token, 2000), sessions.isOpen(token, 2000)]).toEqual([null, false]);
  expect(sessions.isRevoked(token, 2000)).toBe(true);
  expect((await run(disk)).sessions.isRevoked(token, 2000)).toBe(false);
});

test("one that was signed out is in no file, nor is any token or password", async () => {
  const disk = new OneFile();
  const { sessions, settled } = await run(disk);
  const [gone, kept] = [sessions.open(ACCOUNT, 1000), sessions.open(ACCOUNT, 1000)];
  sessions.close(gone);
  await settled();
  const next = (await run(disk)).sessions;
  expect([next.isOpen(gone, 2000), next.isOpen(kept, 2000)]).toEqual([false, true]);
  for (const secret of [gone, kept, ACCOUNT.password.reveal()])
    expect(disk.text).not.toContain(secret);
});

test.each(['{"sessions": [{"user": 1}]}', "no JSON", '{"sessions": {}}'])(
  "a damaged file (%s) is set aside, and everybody signs in again",
  async (text) => {
    const disk = new OneFile();
    disk.text = text;
    const { sessions, settled } = await run(disk);
    expect([sessions.count, disk.aside]).toEqual([0, text]);
    sessions.open(ACCOUNT, 1000);
    await settled();
    expect((await run(disk)).sessions.count).toBe(1);
  },
);
