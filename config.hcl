# The configuration of Cycast: every key, with its default. Omitted keys and blocks keep their defaults.
# Any string may come from the environment, which suits passwords: source_password = env("SOURCE_PASSWORD")
# The variable CYCAST_SERVER_SOURCE_PASSWORD does so without a line here, and likewise for each key of each block.
# `bun run start --check` checks this file without starting the station.

server {
  # Address that both ports listen on; 0.0.0.0 means all IPv4 addresses of this machine.
  host = "0.0.0.0"

  # Port for source clients; 0 picks any free port. (0 to 65535)
  source_port = 8000

  # Port for listeners, the status page and the API; 0 picks any free port. (0 to 65535)
  listen_port = 8001

  # Password for source clients. The default, "hackme", works from this machine only: change it.
  source_password = "hackme"

  # User name for the admin commands.
  admin_user = "admin"

  # Password for the admin commands; empty disables them.
  admin_password = ""

  # Folder for what outlasts a restart, made when there is something to keep; relative to this file. If empty, nothing is
  # kept.
  state_directory = "./state"

  # Path of the first mount, for source clients and listeners.
  mount_point = "/stream"

  # Address of the page as the world reaches it, such as https://radio.example/live, for links and previews. If empty,
  # each client's own.
  public_url = ""

  # Proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses, or ranges like 10.0.0.0/8.
  trusted_proxies = []

  # Take the PROXY protocol, version 1 or 2, from trusted_proxies on the source port, and nothing else from them.
  proxy_protocol = false
}

tls {
  # Certificate chain in PEM, such as fullchain.pem, relative to this file; with it the source port also accepts TLS. A
  # renewed file is used at once.
  certificate = ""

  # Its private key in PEM, such as privkey.pem; relative to this file.
  key = ""

  # Port for HTTPS: listeners, the status page and the API; 0 is off. (0 to 65535)
  listen_port = 0

  # Send browsers that open a page by HTTP to listen_port; players and sources stay.
  redirect = false
}

buffer {
  # Memory per mount for its latest audio, more if rewind_seconds needs it. (1 to 1024 MiB)
  size_mb = 10

  # Audio sent to a new listener at once, so that playback starts immediately. Chromium gets at least 32 KiB: with less
  # it starts late and stalls. (0 to 60 seconds)
  burst_seconds = 5.0

  # How far back listeners may go, on the page or with ?at=; 0 is off. More memory than size_mb is used if it needs more:
  # an hour at 128 kbit/s is 60 MB. (0 to 21600 seconds)
  rewind_seconds = 300
}

playlist {
  # Music folder, played while no source is live; relative to this file.
  directory = "./music"

  # Playlist file (.m3u, .m3u8, .pls, .xspf) to play instead of the folder, in its order unless shuffled; relative to
  # this file.
  file = ""

  # Play tracks in random order, each once before any repeats.
  shuffle = true

  # When shuffled, tracks between two of the same artist, where the files allow it. (0 to 50 tracks)
  artist_separation = 3

  # Codec to play; auto picks that of most of the playing time. Other tracks are converted, to aac, opus and flac by ffmpeg; to speex not.
  # (auto, mp3, aac, vorbis, opus, flac, speex)
  format = "auto"

  # Sample rate to play; 0 is that of most of the playing time.
  # (0, 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000 Hz)
  sample_rate = 0

  # Channels to play; 0 is those of most of the playing time. (0, 1, 2)
  channels = 0

  # Bitrate of converted tracks; 0 is 96 per channel, at low sample rates 48. (0 to 320 kbit/s)
  bitrate = 0

  # File extensions of tracks.
  extensions = [".mp3", ".ogg", ".oga", ".opus", ".spx", ".aac", ".flac", ".wav", ".aif", ".aiff", ".m4a", ".wma", ".ape",
    ".wv", ".mpc"]

  # Loudness of MP3 and Opus tracks, adjusted without decoding them and never above -1 dBTP; off plays files as they are.
  # (-40 to -5 LUFS, or "off")
  loudness = -16

  # Digital silence that is left at the start and the end of an MP3 track; off leaves all of it.
  # (0 to 60 seconds, or "off")
  trim_silence = 0.5

  # Length of the crossfade between two tracks of MP3, Vorbis or FLAC; jingles and gapless albums are not faded. 0 fades nothing.
  # (0 to 15 seconds)
  crossfade = 0
}

