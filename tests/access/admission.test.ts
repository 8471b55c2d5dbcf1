// Admission: what is decided at once, what comes later, what is charged, and what a client that leaves costs.
import { describe, expect, test } from "bun:test";
import { adminAccount, sourceAccount } from "../../src/access/account.ts";
import { Admission, byPassword } from "../../src/access/admission.ts";
import { LISTENERS, STRANGER } from "../../src/access/attempts.ts";
import { PasswordChecks } from "../../src/access/password-checks.ts";
import type { Decision, Judge, Verdict } from "../../src/access/verdict.ts";
import { listenerVisit, readingsOf, type Visit } from "../../src/access/visit.ts";
import { createLog } from "../../src/lib/log.ts";
import { Secret } from "../../src/lib/secret.ts";

const SOURCE = sourceAccount(new Secret("spell"));
const ADMIN = adminAccount({ user: "admin", password: new Secret("key") });

function source(password: string, address = "192.0.2.1"): Visit {
  return {
    action: "source",
    caller: { address, headers: new Headers() },
    path: "/live",
    readings: readingsOf([{ user: "source", password }], [SOURCE]),
    command: null,
  };
}

function listener(headers: Record<string, string> = {}): Visit {
  return listenerVisit("/live", { address: "192.0.2.1", headers: new Headers(headers) }, "/live");
}

