// A unix datagram socket to listen on, as a service manager does; Bun has none, the C library does.
import { dlopen } from "bun:ffi";
import { rmSync } from "node:fs";
import { until } from "./station.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const MSG_DONTWAIT = 0x40;

const libc = dlopen("libc.so.6", {
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  bind: { args: ["i32", "ptr", "u32"], returns: "i32" },
  recv: { args: ["i32", "ptr", "u64", "i32"], returns: "i64" },
  close: { args: ["i32"], returns: "i32" },
}).symbols;

export class Datagrams implements Disposable {
  readonly #fd = libc.socket(AF_UNIX, SOCK_DGRAM, 0);
  readonly #heard: string[] = [];

  /** `name` is a path, or an abstract name with @ in front. */
  constructor(readonly name: string) {
    const family = Buffer.alloc(2);
    family.writeUInt16LE(AF_UNIX);
    const address = Buffer.concat([family, Buffer.from(name.replace(/^@/, "\0"))]);
    if (libc.bind(this.#fd, address, address.length) !== 0)
      throw new Error(`${name} is not to be had`);
  }

  /** Every datagram so far. */
  get heard(): readonly string[] {
    const bytes = Buffer.alloc(4096);
    for (;;) {
      const length = Number(libc.recv(this.#fd, bytes, bytes.length, MSG_DONTWAIT));
      if (length < 0) return this.#heard;
      this.#heard.push(bytes.toString("utf8", 0, length));
    }
  }

  hears(text: string, times = 1): Promise<void> {
    const count = () => this.heard.filter((heard) => heard === text).length;
    return until(`${text} is heard ${times} times`, () => count() >= times);
  }

  [Symbol.dispose](): void {
    libc.close(this.#fd);
    if (!this.name.startsWith("@")) rmSync(this.name, { force: true });
  }
}