# Who may listen; without any of these everybody.
listeners {
  # htpasswd file of those who may listen, relative to this file; a changed one counts at the next login.
  file = ""

  # Address that is asked by Icecast's URL authentication (listener_add, listener_remove) who may listen.
  url = ""

  # How long the back end may take to answer. (0.1 to 8 seconds)
  timeout = 6.0

  # What happens to new listeners while the back end does not answer. (refuse, admit)
  on_error = "refuse"

  # Key of signed addresses, by which players listen that cannot log in.
  key = ""

  # An older key whose addresses still count.
  previous_key = ""
}

stream_auth {
  # Address that is asked by Icecast's URL authentication (stream_auth) about sources whose password is not the
  # configured one.
  url = ""

  # How long the back end may take to answer. (0.1 to 8 seconds)
  timeout = 6.0
}

library {
  # Folder for what is known about the music and for converted tracks; relative to this file. If empty, the folder
  # library in server.state_directory.
  directory = ""

  # Space for converted tracks, the least recently played go first; 0 converts nothing. (0 to 100000 GB)
  cache_gb = 10
}

history {
  # Folder for the history of titles and listeners; relative to this file. If empty, the folder history in
  # server.state_directory.
  directory = ""

  # How long single listening sessions are kept, as days (90d), weeks (w), months (m) or years (y). Titles and daily sums
  # are kept for ever.
  keep = "90d"

  # Database of countries in MaxMind's format (.mmdb), relative to this file; if empty, countries are unknown.
  geoip = ""
}

hls {
  # Offer the mount by HLS too, at its path with /hls/index.m3u8; at the top for the first mount. Not for Vorbis, Speex,
  # MP2 and WebM.
  enabled = false

  # Length of a segment. Players begin three segments behind. A running mount keeps its length: another one counts from
  # the next start. In a group, the length of its first mount counts. (2 to 20 seconds)
  segment = 6.0

  # Length of the parts that players can have before their segment is complete (LL-HLS): they begin three and a half
  # parts behind, and ask twice for each part. 0: no parts. MP3 and the mounts of a group have none. Another length counts
  # from the next start. (0, or 0.5 to 2 seconds)
  part = 0.0

  # Segments in the playlist; as many older ones stay available. (3 to 120 segments)
  window = 10

  # Give each HLS listener a session, by which it is counted and limited. Off: playlists are the same for all, so that a
  # CDN can have them, and its own log counts. A mount whose listeners need a login keeps sessions.
  sessions = true
}

broadcaster {
  # Target size of one send to a listener when there are many; up to four times as much while sending takes more than
  # half of the CPU time. (256 to 1048576 bytes)
  chunk_size = 16384

  # Pause after a tick that used more than 80 % of its send buffer. (0 to 1 seconds)
  sleep_high = 0.001

  # Pause after a tick that used 50 to 80 % of its send buffer. (0 to 1 seconds)
  sleep_medium = 0.005

  # Pause after a tick that used less than 50 % of its send buffer. (0 to 1 seconds)
  sleep_low = 0.010
}

metadata {
  # Station name, shown in players and on the status page.
  station_name = "Cycast Radio"

  # One sentence about the station.
  station_description = "High-performance internet radio"

  # Genre of the station.
  station_genre = "Various"

  # Home page of the station; players may show it.
  station_url = "http://localhost:8001"

  # Send titles inside the stream (ICY metadata) to players that ask for them.
  enable_icy = true

  # Audio between two titles inside the stream. (256 to 1048576 bytes)
  icy_metaint = 16000
}

branding {
  # The station's logo: PNG, JPEG, WebP or SVG of at most 1 MB, relative to this file. Icons and home screens get it
  # too.
  logo = ""

  # Colour of links and buttons, such as "#b4400f". Where letters in it would be hard to read, the nearest that holds is
  # used.
  accent = ""

  # The same while the reader's system is dark; empty derives it from accent.
  accent_dark = ""

  # Background of the page: a colour such as "#f7f1e8", or a JPEG, PNG or WebP of at most 4 MB, relative to this file.
  background = ""

  # Its colour while the reader's system is dark; empty derives it from background.
  background_dark = ""

  # Style sheet of the station's own, of at most 256 kB, relative to this file. It is loaded last, and loads nothing
  # from elsewhere.
  css = ""
}

