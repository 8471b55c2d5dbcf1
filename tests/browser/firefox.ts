// Firefox without a window, driven by WebDriver BiDi over its own socket: as much of it as these tests need.
import { join } from "node:path";
import { scratch } from "../support/station.ts";

/** It asks nobody for anything but the page. */
const PREFERENCES = {
  "app.update.auto": false,
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.getAddons.cache.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "toolkit.telemetry.reportingpolicy.firstRun": false,
};

const START_MS = 60_000;

interface Reply {
  readonly id?: number;
  readonly type: string;
  readonly message?: string;
  readonly result?: unknown;
}

type Waiting = PromiseWithResolvers<unknown>;

export class Firefox implements AsyncDisposable {
  #count = 0;
  readonly #waiting = new Map<number, Waiting>();
  #context = "";

  #ends = new AsyncDisposableStack();

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener("message", ({ data }) => this.#take(JSON.parse(String(data)) as Reply));
    socket.addEventListener("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("Firefox has ended"));
      this.#waiting.clear();
    });
  }

  static async launch(executable: string): Promise<Firefox> {
    await using started = new AsyncDisposableStack();
    const { path: profile } = started.use(await scratch());
    const lines = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
    );
    await Bun.write(join(profile, "user.js"), lines.join(""));
    const args = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"];
    const child = Bun.spawn([executable, ...args], {
      env: { ...process.env, HOME: profile },
      stdout: "ignore",
      stderr: "pipe",
    });
    started.defer(async () => {
      child.kill();
      await child.exited;
    });
    const socket = new WebSocket(`${await addressIn(child.stderr)}/session`);
    started.defer(() => socket.close());
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    const firefox = new Firefox(socket);
    await firefox.#begin();
    firefox.#ends = started.move();
    return firefox;
  }

  async #begin(): Promise<void> {
    await this.#command("session.new", { capabilities: {} });
    const { contexts } = await this.#command<{ contexts: { context: string }[] }>(
      "browsingContext.getTree",
      {},
    );
    this.#context = contexts[0]?.context ?? "";
  }

  async open(url: string): Promise<void> {
    const context = this.#context;
    await this.#command("browsingContext.navigate", { context, url, wait: "complete" });
  }

  /** What an expression is on the page: a string, a number or a truth. */
  async evaluate(expression: string): Promise<unknown> {
    const target = { context: this.#context };
    const parameters = { expression, target, awaitPromise: true };
    const answer = await this.#command<{ type: string; result?: { value?: unknown } }>(
      "script.evaluate",
      parameters,
    );
    if (answer.type !== "success") throw new Error(`${expression}: ${JSON.stringify(answer)}`);
    return answer.result?.value;
  }

  /** As a person does. */
  async click(selector: string): Promise<void> {
    const context = this.#context;
    const locator = { type: "css", value: selector };
    const { nodes } = await this.#command<{ nodes: { sharedId: string }[] }>(
      "browsingContext.locateNodes",
      { context, locator },
    );
    const origin = { type: "element", element: { sharedId: nodes[0]?.sharedId } };
    const steps = [
      { type: "pointerMove", x: 0, y: 0, origin },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ];
    const actions = [{ type: "pointer", id: "mouse", actions: steps }];
    await this.#command("input.performActions", { context, actions });
  }

  async #command<T>(method: string, params: object): Promise<T> {
    const id = ++this.#count;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.socket.send(JSON.stringify({ id, method, params }));
    return waiting.promise as Promise<T>;
  }

  #take({ id = 0, type, message, result }: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (type === "error") waiting?.reject(new Error(message));
    else waiting?.resolve(result);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ends.disposeAsync();
  }
}

/** Where Firefox says that it listens. */
async function addressIn(stderr: ReadableStream<Uint8Array>): Promise<string> {
  const [decoder, late] = [new TextDecoder(), AbortSignal.timeout(START_MS)];
  let said = "";
  for await (const chunk of stderr) {
    said += decoder.decode(chunk, { stream: true });
    const [, address] = /WebDriver BiDi listening on (ws:\/\/\S+)\n/.exec(said) ?? [];
    if (address !== undefined) return address;
    late.throwIfAborted();
  }
  throw new Error(`Firefox does not listen: ${said}`);
}
