// The specification of mount blocks: what they inherit, what they may not be called.
import { beforeAll, describe, expect, test } from "bun:test";
import type { Config } from "../../src/config/config.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import { told } from "./problems-of.ts";

const text = `server {
  source_password = "top"
}
mount "/jazz" {
  source_password = env("JAZZ")
  max_listeners = 7
  source_timeout = 2.5
  listener_timeout = 4
  buffer {
    size_mb = 2
  }
  playlist {
    directory = "jazz"
    shuffle = false
    extensions = [".aac"]
  }
  metadata {
    station_name = "Jazz"
    enable_icy = false
    icy_metaint = 8192
  }
}
mount "plain" {}
mount "/caf%C3%A9" { max_listeners = 1 }
buffer {
  burst_seconds = 2
}
advanced {
  max_listeners = 100
}
metadata {
  station_name = "Top"
  station_genre = "All"
}
`;

describe("a mount block", () => {
  let config: Config;
  beforeAll(async () => {
    config = await parseConfig("/r/c.hcl", text, { JAZZ: "blue" });
  });

  test("comes behind the mount of the server block, in the order of the file", () => {
    expect(config.mounts.map(({ path }) => path)).toEqual(["/stream", "/jazz", "/plain", "/café"]);
  });

  test("that says nothing inherits everything, from wherever in the file it stands", () => {
    const [first, , plain] = config.mounts;
    expect(JSON.stringify({ ...plain, path: "" })).toBe(JSON.stringify({ ...first, path: "" }));
    expect(plain?.maxListeners).toBe(100);
    expect(plain?.buffer.burstSeconds).toBe(2);
    expect(plain?.sourcePassword.equals("top")).toBe(true);
    expect(plain?.metadata.stationName).toBe("Top");
  });

  test("has a group of its own, which no other mount inherits", async () => {
    const text = 'group = "main"\nmount "/low" {\n  group = "main"\n}\nmount "/talk" {}\n';
    const { mounts } = await parseConfig("/r/c.hcl", text, {});
    expect(mounts.map(({ group }) => group)).toEqual(["main", "main", ""]);
  });

  test("has its own values where it says them, inherited ones beside them in the same block", () => {
    const jazz = config.mounts[1];
    expect(jazz).toMatchObject({
      buffer: { sizeMb: 2, burstSeconds: 2, rewindSeconds: 300 },
      maxListeners: 7,
      sourceTimeout: 2.5,
      listenerTimeout: 4,
      playlist: { directory: "/r/jazz", shuffle: false, format: "auto", extensions: [".aac"] },
      metadata: { stationName: "Jazz", stationGenre: "All", enableIcy: false, icyMetaint: 8192 },
    });
    expect(jazz?.sourcePassword.equals("blue")).toBe(true);
  });
});

describe("an impossible mount is reported", () => {
  test("when its label is no path, or a path that the server answers", async () => {
    const labels = [
      "/",
      "",
      "/a/../b",
      "/a?b",
      "/a b",
      "/api",
      "/api/status",
      "/swagger-ui",
      "/health",
      "/admin/x",
    ];
    const problems = await told(labels.map((label) => `mount "${label}" {}\n`).join(""));
    expect(problems).toEqual(labels.map((_, index) => `${index + 1}:7 this cannot be a mount`));
  });

  test("when its path is taken, however it is written", async () => {
    const taken = 'mount "/a" {}\nmount "a/" {}\nmount "/%61" {}\nmount "/stream" {}\n';
    expect(await told(taken)).toEqual([
      '2:7 the mount "/a" is given twice',
      '3:7 the mount "/a" is given twice',
    ]);
    expect(await told('mount "/stream" {}\nmount "/a" {}\n')).toEqual([
      '1:7 "/stream" is server.mount_point already',
    ]);
  });

  test("when it has no label, two labels, a foreign key or a foreign block", async () => {
    const wrong =
      'mount {}\nmount "/a" "/b" {}\nmount "/c" {\n  host = "x"\n  advanced {\n  }\n  buffer "x" {\n  }\n}\n';
    expect(await told(wrong)).toEqual([
      "1:1 a mount block has one label, its path",
      "2:12 a mount block has one label, its path",
      '4:3 unknown key "host" in mount "/c"',
      '5:3 unknown block "advanced" in a mount block',
      '7:10 the block "buffer" takes no label',
    ]);
  });

  test("when there are more than anybody needs", async () => {
    const many = Array.from({ length: 256 }, (_, index) => `mount "/m${index}" {}\n`).join("");
    expect(await told(many)).toEqual(["256:7 too many mounts"]);
  });
});
