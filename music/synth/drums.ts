// Unpitched sounds: each returns mono samples of one stroke.

import { filter } from "./filter.ts";
import { noise, render, tau } from "./signal.ts";
import type { Random } from "./signal.ts";

export type Drum = (velocity: number, random: Random) => Float32Array;

/** A sine that drops from the beater's click to the skin's tone. */
export const kick: Drum = (velocity) =>
  render(0.42, (time) => {
    const angle = tau * (48 * time + 3.2 * (1 - Math.exp(-26 * time)));
    const body = Math.sin(angle) * Math.exp(-9 * time);
    return Math.tanh(1.4 * body) * Math.min(1, time / 0.002) * velocity * 0.85;
  });

/** Dusty snare: a short tone under filtered noise. */
export const snare: Drum = (velocity, random) => {
  const rattle = filter(
    render(0.24, (time) => noise(random) * Math.exp(-19 * time)),
    "bandpass",
    2300,
    0.6,
  );
  const tone = (time: number): number => Math.sin(tau * 188 * time) * Math.exp(-28 * time);
  return rattle.map((sample, i) => (sample * 0.9 + 0.4 * tone(i / 44_100)) * velocity);
};

/** Closed hi-hat. */
export const hat: Drum = (velocity, random) =>
  filter(
    render(0.09, (time) => noise(random) * Math.exp(-60 * time) * velocity * 0.6),
    "highpass",
    7200,
  );

/** Shaker: beads need a moment to reach the wall, hence the soft start. */
export const shaker: Drum = (velocity, random) =>
  filter(
    render(0.11, (time) => {
      const level = Math.min(1, time / 0.018) * Math.exp(-38 * Math.max(0, time - 0.018));
      return noise(random) * level * velocity * 0.7;
    }),
    "bandpass",
    6400,
    0.9,
  );

/** Cross-stick on the rim. */
export const rim: Drum = (velocity) =>
  render(0.08, (time) => {
    const wood = Math.sin(tau * 1720 * time) + 0.7 * Math.sin(tau * 1090 * time);
    return wood * Math.exp(-75 * time) * Math.min(1, time / 0.0006) * velocity * 0.4;
  });

/** Soft cymbal swell that leads into a new part. */
export const swell: Drum = (velocity, random) =>
  filter(
    render(
      2,
      (time) => noise(random) * (time / 2) ** 3 * Math.min(1, (2 - time) / 0.06) * velocity,
    ),
    "bandpass",
    6000,
    0.5,
  );

/** Dust on a record: rare clicks over a faint hiss. */
export function crackle(seconds: number, random: Random): Float32Array {
  let click = 0;
  const samples = render(seconds, () => {
    if (random() < 7 / 44_100) click = noise(random) * (0.3 + 0.7 * random() ** 3);
    click *= 0.86;
    return click + noise(random) * 0.012;
  });
  return filter(samples, "bandpass", 2600, 0.4);
}

/** Sea of static: noise whose level and colour come and go like waves. */
export function waves(seconds: number, random: Random, phase: number): Float32Array {
  const samples = render(seconds, (time) => {
    const tide = 0.5 + 0.5 * Math.sin((tau * time) / 9.5 + phase);
    return noise(random) * (0.15 + 0.85 * tide * tide);
  });
  return filter(filter(samples, "lowpass", 1100), "highpass", 180);
}
