// The start-up banner: facts and URLs, never a secret.
import type { Config } from "./config/config.ts";
import { deskUrl, urlHost } from "./lib/address.ts";
import type { Station } from "./station.ts";

const RULE = "=".repeat(60);

/** The banner's lines, with the actual ports. */
export function banner(station: Station, listenPort: number): string {
  const { config } = station;
  const host = urlHost(config.server.host);
  const source = `http://${host}:${station.sourcePort}`;
  const listen = `http://${host}:${listenPort}`;
  const [first] = config.mounts;
  return [
    RULE,
    ...settings(config, station.sourcePort, listenPort),
    RULE,
    `Playlist loaded: ${station.tracks} ${station.tracks === 1 ? "track" : "tracks"}`,
    ...placeForMusic(station),
    RULE,
    "Server ready!",
    `Connect your source to: ${source}${first.path}`,
    ...shoutcast(station),
    ...config.mounts.map((mount) => `Listen at: ${listen}${mount.path}`),
    `Status page: ${listen}/`,
    desk(config, listenPort),
    `Statistics: ${listen}/api/stats`,
    `API documentation: ${listen}/swagger`,
    RULE,
    ...station.warnings.map((warning) => `WARNING: ${warning}`),
    "",
  ].join("\n");
}

/** Encoders are configured with the port before the one they log in at. */
function shoutcast({ shoutcastPort }: Station): string[] {
  return shoutcastPort === null ? [] : [`SHOUTcast encoders log in at port: ${shoutcastPort}`];
}

function desk({ server }: Config, listenPort: number): string {
  const isOff = server.admin === null ? " (off until server.admin_password is set)" : "";
  return `Desk: ${deskUrl(server.host, listenPort)}${isOff}`;
}

/** For a station without tracks. */
function placeForMusic({ tracks, config }: Station): string[] {
  return tracks > 0 ? [] : [`Put your music into: ${config.mounts[0].playlist.directory}`];
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
