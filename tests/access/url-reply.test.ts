// What a URL back end replies, in the words of the servers that stations come from.
import { describe, expect, test } from "bun:test";
import { readReply } from "../../src/access/url-reply.ts";

const reply = (headers: Record<string, string>, status = 200) =>
  readReply({ status, headers: new Headers(headers) });

const ADMITTED = { kind: "admit", timeLimit: 0, user: "", mount: "" } as const;

describe("a back end admits", () => {
  test("with Icecast's header, whatever the status", () => {
    expect(reply({ "icecast-auth-user": "1" }, 404)).toEqual(ADMITTED);
    expect(reply({ "Icecast-Auth-User": "withintro" })).toEqual(ADMITTED);
  });

  test("with Icecast 2.5's result, on success only", () => {
    expect(reply({ "x-icecast-auth-result": "ok" })).toEqual(ADMITTED);
    expect(reply({ "x-icecast-auth-result": "ok" }, 403).kind).toBe("refuse");
    expect(reply({ "x-icecast-auth-result": "failed", "icecast-auth-user": "1" }).kind).toBe(
      "refuse",
    );
  });

  test("for a time, under another name, and at another mount", () => {
    const headers = {
      "icecast-auth-user": "1",
      "icecast-auth-timelimit": "600",
      "ice-username": "anna",
      mountpoint: "/members",
    };
    const expected = { kind: "admit", timeLimit: 600, user: "anna", mount: "/members" } as const;
    expect(reply(headers)).toEqual(expected);
  });

  test("as a server that relays the stream", () => {
    const admitted = { "icecast-auth-user": "1" };
    expect(reply({ ...admitted, "icecast-slave": "1" })).toEqual({ ...ADMITTED, isRelay: true });
    expect(reply({ ...admitted, "icecast-slave": "0" })).toEqual(ADMITTED);
  });

  test("without a limit that is no number of seconds", () => {
    for (const limit of ["", "-5", "soon", "1.5"])
      expect(reply({ "icecast-auth-user": "1", "icecast-auth-timelimit": limit })).toEqual(
        ADMITTED,
      );
  });
});

describe("a back end refuses", () => {
  test("without its header, with an empty one, and with one that begins with 0", () => {
    expect(reply({})).toEqual({ kind: "refuse", sentence: "" });
    expect(reply({ "icecast-auth-user": "" }).kind).toBe("refuse");
    expect(reply({ "icecast-auth-user": "0", "icecast-auth-message": "geo-blocked" })).toEqual({
      kind: "refuse",
      sentence: "geo-blocked",
    });
  });
});

describe("a back end sends elsewhere", () => {
  test("with a Location, or with Icecast 2.5's alter-action", () => {
    const location = "https://other.example/live";
    expect(reply({ location }, 302)).toEqual({ kind: "redirect", location });
    const altered = {
      "x-icecast-auth-alter-action": "redirect_temporary",
      "x-icecast-auth-alter-argument": location,
    };
    expect(reply(altered)).toEqual({ kind: "redirect", location });
  });

  test("but not to what is no address", () => {
    for (const location of ["/live", "javascript:alert(1)", 'https://a/"b', ""])
      expect(reply({ location }, 302).kind).toBe("refuse");
  });
});
