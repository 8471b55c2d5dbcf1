// The specification of a configuration's values: what a text gives, what it leaves to defaults, where a file is read from.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import { defaultConfig, loadConfig, parseConfig } from "../../src/config/load-config.ts";
import { ConfigError } from "../../src/config/problem.ts";
import { UNSET_SECRET_KEY } from "../../src/config/schema.ts";

// Every key that the Python server had, at the value that it shipped with; only the password is another.
const original = `server {
  host = "0.0.0.0"
  source_port = 8000            # source clients
  listen_port = 8001            # listeners
  source_password = "secure123" # not the shipped one
  mount_point = "/stream"
}

buffer {
  size_mb = 10
}

playlist {
  directory = "./music"
  shuffle = true
  extensions = [".mp3", ".ogg"]
}

broadcaster {
  chunk_size = 8192
  sleep_high = 0.001
  sleep_medium = 0.005
  sleep_low = 0.010
}

metadata {
  station_name = "Cycast Radio"
  station_description = "High-performance internet radio"
  station_genre = "Various"
  station_url = "http://localhost:8001"
  enable_icy = true
  icy_metaint = 16000
}

advanced {
  max_listeners = 0
  source_timeout = 10.0
  verbose_logging = false
  enable_stats = true
  flask_debug = false
  flask_secret_key = "change-me-in-production"
}
`;

describe("an original configuration", () => {
  let config: Config;
  beforeAll(async () => {
    config = await parseConfig("/etc/cycast/config.hcl", original, {});
  });

  test("means what it meant", () => {
    const { mounts, warnings: _, ...server } = defaultConfig("/etc/cycast/config.hcl");
    // It writes down what was the default then.
    const broadcaster = { ...server.broadcaster, chunkSize: 8192 };
    expect(config).toMatchObject({ ...server, broadcaster });
    const extensions = [".mp3", ".ogg"];
    const then = mounts.map((mount) => ({ ...mount, playlist: { ...mount.playlist, extensions } }));
    expect(JSON.stringify(config.mounts)).toBe(JSON.stringify(then));
    expect(config.mounts[0].sourcePassword.equals("secure123")).toBe(true);
    expect(config.advanced.secretKey.equals(UNSET_SECRET_KEY)).toBe(true);
  });

  test("warns of the two names that have changed", () => {
    expect(config.warnings).toEqual([
      "/etc/cycast/config.hcl:40: flask_debug is now called debug; the old name still works",
      "/etc/cycast/config.hcl:41: flask_secret_key is now called secret_key; the old name still works",
    ]);
  });
});

