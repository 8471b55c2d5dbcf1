// What people see of a playlist and do with it: what follows, how much is known, looking for files.
import type { PlaylistConfig } from "../../config/config.ts";
import type { OpenFile } from "../../lib/open-file.ts";
import type { FindCall, SearchCall } from "../../library/state.ts";
import type { PlaysAs, TrackInfo } from "../../library/track-info.ts";
import type { Metadata } from "../../mount/metadata.ts";
import type {
  ListedTrack,
  NextTrack,
  Player,
  ScanProgress,
  TrackList,
  TrackSound,
} from "../../mount/roles.ts";
import { passingGain } from "./level.ts";
import type { Playlist } from "./playlist.ts";
import { metadataOfName } from "./file-title.ts";

/** What the feeder knows. */
export interface Heard {
  /** What plays from the next track on. */
  readonly playlist: Playlist;
  readonly metadata: Metadata;
  readonly heardFile: string | null;
  readonly sound: TrackSound | null;
  /** The track that was read ahead; null while none is. */
  readonly nextRead: NextTrack | null;
  upcoming(count: number): string[];
  skip(): boolean;
  rescan(): Promise<void>;
}

export class FilePlayer implements Player {
  constructor(private readonly heard: Heard) {}

  get tracks(): TrackList {
    return this.#playlist;
  }

  get #playlist(): Playlist {
    return this.heard.playlist;
  }

  get progress(): ScanProgress {
    return this.#playlist.scan.progress;
  }

  get metadata(): Metadata {
    return this.heard.metadata;
  }

  get heardFile(): string | null {
    return this.heard.heardFile;
  }

  get next(): NextTrack | null {
    const { next, ahead } = this.#playlist.state;
    const [info] = ahead;
    if (this.heard.nextRead !== null || next === null) return this.heard.nextRead;
    const { title = "", artist = "", album = "", seconds = null } = info ?? {};
    const named = title === "" ? metadataOfName(next) : { title, artist };
    return { path: next, metadata: album === "" ? named : { ...named, album }, seconds };
  }

  upcoming(count: number): string[] {
    return this.heard.upcoming(count);
  }

  get sound(): TrackSound | null {
    return this.heard.sound;
  }

  ahead(count: number): readonly ListedTrack[] {
    const { state, config } = this.#playlist;
    return state.ahead.slice(0, count).map((info) => {
      return { ...info, gain: gainOf(info.playsAs, config.loudness) };
    });
  }

  skip(): boolean {
    return this.heard.skip();
  }

  rescan(): Promise<void> {
    return this.heard.rescan();
  }

  async search(text: string, limit: number): Promise<readonly TrackInfo[]> {
    const call: SearchCall = { call: "search", choice: this.#playlist.choice, text, limit };
    return (await this.#playlist.disk.ask(call, false)) as TrackInfo[];
  }

  async playNext(file: string): Promise<boolean> {
    const isFound = (await this.#find(file, true)) !== null;
    if (isFound) await this.#playlist.refresh();
    return isFound;
  }

  async open(file: string): Promise<OpenFile | null> {
    const path = await this.#find(file, false);
    return path === null ? null : this.#playlist.disk.open(path);
  }

  async #find(file: string, isNext: boolean): Promise<string | null> {
    const call: FindCall = { call: "find", choice: this.#playlist.choice, file, isNext };
    return (await this.#playlist.disk.ask(call, true)) as string | null;
  }
}

function gainOf(played: PlaysAs | null, target: PlaylistConfig["loudness"]): number | null {
  if (played === null) return null;
  const { codec, loudness, truePeak } = played;
  return passingGain(codec, loudness === null ? null : { loudness, peak: truePeak }, target);
}
