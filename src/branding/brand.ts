// The station's own look: its colours, and the files that its configuration names, read at the start and at each reload.
import { brandingWarnings, coloursOf } from "../config/branding-warnings.ts";
import type { Config } from "../config/config.ts";
import type { Disks } from "../disk/disks.ts";
import { bytesReader } from "../disk/text-file.ts";
import type { Log } from "../lib/log.ts";
import { paletteOf, type Palettes, type Scheme } from "../lib/theme.ts";
import { type BrandFile, type BrandKind, readBrandFile, SVG } from "./brand-file.ts";
import { squareIcon } from "./square-icon.ts";

type Branding = Config["branding"];

/** Sides of the icons, in pixels: for iOS, and for Android. */
export const ICON_SIDES = [180, 192, 512] as const;
export type IconSide = (typeof ICON_SIDES)[number];

interface Owner {
  readonly config: Pick<Config, "branding">;
  readonly events: { on(event: "config", handler: (config: Config) => void): unknown };
  readonly log: Log;
}

type Png = Uint8Array<ArrayBuffer>;

export class Brand {
  logo: BrandFile | null = null;
  /** A picture; a colour is in the palettes. */
  background: BrandFile | null = null;
  css: BrandFile | null = null;
  /** What is wrong with its files, a sentence each. */
  troubles: readonly string[] = [];
  #icons = new Map<IconSide, Promise<Png | null>>();
  #loads = 0;
  #branding: Branding;
  readonly #log: Log;

  constructor(
    { config, events, log }: Owner,
    private readonly disks: Disks,
    /** Called when the files were read, if that changes the look. */
    private readonly onChanged: () => void,
  ) {
    this.#branding = config.branding;
    this.#log = log;
    events.on("config", ({ branding }) => void this.load(branding));
    void this.load(config.branding);
  }

  /** Reads the files. One that cannot be used is logged, and left out. Never rejects. */
  async load(branding: Branding): Promise<void> {
    const load = ++this.#loads;
    const troubles: string[] = [];
    const [logo, background, css] = await Promise.all([
      this.#read("logo", branding.logo, troubles),
      this.#read("background", branding.background, troubles),
      this.#read("css", branding.css, troubles),
    ]);
    if (load !== this.#loads) return;
    const before = this.#stamps;
    Object.assign(this, { logo, background, css, troubles });
    this.#branding = branding;
    this.#icons = new Map();
    if (this.#stamps !== before) this.onChanged();
  }

  /** Changes with the look. */
  get #stamps(): string {
    const files = [this.logo, this.background, this.css].map((file) => file?.stamp ?? "");
    return JSON.stringify([this.#branding, ...files, ...this.troubles]);
  }

  /** Its colours; `accent`: in place of its own. */
  palettes(accent = ""): Palettes {
    const of = (scheme: Scheme) => {
      const own = coloursOf(this.#branding, scheme);
      return paletteOf(scheme, accent === "" ? own : { ...own, accent });
    };
    return { light: of("light"), dark: of("dark") };
  }

  /** For the operator: files that cannot be used, and colours that are hard to read. */
  get warnings(): readonly string[] {
    return [...brandingWarnings({ branding: this.#branding }), ...this.troubles];
  }

  /** It has colours of its own. */
  get hasColours(): boolean {
    const { accent, accentDark, background, backgroundDark } = this.#branding;
    return [accent, accentDark, backgroundDark].some(Boolean) || background.startsWith("#");
  }

  /** The logo as a square PNG; null without a logo of pixels. Never rejects. */
  icon(side: IconSide): Promise<Png | null> {
    const icon = this.#icons.get(side) ?? this.#makeIcon(side);
    this.#icons.set(side, icon);
    return icon;
  }

  async #makeIcon(side: IconSide): Promise<Png | null> {
    const { logo } = this;
    if (logo === null || logo.contentType === SVG) return null;
    return squareIcon(logo.bytes, side, this.palettes().light.card).catch((error: unknown) => {
      this.#log.repeated(`no icon can be made of the logo: ${String(error)}`);
      return null;
    });
  }

  async #read(kind: BrandKind, path: string, troubles: string[]): Promise<BrandFile | null> {
    if (path === "" || path.startsWith("#")) return null;
    const name = `branding.${kind}`;
    try {
      return await readBrandFile(kind, path, bytesReader(this.disks, name, this.#log));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const trouble = `${name} ${path} is not used: ${why}`;
      troubles.push(trouble);
      this.#log.warn(trouble);
      return null;
    }
  }
}
