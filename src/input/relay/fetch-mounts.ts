// Asks a master for its mounts: by its public status, else by Icecast's list for relays.
import type { RelayAllConfig } from "../../config/config.ts";
import type { Trust } from "../../dial/dial.ts";
import type { Credentials } from "../../wire/basic.ts";
import { RELAY_HEADER } from "../../wire/origins.ts";
import { TextFetch } from "./fetch-text.ts";
import { masterUrl } from "./master-url.ts";
import type { RelayStation } from "./relay-station.ts";
import { type ListedMount, mountsInList, mountsInStatus } from "./stream-list.ts";

/** One of them is called, once. `why`: a sentence without its end, "it …". */
export interface ListHandler {
  done(mounts: readonly ListedMount[]): void;
  failed(why: string): void;
}

export interface ListFetch {
  /** To be called about once a second. */
  check(nowMs: number): void;
  close(): void;
}

type ListSettings = Pick<
  RelayAllConfig,
  "url" | "user" | "password" | "timeout" | "tlsVerify" | "tlsCa"
>;

interface Source {
  readonly path: string;
  readonly read: (text: string) => ListedMount[] | null;
}

const SOURCES: readonly [Source, Source] = [
  { path: "/status-json.xsl", read: mountsInStatus },
  { path: "/admin/streamlist.txt", read: mountsInList },
];

export function fetchMounts(
  settings: ListSettings,
  station: RelayStation,
  handler: ListHandler,
): ListFetch {
  return new MountsFetch(settings, station, handler);
}

class MountsFetch implements ListFetch {
  #current: TextFetch | null = null;
  #isClosed = false;

  constructor(
    private readonly settings: ListSettings,
    private readonly station: RelayStation,
    private readonly handler: ListHandler,
  ) {
    const { tlsCa, tlsVerify: verify } = settings;
    if (tlsCa === "") this.#ask(SOURCES, { verify, ca: null });
    else
      station.readText(tlsCa).then(
        (ca) => this.#ask(SOURCES, { verify, ca }),
        (error: unknown) => this.#failed(`tls_ca: ${String(error)}`),
      );
  }

  check(nowMs: number): void {
    this.#current?.check(nowMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#current?.close();
  }

  #ask([source, ...others]: readonly Source[], trust: Trust): void {
    const { user, password, timeout, url } = this.settings;
    const own: Credentials | null = user === "" ? null : { user, password: password.reveal() };
    const to = source && masterUrl(new URL(source.path, url.reveal()).href, own);
    const base = masterUrl(url.reveal(), own);
    if (this.#isClosed || source === undefined || !to || base === null) return;
    const next = (why: string) =>
      others.length > 0 ? this.#ask(others, trust) : this.#failed(why);
    const { dial, clock, proof } = this.station;
    const lines = [`${RELAY_HEADER}: list`, ...proof(source.path)];
    this.#current = new TextFetch(
      { ...to, credentials: base.credentials },
      { dial, trust, timeoutMs: timeout * 1000, lines },
      () => clock.nowMs(),
      (text) => {
        const mounts = source.read(text);
        if (mounts === null) next("its status cannot be read");
        else this.#done(mounts);
      },
      next,
    );
  }

  #done(mounts: readonly ListedMount[]): void {
    if (!this.#isClosed) this.handler.done(mounts);
  }

  #failed(why: string): void {
    if (!this.#isClosed) this.handler.failed(why);
  }
}
