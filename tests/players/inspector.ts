// Watches the playlists and segments of all mounts while players play them: by RFC 8216, and what they say of titles.
import { HlsValidator } from "../support/hls/validator.ts";
import { hlsOf, MOUNTS, type OnAir } from "./on-air.ts";
import { PlaylistTitles } from "./playlist-titles.ts";
import type { Finding } from "./report.ts";

const POLL_MS = 1500;

const fetched = async (url: string, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await fetch(url, {
    headers: { "accept-encoding": "identity", ...headers },
    decompress: false,
  });
  return { status: answer.status, headers: answer.headers, body: await answer.bytes() };
};

export class Inspector {
  readonly #validators: readonly (readonly [string, HlsValidator])[];
  readonly #titles = MOUNTS.map(({ path }) => new PlaylistTitles(path));
  readonly #faults: string[] = [];
  #restarts = 0;
  isAway = false;

  constructor(private readonly air: OnAir) {
    const nowMs = () => performance.now();
    this.#validators = MOUNTS.map(({ path }, i) => {
      const fetch = (...asked: Parameters<typeof fetched>) => this.#fetch(i, ...asked);
      return [path, new HlsValidator({ nowMs, pollMs: POLL_MS, fetch })];
    });
  }

  async open(): Promise<void> {
    for (const [path, validator] of this.#validators)
      await validator.open(hlsOf(this.air.url, path));
  }

  /** Until `end`. */
  async inspect(end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      for (const [, validator] of this.#validators) if (!this.isAway) await this.#poll(validator);
      await Bun.sleep(1000);
    }
  }

  async #fetch(mount: number, ...[url, headers]: Parameters<typeof fetched>) {
    const answer = await fetched(url, headers);
    if (answer.status === 200) this.#titles[mount]?.see(url, answer.body);
    return answer;
  }

  /** One poll may be under way while the station ends. */
  async #poll(validator: HlsValidator): Promise<void> {
    const turn = this.#restarts;
    await validator.poll().catch((error: unknown) => {
      if (!this.isAway && turn === this.#restarts) this.#faults.push(String(error));
    });
  }

  restarted(): void {
    this.#restarts++;
    for (const [, validator] of this.#validators) validator.restarted();
    this.isAway = false;
  }

  async judge(): Promise<Finding[]> {
    const faults = this.#faults.join("\n");
    const asked = { who: "validator", what: "all playlists and segments answer" };
    const titles: Finding[] = [];
    for (const mount of this.#titles) titles.push(...(await mount.judge()));
    return [{ ...asked, fault: faults || null, figures: "" }, ...this.#judgeLists(), ...titles];
  }

  #judgeLists(): Finding[] {
    return this.#validators.map(([path, validator]) => {
      validator.finish();
      const { problems } = validator;
      const lines = problems.map(({ check, text }) => `${check}: ${text}`);
      return {
        who: `validator ${path}`,
        what: "no problem by RFC 8216",
        fault: lines.join("\n") || null,
        figures: `${validator.segmentCount} segments, ${problems.length} problems`,
      };
    });
  }
}
