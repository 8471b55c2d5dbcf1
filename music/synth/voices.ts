// The pitched instruments: each turns one note into mono samples, its own release included.

import { filter, sweepingFilter } from "./filter.ts";
import { envelope, noise, pulse, render, sampleRate, samplesIn, saw, tau } from "./signal.ts";
import type { Random } from "./signal.ts";

/** `held` is how long the key is down, in seconds; the sound may be longer. */
export type Voice = (hertz: number, held: number, velocity: number, random: Random) => Float32Array;

/** FM electric piano: a mellow body whose brightness follows the stroke, and a short tine. */
export const electricPiano: Voice = (hertz, held, velocity) => {
  const level = envelope({ attack: 0.004, decay: 5, sustain: 0.05, release: 0.25 }, held);
  const tineHertz = Math.min(hertz * 14, 9000);
  return render(held + 0.25, (time) => {
    const angle = tau * hertz * time;
    const brightness = velocity * (0.35 + 1.1 * Math.exp(-3 * time));
    const body = Math.sin(angle + brightness * Math.sin(angle));
    const tine = Math.sin(tau * tineHertz * time) * Math.exp(-22 * time) * velocity * 0.09;
    const warmth = 0.18 * Math.sin(2 * angle) * Math.exp(-2 * time);
    return (body + tine + warmth) * level(time) * velocity * 0.5;
  });
};

/** A burst of noise as a pick gives it: softer strokes are duller, and the pick's place is a comb. */
function pickNoise(period: number, velocity: number, random: Random): Float32Array {
  const burst = new Float32Array(period);
  for (let i = 0; i < period; i++) burst[i] = noise(random);
  filter(burst, "lowpass", 900 + 5200 * velocity);
  const place = Math.max(1, Math.round(period * 0.23));
  const mean = burst.reduce((sum, sample) => sum + sample, 0) / period;
  return burst.map(
    (sample, i) => sample - mean - 0.7 * (burst[(i + period - place) % period] ?? 0),
  );
}

/** How a plucked string behaves: seconds to fall by 60 dB at 220 Hz, and brightness 0 to 1. */
export interface StringKind {
  readonly ring: number;
  readonly brightness: number;
}

/** Karplus-Strong string; an all-pass in the loop tunes it between two samples. */
export function pluckedString(kind: StringKind): Voice {
  return (hertz, held, velocity, random) => {
    const period = sampleRate / hertz;
    const smoothing = 0.5 * (1 - kind.brightness);
    const length = Math.floor(period - smoothing - 0.2);
    const fraction = period - smoothing - length;
    const tuning = (1 - fraction) / (1 + fraction);
    const ring = kind.ring * (220 / hertz) ** 0.4;
    const loss = 10 ** (-3 / (ring * hertz));
    const line = pickNoise(length, velocity, random);
    const level = envelope({ attack: 0.001, decay: 9, sustain: 1, release: 0.12 }, held);
    let [before, allpassIn, allpassOut, at] = [0, 0, 0, 0];
    return render(held + 0.12, (time) => {
      const output = line[at] ?? 0;
      const smooth = loss * ((1 - smoothing) * output + smoothing * before);
      before = output;
      allpassOut = tuning * (smooth - allpassOut) + allpassIn;
      allpassIn = smooth;
      line[at] = allpassOut;
      at = (at + 1) % length;
      return output * level(time) * velocity * 1.1;
    });
  };
}

/** Round finger bass: a sine with a little second harmonic, and a soft thump at the start. */
export const fingerBass: Voice = (hertz, held, velocity) => {
  const level = envelope({ attack: 0.006, decay: 1.8, sustain: 0.35, release: 0.07 }, held);
  return render(held + 0.07, (time) => {
    const angle = tau * hertz * time;
    const growl = 0.36 * Math.sin(2 * angle) * Math.exp(-3 * time) + 0.12 * Math.sin(3 * angle);
    const thump = 0.25 * Math.sin(tau * 60 * time) * Math.exp(-40 * time);
    return Math.tanh(1.6 * (Math.sin(angle) + growl + thump)) * level(time) * velocity * 0.6;
  });
};