function basic(user: string, password: string) {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

class Gatehouse {
  readonly logged: string[] = [];
  readonly leaving = new AbortController();
  readonly admission: Admission;

  constructor(limits = { limitMs: 60_000, maxPending: 10 }) {
    const log = createLog((_, text) => this.logged.push(text));
    this.admission = new Admission({ nowMs: () => 0 }, log, limits);
  }

  admit(visit: Visit): Verdict | Promise<Verdict> {
    return this.admission.admit(visit, () => this.leaving.signal);
  }

  /** Asked once each time somebody comes; it decides when `decide` is called. */
  askLater() {
    const asked: { visit: Visit; signal: AbortSignal; decide: (decision: Decision) => void }[] = [];
    this.admission.judge = (visit, signal) => {
      const { promise, resolve } = Promise.withResolvers<Decision>();
      asked.push({ visit, signal, decide: resolve });
      return promise;
    };
    return asked;
  }
}

/** Whether the client may try again: 0 attempts are used up. */
function kinds(verdicts: readonly Verdict[]): string[] {
  return verdicts.map(({ kind }) => kind);
}

describe("by passwords, at once,", () => {
  test.each([
    ["the right password", source("spell"), "admitted"],
    ["a wrong password", source("guess"), "wrong"],
    ["no credentials", { ...source(""), readings: [] }, "challenge"],
    ["a listener", listener(), "admitted"],
    ["a listener with whatever credentials", listener(basic("anna", "guess")), "admitted"],
  ])("%s", (_, visit, kind) => {
    expect(new Gatehouse().admit(visit)).toMatchObject({ kind });
  });

  test("the first account that fits admits, and each text counts once against the account it tries", () => {
    const { admission, ...house } = new Gatehouse();
    const offered = [{ user: "admin", password: "key" }];
    const visit = { ...source(""), readings: readingsOf(offered, [SOURCE, ADMIN]) };
    const admit = (one: Visit) => admission.admit(one, () => house.leaving.signal);
    expect(admit(visit)).toMatchObject({ kind: "admitted", reading: { account: ADMIN } });
    const wrong = readingsOf([{ user: "admin", password: "guess" }], [SOURCE, ADMIN]);
    admit({ ...visit, readings: wrong });
    expect(admission.failed).toEqual({ admin: 1, source: 0, listener: 0 });
  });

  test("nobody asks for a signal", () => {
    const { admission } = new Gatehouse();
    const never = (): AbortSignal => {
      throw new Error("nobody has to wait");
    };
    admission.admit(source("spell"), never);
    admission.admit(listener(), never);
  });

  test("the default password from elsewhere is right, and not enough", () => {
    const account = sourceAccount(new Secret("hackme"));
    const readings = readingsOf([{ user: "source", password: "hackme" }], [account]);
    const admit = (address: string) => new Gatehouse().admit({ ...source("", address), readings });
    expect(admit("192.0.2.1")).toMatchObject({ kind: "default_password" });
    expect(admit("127.0.0.1")).toMatchObject({ kind: "admitted" });
  });
});

describe("a judge", () => {
  test("that decides at once is answered at once", () => {
    const house = new Gatehouse();
    house.admission.judge = (visit) => byPassword(visit, new PasswordChecks());
    expect(house.admit(source("spell"))).toMatchObject({ kind: "admitted" });
    house.admission.judge = () => false;
    expect(house.admit(listener())).toEqual({ kind: "wrong", waitSeconds: 0 });
  });

  test.each([
    ["yes", true, "admitted"],
    ["no", false, "wrong"],
  ])("may say %s later, for a source and for a listener", async (_, decision, kind) => {
    const house = new Gatehouse();
    const asked = house.askLater();
    const verdicts = [source("any"), listener()].map((visit) => house.admit(visit));
    expect(verdicts.map((verdict) => verdict instanceof Promise)).toEqual([true, true]);
    expect(house.admission.pending).toBe(2);
    for (const { decide } of asked) decide(decision);
    expect(kinds(await Promise.all(verdicts))).toEqual([kind, kind]);
    expect(house.admission.pending).toBe(0);
  });

  test("sees who wants what where, with the credentials", async () => {
    const house = new Gatehouse();
    const asked = house.askLater();
    void house.admit(listener({ ...basic("anna", "song"), "user-agent": "VLC" }));
    const { visit } = asked[0]!;
    expect(visit).toMatchObject({
      action: "listen",
      path: "/live",
      caller: { address: "192.0.2.1" },
    });
    expect(visit.readings[0]?.credentials).toEqual({ user: "anna", password: "song" });
    expect(visit.caller.headers.get("user-agent")).toBe("VLC");
  });

  test("that does not answer in time is given up: nobody is admitted, and nobody is charged", async () => {
    const house = new Gatehouse({ limitMs: 20, maxPending: 10 });
    const asked = house.askLater();
    expect(await house.admit(source("guess"))).toEqual({ kind: "unavailable" });
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(house.admission.failed.source).toBe(0);
    expect(house.logged).toEqual(["a login could not be checked: no answer in time"]);
    asked[0]?.decide(true);
    expect(house.admission.pending).toBe(0);
  });

  test.each<[string, Judge]>([
    [
      "throws",
      () => {
        throw new Error("no route to host");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no route to host"))],
  ])("that %s admits nobody", async (_, judge) => {
    const house = new Gatehouse();
    house.admission.judge = judge;
    expect(await house.admit(source("spell"))).toEqual({ kind: "unavailable" });
    expect(house.logged).toEqual(["a login could not be checked: no route to host"]);
    expect(house.admission.pending).toBe(0);
  });

  test("is asked about a bounded number of visits at a time", async () => {
    const house = new Gatehouse({ limitMs: 60_000, maxPending: 2 });
    const asked = house.askLater();
    const verdicts = [1, 2, 3].map(() => house.admit(listener()));
    expect(verdicts[2]).toEqual({ kind: "unavailable" });
    for (const { decide } of asked) decide(true);
    expect(kinds(await Promise.all(verdicts.slice(0, 2)))).toEqual(["admitted", "admitted"]);
    expect(house.admit(listener())).toBeInstanceOf(Promise);
  });

  test("that is still thinking bounds how many passwords a client may try meanwhile", async () => {
    const house = new Gatehouse({ limitMs: 60_000, maxPending: 1000 });
    const asked = house.askLater();
    const verdicts = Array.from({ length: 100 }, (_, i) => house.admit(source(`guess ${i}`)));
    expect(asked).toHaveLength(STRANGER.capacity);
    for (const { decide } of asked) decide(false);
    expect(new Set(kinds(await Promise.all(verdicts)))).toEqual(new Set(["wrong"]));
  });

  test.each<[string, Decision]>([
    ["", false],
    [" with a sentence", { kind: "forbid", sentence: "no" }],
  ])(
    "that refuses a listener's passwords%s is asked about so many, and no admin or source pays",
    (_, no) => {
      const house = new Gatehouse();
      let asked = 0;
      house.admission.judge = () => (asked++, no);
      for (let i = 0; i < 2000; i++) void house.admit(listener(basic("anna", `guess ${i}`)));
      expect(asked).toBe(LISTENERS.capacity);
      house.admission.judge = null;
      expect(house.admit(source("spell"))).toMatchObject({ kind: "admitted" });
    },
  );
});

describe("a client that leaves before the decision", () => {
  test("costs nothing and is told nothing, whatever comes", async () => {
    const house = new Gatehouse();
    const asked = house.askLater();
    const verdict = house.admit(source("guess"));
    house.leaving.abort();
    expect(await verdict).toEqual({ kind: "gone" });
    expect(asked[0]?.signal.aborted).toBe(true);
    asked[0]?.decide(false);
    expect(house.admission.failed.source).toBe(0);
    expect([house.admission.pending, house.logged]).toEqual([0, []]);
  });

  test("is gone even if the decision came in the same moment", async () => {
    const house = new Gatehouse();
    const asked = house.askLater();
    const verdict = house.admit(source("spell"));
    asked[0]?.decide(true);
    // The decision has been taken note of, and not yet been passed on.
    await null;
    house.leaving.abort();
    expect(await verdict).toEqual({ kind: "gone" });
  });

  test("frees its attempts: as many as before may be tried", async () => {
    const house = new Gatehouse({ limitMs: 60_000, maxPending: 1000 });
    const asked = house.askLater();
    const verdicts = Array.from({ length: STRANGER.capacity }, () => house.admit(source("spell")));
    expect(await house.admit(source("spell"))).toMatchObject({ kind: "wrong" });
    house.leaving.abort();
    await Promise.all(verdicts);
    house.admission.judge = null;
    expect(house.admit(source("spell"))).toMatchObject({ kind: "admitted" });
    expect(asked).toHaveLength(STRANGER.capacity);
  });
});
