// A connection to another server that has to begin within a time.
import type { PushTarget } from "../../config/push-url.ts";
import { dial, type Line } from "../../dial/dial.ts";

const CONNECT_MS = 10_000;

export interface LinkEvents {
  /** Ready for the first bytes. */
  onOpen(): void;
  onData(bytes: Uint8Array): void;
  onDrain(): void;
  /** Once; the connection is over, and was not closed by close(). */
  onEnd(why: string): void;
}

/** What a session needs of a connection. */
export interface Link {
  /** Returns the bytes that the kernel took; negative if the connection is over. */
  write(bytes: Uint8Array): number;
  /** Sends what was taken, then closes. */
  close(): void;
}

export type OpenLink = (target: PushTarget, isVerified: boolean, events: LinkEvents) => Link;

export const openLink: OpenLink = (target, isVerified, events) => {
  const late = () => {
    line.close();
    events.onEnd("it does not accept the connection");
  };
  const timer = setTimeout(late, CONNECT_MS);
  const line: Line = dial(
    target,
    { verify: isVerified, ca: null },
    {
      onOpen: () => {
        clearTimeout(timer);
        events.onOpen();
      },
      onData: (bytes) => events.onData(bytes),
      onDrain: () => events.onDrain(),
      onClose: (why) => {
        clearTimeout(timer);
        events.onEnd(why);
      },
    },
  );
  const close = () => {
    clearTimeout(timer);
    line.end();
  };
  return { write: (bytes) => line.write(bytes), close };
};
