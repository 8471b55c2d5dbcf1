// The stations that these tests visit: the packaged executable as a process of its own, known by its ports alone.
import { join } from "node:path";
import { launch } from "../dist/executable.ts";
import { PASSWORD } from "../support/config.ts";
import { scratch } from "../support/station.ts";

/** The tracks that come with the project. */
export const MUSIC = join(import.meta.dir, "..", "..", "music");

export const ADMIN = { user: "operator", password: "admin-of-the-test" } as const;

/** What a test says of a mount. */
export interface RadioMount {
  readonly path?: string;
  /** Folder of its playlist; without one it plays silence. */
  readonly music?: string;
  readonly burstSeconds?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface Radio extends AsyncDisposable {
  /** Of the listen port, without a slash at the end. */
  readonly url: string;
  readonly sourcePort: number;
  /** Writes its configuration file anew, with more in the first metadata block and at the end. */
  rewrite(metadata: string, end?: string): Promise<unknown>;
}

/** Nobody listens to how loud it is: measuring each track would take a processor from the browser. */
function mountText({ music = "nowhere", burstSeconds = 5, metadata }: RadioMount): string {
  const fields = Object.entries({ station_name: "Test Radio", ...metadata });
  return `buffer {
  burst_seconds = ${burstSeconds}
}
playlist {
  directory = ${JSON.stringify(music)}
  shuffle = false
  loudness = "off"
}
metadata {
${fields.map(([key, text]) => `  ${key} = ${JSON.stringify(text)}\n`).join("")}}
`;
}

function configText([first, ...others]: readonly RadioMount[], adminPassword: string): string {
  const more = others.map((mount) => `mount "${mount.path}" {\n${mountText(mount)}}\n`);
  return `server {
  host = "127.0.0.1"
  source_port = 0
  listen_port = 0
  source_password = "${PASSWORD}"
  admin_user = "${ADMIN.user}"
  admin_password = "${adminPassword}"
}
${mountText(first ?? {})}${more.join("")}`;
}

/** The one way in which these tests start a station; its first mount is /stream. `more`: text for its configuration.
 * `folder`: where it runs and keeps its state; its own unless a test gives one. */
export async function startRadio(
  mounts: readonly RadioMount[] = [],
  adminPassword: string = ADMIN.password,
  more = "",
  folder: string | null = null,
): Promise<Radio> {
  await using started = new AsyncDisposableStack();
  const cwd = folder ?? started.use(await scratch()).path;
  await Bun.write(join(cwd, "config.hcl"), configText(mounts, adminPassword) + more);
  const { url, sourcePort } = started.use(await launch([], { cwd }));
  const running = started.move();
  const rewrite = (metadata: string, end = "") => {
    const text = configText(mounts, adminPassword).replace("metadata {", `metadata {\n${metadata}`);
    return Bun.write(join(cwd, "config.hcl"), text + end);
  };
  return { url, sourcePort, rewrite, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

export interface MountStatus {
  readonly source_status: string;
  readonly listeners: number;
  readonly format: { readonly codec: string } | null;
  readonly artwork_url: string | null;
}

/** Of the first mount at the top, then of every mount. */
export interface StationStatus extends MountStatus {
  readonly mounts: readonly {
    readonly listeners: number;
    readonly timeline: { readonly head_seconds: number };
  }[];
}

/** What the API says. */
export async function statusOf({ url }: Radio): Promise<StationStatus> {
  return (await fetch(`${url}/api/status`)).json() as Promise<StationStatus>;
}