page {
  # Show how many listen. The API has the numbers in any case.
  show_listeners = true

  # Link to the API's documentation and to the status as JSON.
  show_developer_links = true

  # Sites whose pages may embed the player, such as https://example.org or https://*.example.org; empty for all.
  embed_on = []
}

relay_all {
  # Address of another server, each of whose mounts is mirrored here; if empty, none is.
  url = ""

  # User name for the master, if the address has none.
  user = ""

  # Its password.
  password = ""

  # Refuse a master whose certificate is not valid for its name.
  tls_verify = true

  # Certificates in PEM that https masters are checked against, in place of the system's; relative to this file.
  tls_ca = ""

  # How long a master may take to accept a connection, and again to answer. (0.1 to 60 seconds)
  timeout = 10.0

  # Pull a mirrored mount only while somebody listens to it.
  on_demand = true

  # On demand: how long it is still pulled after the last listener has left. (0 to 3600 seconds)
  linger = 10.0

  # How often the other server is asked for its mounts. (1 to 3600 seconds)
  interval = 60.0

  # The most mounts that are mirrored. (1 to 255)
  max_mounts = 32
}

edge {
  # Address of the origin whose mounts are mirrored here, or a list of them: the first that works is used.
  origin = []

  # User name for the master, if the address has none.
  user = ""

  # Its password.
  password = ""

  # Refuse a master whose certificate is not valid for its name.
  tls_verify = true

  # Certificates in PEM that https masters are checked against, in place of the system's; relative to this file.
  tls_ca = ""

  # How long a master may take to accept a connection, and again to answer. (0.1 to 60 seconds)
  timeout = 10.0

  # Pull a mount only while somebody listens to it here.
  on_demand = true

  # On demand: how long it is still pulled after the last listener has left. (0 to 3600 seconds)
  linger = 10.0
}

cluster {
  # Edges that new listeners are redirected to while they are healthy: "https://edge1.example", or
  # "https://edge1.example weight=2".
  edges = []

  # The same long random text on all servers of the cluster: with it they count each other's listeners, and a listener
  # goes on at any of them where another stopped.
  secret = ""

  # User agents that are not redirected because they follow no redirects, with * and ?; so is a listener with
  # "?redirect=no".
  no_redirect = []

  # NATS servers by which all servers of the cluster show one view of it: nats://user:password@host:4222, or tls://…;
  # several are separated by commas. If empty, nothing of this is loaded.
  nats = ""

  # Name of the cluster: several on one NATS have different ones. Its subjects and buckets begin with it.
  name = "cycast"

  # Name of this server in the cluster, different on each; if empty, that of the machine.
  node = ""

  # Address at which the other servers of the cluster reach this one: http://10.0.0.1:8000.
  url = ""

  # Share one programme with the other servers that have this set: one of them leads, the others relay it and go on when
  # it is gone.
  standby = false
}

directory {
  # List this mount in the directory of yp.url; icy-pub.
  public = false

  # Address of its picture, JPEG or PNG; icy-logo.
  logo = ""

  # Address of the stream that this mount is another quality of; icy-main-stream-url.
  main_stream_url = ""

  # Its country, such as DE; icy-country-code.
  country = ""

  # Its state or region; icy-country-subdivision-code.
  subdivision = ""

  # What is spoken, separated by commas; icy-language-codes.
  languages = ""

  # Where it is; icy-geo-lat-long.
  position = ""

  # Let these headers replace what radio-browser.info has of it; icy-index-metadata.
  index_metadata = false

  # Ask radio-browser.info to leave it out; icy-do-not-index.
  do_not_index = false
}

yp {
  # Directory that lists the station, such as https://dir.xiph.org/cgi-bin/yp-cgi; empty for none.
  url = ""

  # Address of this server as the world reaches it, without a mount: http://radio.example:8000.
  listen_url = ""
}

