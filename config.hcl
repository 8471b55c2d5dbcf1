# The configuration of Cycast: every key, with its default. A key or block that is left out keeps its default.
# Any text may come from the environment instead, a password above all: source_password = env("SOURCE_PASSWORD")
# `bun run start --check` tells what is wrong in this file without starting anything.

server {
  # Address that both ports listen on; 0.0.0.0 is every IPv4 address of the machine.
  host = "0.0.0.0"

  # Port for source clients; 0 takes any free port. (0 to 65535)
  source_port = 8000

  # Port for listeners, the status page and the API; 0 takes any free port. (0 to 65535)
  listen_port = 8001

  # Password of source clients; "hackme" is accepted from this machine only, so change it.
  source_password = "hackme"

  # User name of the admin commands.
  admin_user = "admin"

  # Password of the admin commands; empty switches them off.
  admin_password = ""

  # Path of the first mount, the same for source clients and listeners.
  mount_point = "/stream"
}

buffer {
  # Memory that a mount keeps its latest audio in. (1 to 1024 MiB)
  size_mb = 10

  # Audio that a new listener gets at once, so that playing starts without waiting. With less than 32 KiB of it
  # (2 seconds at 128 kbit/s, 4 at 64) Chromium starts late and stalls. (0 to 60 seconds)
  burst_seconds = 5.0
}

playlist {
  # Folder of the tracks that play while nobody is live; relative to this file.
  directory = "./music"

  # Whether tracks play in random order, each once before any comes again.
  shuffle = true

  # Codec of the tracks that play, others are left out; auto plays what most of the playing time is.
  # (auto, mp3, aac, vorbis, opus, flac, speex)
  format = "auto"

  # Endings of the files in that folder that are tracks.
  extensions = [".mp3", ".ogg", ".oga", ".opus", ".spx", ".aac", ".flac"]
}

broadcaster {
  # What one send to a listener aims at when listeners are many: up to four times that while sending takes more than
  # half of the time. (256 to 1048576 bytes)
  chunk_size = 16384

  # Pause after a tick that used more than 80 % of its send buffer. (0 to 1 seconds)
  sleep_high = 0.001

  # Pause after a tick that used 50 to 80 % of its send buffer. (0 to 1 seconds)
  sleep_medium = 0.005

  # Pause after a tick that used less than 50 % of its send buffer. (0 to 1 seconds)
  sleep_low = 0.010
}

metadata {
  # Name of the station, in players and on the status page.
  station_name = "Cycast Radio"

  # One sentence about the station.
  station_description = "High-performance internet radio"

  # What kind of music it plays.
  station_genre = "Various"

  # Home page of the station, which players may show.
  station_url = "http://localhost:8001"

  # Whether players that ask for titles get them within the stream.
  enable_icy = true

  # Audio between two titles within the stream. (256 to 1048576 bytes)
  icy_metaint = 16000
}

advanced {
  # Listeners that a mount takes at a time; 0 is no limit. (0 to 1000000)
  max_listeners = 0

  # How long a source client may send nothing before the playlist takes over. (0.1 to 3600 seconds)
  source_timeout = 10.0

  # How long a listener may refuse data before it is dropped. (0.1 to 3600 seconds)
  listener_timeout = 30.0

  # When a source's codec, sample rate or channels differ from the mount's: end the listeners so that their players
  # come back to the new format, refuse the source, or allow the mix. (reconnect, refuse, allow)
  on_format_change = "reconnect"

  # Whether the log tells details too.
  verbose_logging = false

  # File that gets a line for each finished request, as Icecast writes it; relative to this file. Empty: none, and the
  # log tells of listeners that leave.
  access_log = ""

  # Whether /api/stats answers; when false it says 403.
  enable_stats = true

  # Whether answers to failed requests tell what went wrong inside; for development only.
  debug = false

  # Key of the listener ids in /api/stats; as shipped, a random one is made at each start.
  secret_key = "change-me-in-production"
}

# More mounts: one block each, under its own path. What it leaves out is inherited from above.
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