/** Chip lead: a narrow pulse whose width breathes, with a late vibrato. */
export const pulseLead: Voice = (hertz, held, velocity) => {
  const level = envelope({ attack: 0.006, decay: 0.7, sustain: 0.55, release: 0.09 }, held);
  let phase = 0;
  const samples = render(held + 0.09, (time) => {
    const vibrato = Math.min(1, Math.max(0, time - 0.22) * 5) * 0.006 * Math.sin(tau * 5.6 * time);
    const step = (hertz * (1 + vibrato)) / sampleRate;
    phase = (phase + step) % 1;
    const duty = 0.3 + 0.1 * Math.sin(tau * 0.7 * time);
    return pulse(phase, step, duty) * level(time) * velocity * 0.24;
  });
  return filter(samples, "lowpass", 5200);
};

/** Whistle or flute: nearly a sine, with breath, a scoop into the note and a singing vibrato. */
export const whistle: Voice = (hertz, held, velocity, random) => {
  const level = envelope({ attack: 0.05, decay: 1.5, sustain: 0.85, release: 0.16 }, held);
  const breath = sweepingFilter("bandpass", 6);
  let phase = 0;
  return render(held + 0.16, (time) => {
    const vibrato = Math.min(1, Math.max(0, time - 0.18) * 3) * 0.007 * Math.sin(tau * 5.1 * time);
    const scoop = -0.025 * Math.exp(-30 * time);
    phase += (hertz * (1 + vibrato + scoop)) / sampleRate;
    const tone = Math.sin(tau * phase) + 0.1 * Math.sin(2 * tau * phase);
    const air = breath(noise(random), hertz * 2) * (0.1 + 0.5 * Math.exp(-18 * time));
    return (tone + air) * level(time) * velocity * 0.42;
  });
};

/** Glass bell or music box: FM on an inharmonic ratio that dies before the tone does. */
export const bell: Voice = (hertz, held, velocity) => {
  const seconds = Math.max(held, 0.3) + 1.6;
  return render(seconds, (time) => {
    const strike = 1.6 * velocity * Math.exp(-5 * time) * Math.sin(tau * hertz * 3.51 * time);
    const tone = Math.sin(tau * hertz * time + strike) + 0.3 * Math.sin(tau * hertz * 2 * time + 1);
    const fade = Math.min(1, time / 0.003) * Math.min(1, (seconds - time) / 0.3);
    return tone * Math.exp(-1.9 * time) * fade * velocity * 0.36;
  });
};

/** Pure keyed tone with soft edges, for Morse. */
export const telegraph: Voice = (hertz, held, velocity) => {
  const level = envelope({ attack: 0.008, decay: 1, sustain: 1, release: 0.02 }, held - 0.01);
  return render(held + 0.02, (time) => Math.sin(tau * hertz * time) * level(time) * velocity * 0.3);
};

/** Pedal of a far organ: hardly more than a sine, slow to come and slow to go. */
export const pedal: Voice = (hertz, held, velocity) => {
  const level = envelope({ attack: 0.4, decay: 4, sustain: 0.75, release: 0.9 }, held);
  return render(held + 0.9, (time) => {
    const angle = tau * hertz * time;
    const tone = Math.sin(angle) + 0.35 * Math.sin(2 * angle) + 0.1 * Math.sin(3 * angle);
    return tone * level(time) * velocity * 0.45;
  });
};

// Uneven steps, because evenly detuned oscillators would all meet again in one regular beat.
const detuning = [-0.0046, -0.0019, 0, 0.0026, 0.0041] as const;

/** Warm pad: five detuned saws behind a filter that opens slowly and closes again. */
export const pad: Voice = (hertz, held, velocity, random) => {
  const release = 2.4;
  const level = envelope({ attack: 1.4, decay: 6, sustain: 0.8, release }, held);
  const phases = detuning.map(random);
  const steps = detuning.map((share) => (hertz * (1 + share)) / sampleRate);
  const drift = random() * tau;
  const samples = new Float32Array(samplesIn(held + release));
  const lowpass = sweepingFilter("lowpass");
  for (let i = 0; i < samples.length; i++) {
    const time = i / sampleRate;
    let sum = 0;
    for (let voice = 0; voice < detuning.length; voice++) {
      const step = steps[voice] ?? 0;
      const phase = ((phases[voice] ?? 0) + step) % 1;
      phases[voice] = phase;
      sum += saw(phase, step);
    }
    // The cutoff moves in steps of 64 samples: its sine costs more than the filter.
    const blockTime = (i - (i % 64)) / sampleRate;
    const openness = 1 + 0.5 * Math.sin(0.9 * blockTime + drift) + 0.5 * Math.min(blockTime / 3, 1);
    samples[i] = lowpass(sum, 420 * openness + hertz * 0.8) * level(time) * velocity * 0.11;
  }
  return samples;
};
