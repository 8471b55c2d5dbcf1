// What is unwise about trusted proxies.
import { expect, test } from "bun:test";
import { proxyWarnings } from "../../src/config/proxy-warnings.ts";
import { testConfig } from "../support/config.ts";

const warnings = (trustedProxies: string[], proxyProtocol = false) => {
  const { server } = testConfig();
  return proxyWarnings({ server: { ...server, trustedProxies, proxyProtocol } });
};

test("nothing, for some proxies and none", () => {
  expect([warnings([]), warnings(["127.0.0.1", "10.0.0.0/8"], true)]).toEqual([[], []]);
});

test("to trust everybody, and to wait for headers of nobody", () => {
  expect(warnings(["10.0.0.1", "::/0"])[0]).toContain("::/0: every client may choose");
  expect(warnings([], true)[0]).toContain("server.proxy_protocol has no effect");
});
