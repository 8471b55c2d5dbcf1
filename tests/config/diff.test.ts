// What differs between two configurations, and what a running station keeps of the old one.
import { expect, test } from "bun:test";
import { diffConfig, keepFixed } from "../../src/config/diff.ts";
import { parseConfig } from "../../src/config/load-config.ts";

const parse = (text: string) => parseConfig("/etc/cycast/config.hcl", text, {});

test("a changed key is named with its block, in a mount with its path, and mounts come and go", async () => {
  const before = await parse('mount "/b" {\n}\nmount "/c" {\n}\n');
  const after = await parse(
    'server {\n  source_password = "new"\n}\nadvanced {\n  enable_stats = false\n}\n' +
      'mount "/b" {\n  playlist {\n    shuffle = false\n  }\n}\nmount "/d" {\n}\n',
  );
  expect(diffConfig(before, after)).toMatchObject({
    applied: [
      "advanced.enable_stats",
      "mount /stream: server.source_password",
      "mount /b: server.source_password",
      "mount /b: playlist.shuffle",
      "mount /d",
      "mount /c",
    ],
    atRestart: [],
  });
});

test("a running station keeps ports, host, ring size and the first mount's path, and takes the rest", async () => {
  const before = await parse('mount "/b" {\n}\n');
  const after = await parse(
    'server {\n  host = "127.0.0.1"\n  source_port = 1\n  mount_point = "/b"\n  admin_user = "anna"\n}\n' +
      'buffer {\n  size_mb = 2\n  burst_seconds = 1\n}\nmount "/stream" {\n}\n',
  );
  const { atRestart } = diffConfig(before, after);
  expect(atRestart).toContain("server.mount_point");
  const kept = keepFixed(before, after);
  expect(kept.server).toMatchObject({ host: "0.0.0.0", sourcePort: 8000, adminUser: "anna" });
  expect(kept.mounts.map(({ path, buffer }) => [path, buffer])).toEqual([
    ["/stream", { sizeMb: 10, burstSeconds: 1, rewindSeconds: 300 }],
  ]);
  expect(diffConfig(before, kept).atRestart).toEqual([]);
});

test("equal configurations differ in nothing", async () => {
  const text = 'server {\n  source_password = "same"\n}\nmount "/b" {\n}\n';
  const diff = diffConfig(await parse(text), await parse(text));
  expect(diff).toEqual({ added: [], removed: [], changed: [], applied: [], atRestart: [] });
});
