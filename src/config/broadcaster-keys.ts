// The keys of sending: how much at once, and the pauses between turns.
import { amount, count } from "./key.ts";

const SLEEP = { unit: "seconds", range: [0, 1] } as const;

export const broadcasterKeys = {
  chunk_size: count({
    unit: "bytes",
    range: [256, 1_048_576],
    default: 16_384,
    description:
      "Target size of one send to a listener when there are many; up to four times as much while sending takes more than half of the CPU time.",
  }),
  sleep_high: amount({
    ...SLEEP,
    default: 0.001,
    description: "Pause after a tick that used more than 80 % of its send buffer.",
  }),
  sleep_medium: amount({
    ...SLEEP,
    default: 0.005,
    description: "Pause after a tick that used 50 to 80 % of its send buffer.",
  }),
  sleep_low: amount({
    ...SLEEP,
    default: 0.01,
    description: "Pause after a tick that used less than 50 % of its send buffer.",
  }),
};
