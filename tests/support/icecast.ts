// A real Icecast 2 that takes sources on a port of its own, and can be started again.
import { join } from "node:path";
import { scratch, until } from "./station.ts";

export const ICECAST_PASSWORD = "pass of icecast";

/** Icecast does not run as root. */
const AS_NOBODY =
  process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];

function configFor(port: number, directory: string): string {
  const paths = ["basedir", "logdir", "webroot", "adminroot"];
  return `<icecast>
    <hostname>localhost</hostname>
    <limits><clients>20</clients><sources>4</sources><burst-size>0</burst-size></limits>
    <authentication>
      <source-password>${ICECAST_PASSWORD}</source-password>
      <admin-user>admin</admin-user><admin-password>a</admin-password>
    </authentication>
    <listen-socket><port>${port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
    <paths>${paths.map((path) => `<${path}>${directory}</${path}>`).join("")}</paths>
    <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog></logging>
    <security><chroot>0</chroot></security>
  </icecast>`;
}

export class Icecast implements AsyncDisposable {
  #process: Bun.Subprocess | null = null;

  private constructor(
    readonly port: number,
    private readonly files: AsyncDisposable & { readonly path: string },
  ) {}

  static async start(port: number): Promise<Icecast> {
    const files = await scratch();
    await Bun.$`chmod 777 ${files.path}`.quiet();
    const icecast = new Icecast(port, files);
    await Bun.write(join(files.path, "icecast.xml"), configFor(port, files.path));
    await icecast.start();
    return icecast;
  }

  async start(): Promise<void> {
    const file = join(this.files.path, "icecast.xml");
    this.#process = Bun.spawn([...AS_NOBODY, "icecast2", "-c", file], {
      stdout: "ignore",
      stderr: "ignore",
    });
    await until("icecast answers", () =>
      this.get("/status-json.xsl").then((answer) => answer !== null),
    );
  }

  async stop(): Promise<void> {
    this.#process?.kill("SIGTERM");
    await this.#process?.exited;
  }

  /** null if there is no answer. */
  async get(path: string): Promise<Response | null> {
    try {
      return await fetch(`http://127.0.0.1:${this.port}${path}`);
    } catch {
      return null;
    }
  }

  /** What the admin sees of a mount: its elements by name. */
  async source(mount: string): Promise<Map<string, string>> {
    const authorization = `Basic ${btoa("admin:a")}`;
    const url = `http://127.0.0.1:${this.port}/admin/stats?mount=${encodeURIComponent(mount)}`;
    const text = await fetch(url, { headers: { authorization } }).then(
      (answer) => answer.text(),
      () => "",
    );
    return new Map(
      [...text.matchAll(/<([\w-]+)>([^<]*)<\/\1>/g)].map(([, name = "", value = ""]) => [
        name,
        value,
      ]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.files[Symbol.asyncDispose]();
  }
}