describe("the defaults", () => {
  const config = defaultConfig("/srv/radio/config.hcl");

  test("are these", () => {
    expect(JSON.parse(JSON.stringify(config))).toEqual({
      file: "/srv/radio/config.hcl",
      server: {
        host: "0.0.0.0",
        sourcePort: 8000,
        listenPort: 8001,
        adminUser: "admin",
        adminPassword: "***",
        admin: null,
        stateDirectory: "/srv/radio/state",
        mountPoint: "/stream",
        publicUrl: "",
        trustedProxies: [],
        proxyProtocol: false,
      },
      tls: { certificate: "", key: "", listenPort: 0, redirect: false },
      library: { directory: "", cacheGb: 10 },
      history: { directory: "", keep: "90d", geoip: "" },
      relay_all: {
        url: "***",
        user: "",
        password: "***",
        tlsVerify: true,
        tlsCa: "",
        timeout: 10,
        onDemand: true,
        linger: 10,
        interval: 60,
        maxMounts: 32,
      },
      edge: {
        origin: [],
        user: "",
        password: "***",
        tlsVerify: true,
        tlsCa: "",
        timeout: 10,
        onDemand: true,
        linger: 10,
      },
      cluster: {
        ...{ edges: [], secret: "***", noRedirect: [] },
        ...{ nats: "***", name: "cycast", node: "", url: "", standby: false },
      },
      log: { format: "text", level: "info", file: "" },
      metrics: { token: "***", allow: [] },
      limits: { maxBandwidth: 0, connectionsPerAddress: 0 },
      account: [],
      alert: [],
      hook: [],
      link: [],
      yp: { url: "", listenUrl: "" },
      branding: {
        logo: "",
        accent: "",
        accentDark: "",
        background: "",
        backgroundDark: "",
        css: "",
      },
      page: { showListeners: true, showDeveloperLinks: true, embedOn: [] },
      token: [],
      broadcaster: { chunkSize: 16_384, sleepHigh: 0.001, sleepMedium: 0.005, sleepLow: 0.01 },
      advanced: {
        verboseLogging: false,
        accessLog: "",
        enableStats: true,
        debug: false,
        secretKey: "***",
      },
      mounts: [
        {
          path: "/stream",
          sourcePassword: "***",
          buffer: { sizeMb: 10, burstSeconds: 5, rewindSeconds: 300 },
          playlist: {
            directory: "/srv/radio/music",
            shuffle: true,
            artistSeparation: 3,
            format: "auto",
            file: "",
            sampleRate: 0,
            channels: 0,
            bitrate: 0,
            extensions:
              ".mp3 .ogg .oga .opus .spx .aac .flac .wav .aif .aiff .m4a .wma .ape .wv .mpc".split(
                " ",
              ),
            loudness: -16,
            trimSilence: 0.5,
            crossfade: 0,
          },
          listeners: {
            file: "",
            url: "***",
            timeout: 6,
            onError: "refuse",
            key: "***",
            previousKey: "***",
          },
          stream_auth: { url: "***", timeout: 6 },
          metadata: {
            stationName: "Cycast Radio",
            stationDescription: "High-performance internet radio",
            stationGenre: "Various",
            stationUrl: "http://localhost:8001",
            enableIcy: true,
            icyMetaint: 16000,
          },
          directory: {
            public: false,
            logo: "",
            mainStreamUrl: "",
            country: "",
            subdivision: "",
            languages: "",
            position: "",
            indexMetadata: false,
            doNotIndex: false,
          },
          maxListeners: 0,
          group: "",
          recording: [],
          relay: [],
          push: [],
          fallback: "",
          fallbackWhenFull: false,
          hls: { enabled: false, segment: 6, part: 0, window: 10, sessions: true },
          intro: "",
          introSkip: 0,
          outro: "",
          rules: {
            allow: [],
            deny: [],
            denyAgents: [],
            allowReferers: [],
            denyReferers: [],
            listenersPerAddress: 0,
            maxListenerDuration: 0,
          },
          sourceTimeout: 10,
          silenceTimeout: 30,
          sourceGrace: 5,
          sourceSteady: 10,
          onBusy: "refuse",
          listenerTimeout: 30,
          onFormatChange: "reconnect",
        },
      ],
      warnings: [],
    });
    expect(config.mounts[0].sourcePassword.isDefault).toBe(true);
  });

  test("hold for an empty text too", async () => {
    expect(await parseConfig("/srv/radio/config.hcl", "# nothing\n", {})).toEqual(config);
  });
});