log {
  # A line as text for people, or as a JSON object for programs that collect logs. (text, json)
  format = "text"

  # The least important lines that are logged. (debug, info, warn, error)
  level = "info"

  # File for the log, relative to this file; SIGUSR1 reopens it. If empty, it goes to standard error.
  file = ""
}

metrics {
  # Token that /metrics wants from other machines, sent as Authorization: Bearer; empty for none.
  token = ""

  # Addresses, or ranges like 10.0.0.0/8, that may read /metrics. With neither token nor addresses only this machine may.
  allow = []
}

rules {
  # Addresses that may listen, or ranges like 10.0.0.0/8; empty for all.
  allow = []

  # Addresses, or ranges, that may not listen, even if allow has them.
  deny = []

  # Players that may not listen, by their User-Agent: * is any text, ? any character, as in "*wget*".
  deny_agents = []

  # Pages that may play the stream, as in "https://example.org/*"; empty for all. Players that name no page are not
  # affected.
  allow_referers = []

  # Pages that may not play the stream, even if allow_referers has them.
  deny_referers = []

  # Maximum number of listeners at one address, or in one IPv6 network of /64; 0 is no limit. (0 to 1000000)
  listeners_per_address = 0

  # A listener is disconnected after this long; 0 is never. (0 to 31622400 seconds)
  max_listener_duration = 0
}

limits {
  # Bandwidth for all listeners together; further ones are refused. 0 is no limit. (0 to 1000000 Mbit/s)
  max_bandwidth = 0

  # Maximum number of connections of one address, or one IPv6 network of /64, to each port; trusted_proxies have no
  # limit. 0 is no limit for the source port, and 256 beside listeners for the listen port. (0 to 65535)
  connections_per_address = 0
}

advanced {
  # Maximum number of listeners per mount; 0 is no limit. (0 to 1000000)
  max_listeners = 0

  # Name of the programme that this mount carries; mounts with the same one carry it in other qualities, and the page shows
  # them as one channel. Empty: it stands alone. At the top: of the first mount.
  group = ""

  # Mount that the listeners hear while this one has nothing to play, if it plays the same format; they come back when it
  # has. At the top: of the first mount.
  fallback = ""

  # Send new listeners to the fallback while there are max_listeners, instead of refusing them.
  fallback_when_full = false

  # Audio file of at most two minutes that a listener hears before the stream, relative to this file; empty for none. At
  # the top: of the first mount.
  intro = ""

  # An address that has heard the intro does not hear it again for this long. (0 to 86400 seconds)
  intro_skip = 0

  # Audio file of at most two minutes that listeners hear last when the station stops or the mount is removed; empty for
  # none. At the top: of the first mount.
  outro = ""

  # A source that sends no valid audio for this long is disconnected and the playlist takes over. (0.1 to 3600 seconds)
  source_timeout = 10.0

  # A live source that sends silence (below -60 dBFS) for this long counts as one without audio: the playlist plays
  # until its sound returns. 0 is off. (0 to 3600 seconds)
  silence_timeout = 30

  # A source that drops is expected back for this long: listeners first live on half of their burst, then hear what comes
  # next, and it takes over at once when it returns. 0 is off. (0 to 60 seconds)
  source_grace = 5.0

  # A source that keeps dropping is heard again only after this long without an interruption; until then the playlist
  # plays. 0 is off. (0 to 3600 seconds)
  source_steady = 10.0

  # What happens to a source that connects while another one is live: refuse it, let it wait until that one ends, or let it
  # replace that one. (refuse, wait, replace)
  on_busy = "refuse"

  # A listener that accepts no data for this long is dropped. (0.1 to 3600 seconds)
  listener_timeout = 30.0

  # When a source's codec, sample rate or channels differ from the mount's: disconnect the listeners so that their
  # players reconnect to the new format, refuse the source, or allow the mix. (reconnect, refuse, allow)
  on_format_change = "reconnect"

  # Log debug details too.
  verbose_logging = false

  # Access log in Icecast's format, one line per finished request; relative to this file. If empty, only listeners that
  # leave are logged, in the station's log.
  access_log = ""

  # Serve /api/stats; if false it answers 403.
  enable_stats = true

  # Include internal error details in failed responses; for development only.
  debug = false

  # Key that derives the listener ids in /api/stats; the default means a random key at each start.
  secret_key = "change-me-in-production"
}

