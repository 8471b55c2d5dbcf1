// The start-up banner: facts and URLs, never a secret.
import type { Config } from "./config/config.ts";
import { deskUrl, urlHost } from "./lib/address.ts";
import type { Station } from "./station/station.ts";

const RULE = "=".repeat(60);

/** The banner's lines, with the actual ports. `isLogBeside`: the log is read in the same place, and has the warnings. */
export function banner(station: Station, listenPort: number, isLogBeside = false): string {
  const { config } = station;
  const host = urlHost(config.server.host);
  const source = `http://${host}:${station.sourcePort}`;
  const listen = `http://${host}:${listenPort}`;
  const [first] = config.mounts;
  return [
    RULE,
    ...settings(config, station.sourcePort, listenPort),
    RULE,
    ...playlist(station),
    RULE,
    "Server ready!",
    `Connect your source to: ${source}${first.path}`,
    ...shoutcast(station),
    ...config.mounts.map((mount) => `Listen at: ${listen}${mount.path}`),
    `Status page: ${listen}/`,
    ...https(station, host),
    desk(config, listenPort),
    `Statistics: ${listen}/api/stats`,
    `API documentation: ${listen}/swagger`,
    RULE,
    ...(isLogBeside ? [] : station.warnings.map((warning) => `WARNING: ${warning}`)),
    "",
  ].join("\n");
}

/** Encoders are configured with the port before the one they log in at. */
function shoutcast({ ingest }: Station): string[] {
  const { shoutcastPort } = ingest;
  return shoutcastPort === null ? [] : [`SHOUTcast encoders log in at port: ${shoutcastPort}`];
}

function https({ ingest }: Station, host: string): string[] {
  return ingest.httpsPort === null ? [] : [`HTTPS: https://${host}:${ingest.httpsPort}/`];
}

function desk({ server }: Config, listenPort: number): string {
  const isOff = server.admin === null ? " (off until server.admin_password is set)" : "";
  return `Desk: ${deskUrl(server.host, listenPort)}${isOff}`;
}

/** Tracks of the first mount, or where to put some. */
function playlist(station: Station): string[] {
  const { directory, files } = station.facts().mounts[0].playlist;
  const loaded = `Playlist loaded: ${files.count} ${files.count === 1 ? "track" : "tracks"}`;
  return files.count > 0 ? [loaded] : [loaded, `Put your music into: ${directory}`];
}

function settings(config: Config, sourcePort: number, listenPort: number): string[] {
  const [first] = config.mounts;
  return [
    `Configuration loaded from: ${config.file}`,
    `Source port: ${sourcePort} (password: ******)`,
    `Listen port: ${listenPort}`,
    `Mount point: ${config.mounts.map((mount) => mount.path).join(", ")}`,
    `Station: ${first.metadata.stationName}`,
    `Buffer size: ${first.buffer.sizeMb} MB`,
  ];
}
