// What is known about a push.

/** Another server that gets a mount's stream. */
export interface PushFacts {
  /** The label of its block. */
  readonly name: string;
  /** Without user and password. */
  readonly url: string;
  readonly isUp: boolean;
  /** Since it is up or down. */
  readonly seconds: number;
  /** Since the start, as are the others. */
  readonly sentBytes: number;
  /** Audio that was dropped because the server was slow. */
  readonly droppedSeconds: number;
  readonly connections: number;
  /** "" if there was none. */
  readonly lastError: string;
}
