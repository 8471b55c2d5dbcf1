// The priorities of inputs: the highest ready one is on air. What stands between two of these has a number between them.

/** A source client; those of accounts with a priority stand above. */
export const LIVE = 100;

/** Another server's stream. */
export const RELAY = 75;

export const PLAYLIST = 50;

/** A source client that must not be heard for a while, although it has audio: still better than silence. */
export const SUNK = 25;

export const SILENCE = 0;