# The blocks below are examples: each has a name, may be repeated, and takes effect once its # are removed. Keys that it
# omits have their defaults.

# People with a name, a password and a role of their own, beside the single passwords above.
#
# account "anna" {
#   password = env("ANNA_PASSWORD") # or its bcrypt or argon2 hash, which cycast --hash-password prints
#   role     = "dj"                 # "dj" (default), "operator", "admin"
#   mounts   = ["/jazz"]            # where it may go live; [] (default): everywhere
#   priority = 10                   # takes over from sources with a lower one; 0 to 99, default 0
# }

# Programs that use the API; cycast --token grafana prints a token and its block.
#
# token "grafana" {
#   hash  = env("GRAFANA_TOKEN_HASH")
#   scope = "read" # "read" (default), "operate", "admin"
# }

# Web hooks that are told when a source is lost, a mount is silent, a disk or the certificate nears its end, or the doctor
# finds trouble, and when it is over.
#
# alert "ops" {
#   url    = "https://hooks.example/radio"
#   secret = env("HOOK_SECRET")              # signs the messages; "" (default): they are not signed
#   events = ["source_lost", "mount_silent"] # or "disk", "certificate", "doctor"; default: all
# }

# Sends what happens at the station to others.
#
# hook "chat" {
#   url           = env("DISCORD_HOOK")
#   format        = "discord"    # "json" (default), "discord", "telegram", "mastodon", "tunein", "listenbrainz"
#   events        = ["title", "live_begins", "live_ends"] # or "silent", "source_lost", "listener_peak"; default: all
#   mounts        = ["/stream"]  # [] (default): all
#   secret        = ""           # "json" signs with it; "mastodon", "listenbrainz": the access token
#   allow_private = false        # true: the receiver may be on this machine or in a private network
# }

# A link in the page's footer; its name is the text. At most 16.
#
# link "Instagram" {
#   url = "https://instagram.example/radio"
# }

# Records what listeners hear, in files that are deleted after a while and before the disk is full. In a mount block, that
# mount; here, the first one.
#
# recording "shows" {
#   directory          = "recordings" # default "recordings"
#   when               = "live"       # sources only (default), "live_or_relay", or "always"
#   split              = "show"       # or "hour" (default), "title"
#   name               = "%Y-%m-%d/%H-%M {show}" # "" (default): one that fits split
#   keep               = "42d"        # age at which files are deleted; "" (default): they are kept
#   min_free           = "5GB"        # stays free on the disk; default "2%"
#   resume_seconds     = 60           # a source that is back within this time goes on in its file; default 60
#   playlist_directory = "./music"    # where "To playlist" puts a recording; "" (default): the playlist's directory
# }

# Another server that gets the first mount's stream, or that of the mount whose block it stands in.
#
# push "backup" {
#   url            = "icecast://source:password@backup.example:8000/stream"
#   public         = false # true: it may be listed in directories there
#   buffer_seconds = 10    # waits while the other server is slow; 1 to 60, default 10
#   tls_verify     = true
# }

# A stream of another server (Icecast, SHOUTcast, AzuraCast, Cycast) that is heard while no live source is on air. Several
# addresses are used in their order.
#
# relay "main" {
#   url        = "https://radio.example/stream"
#   urls       = ["https://backup.example/stream"]
#   user       = ""
#   password   = ""
#   tls_verify = true
#   tls_ca     = ""
#   timeout    = 10.0
#   on_demand  = true # pulled only while somebody listens; default false
#   linger     = 10.0 # on demand: pulled for so many seconds after the last listener has left
#   priority   = 75   # the highest is heard: live sources have 100, the playlist has 50
# }

# Further mounts: one block each. What a block omits is inherited from above.
#
# mount "/jazz" {
#   source_password  = env("JAZZ_PASSWORD")
#   max_listeners    = 100
#   source_timeout   = 10.0
#   listener_timeout = 30.0
#
#   buffer {
#     burst_seconds = 3.0
#   }
#
#   playlist {
#     directory = "./jazz"
#   }
#
#   metadata {
#     station_name  = "Cycast Jazz"
#     station_genre = "Jazz"
#   }
# }
