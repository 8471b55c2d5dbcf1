// Pure: the family of a player by its User-Agent, and whether it is a listener, a bot, or another server's relay.

export type AgentKind = "listener" | "bot" | "relay";

export interface Agent {
  readonly family: string;
  readonly kind: AgentKind;
}

/** Longer names are cut. */
export const MAX_AGENT_LENGTH = 200;

const RELAYS: readonly (readonly [RegExp, string])[] = [
  [/^cycast\b/i, "Cycast"],
  [/\bicecast\b|^Icecast/i, "Icecast"],
  [/liquidsoap/i, "Liquidsoap"],
  [/shoutcast (?:directory|server|distributed)|^SHOUTcast-DNAS/i, "SHOUTcast"],
  [/\brsas\b|steamcast|streamripper/i, "Other relay"],
];

/** Programs that look rather than listen. */
const BOTS: readonly (readonly [RegExp, string])[] = [
  [/uptime|pingdom|statuscake|nagios|zabbix|icinga|monit|healthcheck|kuma|checkly/i, "Monitor"],
  [/bot\b|bot\/|crawl|spider|slurp|facebookexternalhit|preview|scan|archive\.org/i, "Crawler"],
  [
    /^(?:curl|wget|python|axios|node|go-http|okhttp\/?$|java\/|libwww|perl|ruby|php|guzzle|undici|bun\/|deno\/|httpie|postman)/i,
    "Script",
  ],
  [/headlesschrome|phantomjs|puppeteer|playwright/i, "Headless browser"],
];

/** The first that matches: apps before the libraries that they play with, browsers last. */
const PLAYERS: readonly (readonly [RegExp, string])[] = [
  [/sonos/i, "Sonos"],
  [/alexa|amazon ?echo|\bAEO/i, "Amazon Echo"],
  [/CrKey|chromecast|googlehome|google-?cast/i, "Google Cast"],
  [/tunein/i, "TuneIn"],
  [/radiodroid/i, "RadioDroid"],
  [/transistor/i, "Transistor"],
  [/simpleradio|radio\.?garden|radio\.de|radio\.net|radioplayer/i, "Radio app"],
  [/home ?assistant|hass/i, "Home Assistant"],
  [
    /frontier|reciva|vtuner|mediayou|airable|ir-?radio|internet ?radio|magic.?box/i,
    "Internet radio",
  ],
  [/roku/i, "Roku"],
  [/\bkodi\b|xbmc/i, "Kodi"],
  [/vlc|libvlc/i, "VLC"],
  [/\bmpv\b/i, "mpv"],
  [/mpg123|mpg321/i, "mpg123"],
  [/mplayer|smplayer/i, "MPlayer"],
  [/foobar2000/i, "foobar2000"],
  [/winamp/i, "Winamp"],
  [/audacious|\bxmms/i, "Audacious"],
  [/clementine|strawberry/i, "Strawberry"],
  [/rhythmbox/i, "Rhythmbox"],
  [/aimp/i, "AIMP"],
  [/musicbee/i, "MusicBee"],
  [/music player daemon|\bmpd\b/i, "MPD"],
  [/itunes/i, "iTunes"],
  [/applecoremedia|cfnetwork|\bmusic\/\d/i, "Apple media"],
  [/nsplayer|windows-media-player|wmplayer/i, "Windows Media"],
  [/exoplayer|media3|stagefright|android.*dalvik|okhttp/i, "Android media"],
  [/gstreamer|souphttpsrc/i, "GStreamer"],
  [/lavf|libavformat|ffmpeg/i, "FFmpeg"],
  [/\bbass\b|fmod/i, "Game or BASS"],
  [/edg(?:e|a|ios)?\//i, "Edge"],
  [/opr\/|opera/i, "Opera"],
  [/samsungbrowser/i, "Samsung Internet"],
  [/firefox|fxios/i, "Firefox"],
  [/crios|chrom(?:e|ium)\//i, "Chrome"],
  [/safari\//i, "Safari"],
];

export function agentOf(name: string): Agent {
  const relay = familyIn(RELAYS, name);
  if (relay !== null) return { family: relay, kind: "relay" };
  const bot = familyIn(BOTS, name);
  if (bot !== null) return { family: bot, kind: "bot" };
  const other = name.trim() === "" ? "Unnamed" : "Other";
  return { family: familyIn(PLAYERS, name) ?? other, kind: "listener" };
}

function familyIn(table: readonly (readonly [RegExp, string])[], name: string): string | null {
  return table.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
