// When a playlist that has nothing to play looks for files again.

const PROMPT_MS = 1000;

/** After PROMPT_LOOKS in vain: a station without a playlist should sleep. */
const SELDOM_MS = 5000;
const PROMPT_LOOKS = 30;

/** Under a live source, which the playlist does not follow before it has looked once more. */
const UNHEARD_MS = 30_000;

/** `vainLooks`: looks since there was something to play. */
export function lookAgainMs(vainLooks: number, isLive: boolean): number {
  if (isLive) return UNHEARD_MS;
  return vainLooks < PROMPT_LOOKS ? PROMPT_MS : SELDOM_MS;
}

/** The next look, by a timer that keeps no process alive. */
export class NextLook {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #vainLooks = 0;

  constructor(private readonly look: () => void) {}

  get isAwaited(): boolean {
    return this.#timer !== null;
  }

  /** There is something to play. */
  found(): void {
    this.#vainLooks = 0;
  }

  /** `ms`: for a file that may still grow. */
  await(isLive: boolean, ms = lookAgainMs(this.#vainLooks, isLive)): void {
    this.#timer = setTimeout(() => {
      this.#vainLooks++;
      this.look();
    }, ms);
    this.#timer.unref();
  }

  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