describe("the values of a text", () => {
  let config: Config;
  const text = `\uFEFFserver {
  host = env("HOST")
  source_port = 8.0e3
  listen_port = 0
  source_password = "p\\u00e4ss $\${word} \\"quoted\\""
  mount_point = "radio//one/"
}
buffer {
  size_mb = 1.5
  burst_seconds = 60
}
playlist {
  directory = "/data/music"
  extensions = ["MP3", env("ENDING"), ".mp3"]
}
advanced {
  debug = true
  source_timeout = 1
  secret_key = env("KEY")
}
metadata {
  station_name = "Ünï 日本 📻"
  station_genre = ""
}
`;
  beforeAll(async () => {
    const env = { HOST: "127.0.0.1", ENDING: ".Ogg", KEY: 'a ${key} "from" outside' };
    config = await parseConfig("config.hcl", text.replaceAll("\n", "\r\n"), env);
  });

  test("are taken in all forms that HCL has for them", () => {
    const [mount] = config.mounts;
    expect(config.server).toMatchObject({
      host: "127.0.0.1",
      sourcePort: 8000,
      listenPort: 0,
      admin: null,
    });
    expect(mount.path).toBe("/radio/one");
    expect(mount.buffer.sizeMb).toBe(1.5);
    expect(mount.buffer.burstSeconds).toBe(60);
    expect(mount.sourceTimeout).toBe(1);
    expect(mount.metadata.stationName).toBe("Ünï 日本 📻");
    expect(mount.metadata.stationGenre).toBe("");
    expect(config.advanced.debug).toBe(true);
    expect(config.warnings).toEqual([]);
  });

  test("of passwords are exact, escapes undone", () => {
    expect(config.mounts[0].sourcePassword.reveal()).toBe('päss ${word} "quoted"');
    expect(config.advanced.secretKey.reveal()).toBe('a ${key} "from" outside');
  });

  test("of a playlist are normalised", () => {
    expect(config.mounts[0].playlist.directory).toBe("/data/music");
    expect(config.mounts[0].playlist.extensions).toEqual([".mp3", ".ogg"]);
  });

  test("never change", () => {
    const change = (target: object, key: string) => () => Reflect.set(target, key, 1);
    const [mount] = config.mounts;
    const parts: [object, string][] = [
      [config, "file"],
      [config.server, "host"],
      [config.mounts, "1"],
      [mount, "path"],
      [mount.playlist.extensions, "0"],
      [config.warnings, "0"],
    ];
    expect(parts.map(([target, key]) => change(target, key)())).toEqual(parts.map(() => false));
  });
});

describe("a file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "cycast-config-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function refusal(file: string): Promise<string> {
    const error = await loadConfig(file, {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    const { problems } = error as ConfigError;
    return problems.map(({ line, message }) => `${line} ${message}`).join("; ");
  }

  test("is where relative folders start from", async () => {
    const file = join(folder, "good.hcl");
    await writeFile(file, 'playlist {\n  directory = "../tracks"\n}\n');
    const config = await loadConfig(file, {});
    expect(config.file).toBe(file);
    expect(config.mounts[0].playlist.directory).toBe(join(folder, "../tracks"));
  });

  test("is where the access log's path starts from", async () => {
    const file = join(folder, "logged.hcl");
    await writeFile(file, 'advanced {\n  access_log = "logs/access.log"\n}\n');
    const config = await loadConfig(file, {});
    expect(config.advanced.accessLog).toBe(join(folder, "logs/access.log"));
  });

  test("that cannot be read is reported in one sentence", async () => {
    const latin = join(folder, "latin.hcl");
    const large = join(folder, "large.hcl");
    await writeFile(latin, new Uint8Array([0x23, 0xe9, 0x0a]));
    await writeFile(large, "#".repeat(1024 * 1024 + 1));
    expect(await refusal(join(folder, "none.hcl"))).toBe("0 no such file");
    expect(await refusal(folder)).toBe("0 this is a folder");
    expect(await refusal(latin)).toBe("0 this file is not UTF-8 text");
    expect(await refusal(large)).toBe("0 this file is over 1 MiB");
    expect(await refusal("/dev/zero")).toBe("0 this file is over 1 MiB");
  });
});

describe("a number that may be switched off", () => {
  const loudness = async (value: string) => {
    const { mounts } = await parseConfig("c.hcl", `playlist {\n  loudness = ${value}\n}\n`, {});
    return mounts[0].playlist.loudness;
  };

  test("is the number, or off", async () => {
    expect(await loudness("-14.5")).toBe(-14.5);
    expect(await loudness('"off"')).toBe("off");
  });

  test.each(['"on"', '"-16"', "0", "-41", "off"])("is not %s", async (value) => {
    await expect(loudness(value)).rejects.toBeInstanceOf(ConfigError);
  });
});
