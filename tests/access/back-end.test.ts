// A URL back end that is slow, dead or flooded: nobody waits for long, and it is told once.
import { describe, expect, test } from "bun:test";
import { BackEnd, type BackEndSettings, type Post } from "../../src/access/back-end.ts";
import { createLog } from "../../src/lib/log.ts";

const SETTINGS: BackEndSettings = {
  url: "http://asker:s%20cret@back.example/auth",
  timeout: 6,
  onError: "refuse",
};

const ADMITS = { status: 200, headers: new Headers({ "icecast-auth-user": "1" }) };
const NEVER = new AbortController().signal;

function open(post: Post, settings: Partial<BackEndSettings> = {}) {
  const lines: string[] = [];
  const clock = { now: 1e6, nowMs: () => clock.now };
  const log = createLog((level, text) => void lines.push(`${level} ${text}`));
  const all = { ...SETTINGS, ...settings };
  return { lines, clock, backEnd: new BackEnd(all, "/live", "", clock, log, post) };
}

describe("a back end", () => {
  test("is asked with the credentials of its address, which it gets as Basic", async () => {
    const asked: unknown[] = [];
    const { backEnd } = open(async (...question) => {
      asked.push(question.slice(0, 3));
      return ADMITS;
    });
    expect(await backEnd.ask("a=1", NEVER)).toMatchObject({ kind: "admit" });
    const authorization = `Basic ${btoa("asker:s cret")}`;
    expect(asked).toEqual([["http://back.example/auth", "a=1", { authorization }]]);
  });

  test("is left alone for 30 s after it failed, and told about once", async () => {
    let asked = 0;
    let isDead = true;
    const { backEnd, clock, lines } = open(async () => {
      asked++;
      if (isDead) throw new Error("connection refused");
      return ADMITS;
    });
    expect(await backEnd.ask("a=1", NEVER)).toBeNull();
    expect(await backEnd.ask("a=2", NEVER)).toBeNull();
    backEnd.notify("a=3");
    expect(asked).toBe(1);
    clock.now += 30_000;
    expect(await backEnd.ask("a=4", NEVER)).toBeNull();
    isDead = false;
    clock.now += 30_000;
    expect(await backEnd.ask("a=5", NEVER)).toMatchObject({ kind: "admit" });
    expect(lines).toEqual([
      "warn /live: the back end fails (connection refused); everybody is refused",
      "info /live: the back end answers again",
    ]);
  });

  test("that answers 500 has failed; everybody is admitted where that is wanted", async () => {
    const { backEnd, lines } = open(async () => ({ status: 500, headers: ADMITS.headers }), {
      onError: "admit",
    });
    expect(await backEnd.ask("a=1", NEVER)).toEqual({
      kind: "admit",
      timeLimit: 0,
      user: "",
      mount: "",
    });
    expect(lines.join()).toContain("it answers 500); everybody is admitted");
  });

  test("gets 32 questions at a time, the next when one is answered", async () => {
    const answers: (() => void)[] = [];
    const { backEnd } = open(
      () => new Promise((resolve) => void answers.push(() => resolve(ADMITS))),
    );
    const all = Array.from({ length: 40 }, (_, i) => backEnd.ask(`a=${i}`, NEVER));
    await Bun.sleep(0);
    expect([answers.length, backEnd.waiting]).toEqual([32, 8]);
    for (let i = 0; i < 40; i++) {
      answers[i]?.();
      await Bun.sleep(0);
    }
    expect((await Promise.all(all)).every((reply) => reply?.kind === "admit")).toBe(true);
    expect(backEnd.waiting).toBe(0);
  });

  test.each([{}, { code: "Malformed_HTTP_Response" }])(
    "whose failure %j quotes its address keeps it secret",
    async (more) => {
      const { backEnd, lines } = open(async () => {
        throw Object.assign(
          new Error('fetching "https://back.example/s3cret?key=s3cret". Why?'),
          more,
        );
      });
      expect(await backEnd.ask("a=1", NEVER)).toBeNull();
      expect(lines.join("\n")).toContain("/live: the back end fails");
      expect(lines.join("\n")).not.toContain("s3cret");
    },
  );

  test("that more ask than can wait refuses those, is not silenced, and admits nobody by it", async () => {
    const answers: (() => void)[] = [];
    const post: Post = () => new Promise((resolve) => void answers.push(() => resolve(ADMITS)));
    const { backEnd, lines } = open(post, { onError: "admit" });
    const first = Array.from({ length: 2032 }, (_, i) => backEnd.ask(`a=${i}`, NEVER));
    expect(await backEnd.ask("a=late", NEVER)).toBeNull();
    expect(lines.join()).not.toContain("fails");
    for (let i = 0; i < first.length; i++) {
      answers[i]?.();
      await first[i];
    }
    const later = backEnd.ask("a=again", NEVER);
    await Bun.sleep(0);
    expect(answers.length).toBe(2033);
    answers[2032]?.();
    expect((await later)?.kind).toBe("admit");
  });

  test("that is slow is cut off by its time limit, over a real connection", async () => {
    await using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () => Bun.sleep(20_000).then(() => new Response()),
    });
    const url = `http://127.0.0.1:${server.port}/`;
    const lines: string[] = [];
    const log = createLog((level, text) => void lines.push(`${level} ${text}`));
    const settings = { ...SETTINGS, url, timeout: 0.05 };
    const backEnd = new BackEnd(settings, "/live", "", { nowMs: () => 0 }, log);
    expect(await backEnd.ask("a=1", NEVER)).toBeNull();
    expect(lines).toEqual([
      "warn /live: the back end fails (no answer in time); everybody is refused",
    ]);
    server.stop(true);
  });

  test("whose asker has left keeps its place for nobody, and has not failed", async () => {
    const left = new AbortController();
    const { backEnd, lines } = open(
      (_url, _form, _headers, signal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    );
    const asked = backEnd.ask("a=1", left.signal);
    await Bun.sleep(0);
    left.abort();
    expect(await asked).toBeNull();
    expect(lines).toEqual([]);
  });
});
