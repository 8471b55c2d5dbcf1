// The filled pages, each rendered and compressed once for each change of what the station shows.
import type { Station } from "../../station/station.ts";
import { Content } from "../content.ts";
import { HTML_TYPE } from "../reply.ts";

/** Clients choose the host name that they ask by: pages for this many are kept. */
const MAX_KEPT = 64;

interface Kept {
  readonly version: number;
  readonly html: string;
  readonly content: Content;
}

type Headers = Readonly<Record<string, string>>;

export class FilledPages {
  readonly #kept = new Map<string, Kept>();
  #changes = 0;

  constructor(station: Pick<Station, "events">) {
    station.events.on("status", () => void this.#changes++);
  }

  /** `key`: all that `render` depends on besides the station. */
  answer(request: Request, key: string, headers: Headers, render: () => string): Promise<Response> {
    return this.#page(key, headers, render).content.answer(request);
  }

  #page(key: string, headers: Headers, render: () => string): Kept {
    const kept = this.#kept.get(key);
    if (kept?.version === this.#changes) return kept;
    const html = render();
    const content = kept?.html === html ? kept.content : Content.ofText(html, HTML_TYPE, headers);
    const page = { version: this.#changes, html, content };
    this.#kept.delete(key);
    this.#kept.set(key, page);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return page;
  }
}
