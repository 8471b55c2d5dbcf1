// The keys of what a mount says of itself, and of titles inside its stream.
import { count, flag, line, text } from "./key.ts";

export const metadataKeys = {
  station_name: line({
    default: "Cycast Radio",
    scope: "mount",
    description: "Station name, shown in players and on the status page.",
  }),
  station_description: text({
    default: "High-performance internet radio",
    scope: "mount",
    description: "One sentence about the station.",
  }),
  station_genre: text({
    default: "Various",
    scope: "mount",
    description: "Genre of the station.",
  }),
  station_url: text({
    default: "http://localhost:8001",
    scope: "mount",
    description: "Home page of the station; players may show it.",
  }),
  enable_icy: flag({
    default: true,
    scope: "mount",
    description: "Send titles inside the stream (ICY metadata) to players that ask for them.",
  }),
  icy_metaint: count({
    unit: "bytes",
    range: [256, 1_048_576],
    default: 16000,
    scope: "mount",
    description: "Audio between two titles inside the stream.",
  }),
};
