// The pushes of one mount, as its configuration has them.
import { sameSetting } from "../../config/diff.ts";
import type { Mount } from "../../mount/mount.ts";
import { Push, type PushContext, type PushState } from "./push.ts";

export class Pushes {
  #pushes: readonly Push[] = [];

  constructor(
    private readonly mount: Mount,
    private readonly context: PushContext,
  ) {
    this.follow();
  }

  get states(): readonly PushState[] {
    return this.#pushes.map(({ state }) => state);
  }

  /** Takes over a changed configuration; those that are as before go on. */
  follow(): void {
    const wanted = this.mount.config.push;
    const isKept = (push: Push) => wanted.some((config) => sameSetting(push.config, config));
    const kept = this.#pushes.filter(isKept);
    // The other server has one place for each mount: who has it leaves first.
    for (const push of this.#pushes) if (!kept.includes(push)) push[Symbol.dispose]();
    this.#pushes = wanted.map((config) => {
      const push = kept.find(({ config: { label } }) => label === config.label);
      return push ?? new Push(this.mount, config, this.context);
    });
  }

  close(): void {
    for (const push of this.#pushes) push[Symbol.dispose]();
    this.#pushes = [];
  }
}
