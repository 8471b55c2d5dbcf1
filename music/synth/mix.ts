// The mixing desk: performs notes on a voice and sums lanes with their sends to echo and room.

import { echo, reverb } from "./effects.ts";
import type { Room } from "./effects.ts";
import type { Drum } from "./drums.ts";
import { hertzOf } from "./score.ts";
import type { Note } from "./score.ts";
import { samplesIn, silence, tau } from "./signal.ts";
import type { Random, Stereo } from "./signal.ts";
import type { Voice } from "./voices.ts";

export interface Session {
  readonly beatsPerMinute: number;
  readonly seconds: number;
  readonly random: Random;
}

export interface Sends {
  readonly gain: number;
  readonly room?: number;
  readonly echo?: number;
}

export interface Lane extends Sends {
  readonly audio: Stereo;
}

export interface Stage {
  /** -1 is left, 1 is right. */
  readonly pan?: number;
  /** How far notes scatter around `pan` from low to high. */
  readonly spread?: number;
  /** Largest error in time, in seconds, of a player who is no machine. */
  readonly looseness?: number;
}

export function secondsAt(session: Session, beat: number): number {
  return (beat * 60) / session.beatsPerMinute;
}

/** Adds mono samples at a time with equal-power panning; what lies past the end is cut. */
function lay(onto: Stereo, samples: Float32Array, atSeconds: number, pan: number): void {
  const start = Math.max(0, samplesIn(atSeconds));
  const angle = ((Math.max(-1, Math.min(1, pan)) + 1) * tau) / 8;
  const [leftGain, rightGain] = [Math.cos(angle), Math.sin(angle)];
  const count = Math.min(samples.length, onto.left.length - start);
  for (let i = 0; i < count; i++) {
    const sample = samples[i] ?? 0;
    onto.left[start + i] = (onto.left[start + i] ?? 0) + sample * leftGain;
    onto.right[start + i] = (onto.right[start + i] ?? 0) + sample * rightGain;
  }
}

/** Plays notes on a voice; the result is as long as the session. */
export function perform(
  session: Session,
  notes: readonly Note[],
  voice: Voice,
  stage: Stage = {},
): Stereo {
  const audio = silence(session.seconds);
  const { pan = 0, spread = 0, looseness = 0 } = stage;
  for (const note of notes) {
    const late = looseness * session.random();
    const held = secondsAt(session, note.beats);
    const touch = note.velocity * (1 - 0.12 * session.random() * Math.sign(looseness));
    const samples = voice(hertzOf(note.pitch), held, touch, session.random);
    const place = pan + spread * Math.max(-1, Math.min(1, (note.pitch - 62) / 14));
    lay(audio, samples, secondsAt(session, note.beat) + late, place);
  }
  return audio;
}

/** One stroke for each beat; `velocity` may depend on which stroke it is. */
export function strike(
  session: Session,
  beats: readonly number[],
  drum: Drum,
  velocity: (index: number) => number,
  pan = 0,
): Stereo {
  const audio = silence(session.seconds);
  beats.forEach((beat, index) => {
    lay(audio, drum(velocity(index), session.random), secondsAt(session, beat), pan);
  });
  return audio;
}

/** Lets a bed of sound (hiss, waves) run under the whole piece, different on each side. */
export function bed(session: Session, make: (side: number) => Float32Array): Stereo {
  const audio = silence(session.seconds);
  lay(audio, make(0), 0, -1);
  lay(audio, make(1), 0, 1);
  return audio;
}

function sum(lanes: readonly Lane[], gainOf: (lane: Lane) => number, seconds: number): Stereo {
  const total = silence(seconds);
  for (const lane of lanes) {
    const gain = gainOf(lane);
    if (gain === 0) continue;
    lane.audio.left.forEach((sample, i) => (total.left[i] = (total.left[i] ?? 0) + sample * gain));
    lane.audio.right.forEach(
      (sample, i) => (total.right[i] = (total.right[i] ?? 0) + sample * gain),
    );
  }
  return total;
}

/** Sums the lanes; the echo repeats every `echoBeats` and is itself heard in the room. */
export function mix(
  session: Session,
  lanes: readonly Lane[],
  room: Room,
  echoBeats = 0.75,
): Stereo {
  const { seconds } = session;
  const gap = secondsAt(session, echoBeats);
  const echoes = echo(
    sum(lanes, (lane) => lane.gain * (lane.echo ?? 0), seconds),
    gap,
    0.42,
  );
  const toRoom = sum(lanes, (lane) => lane.gain * (lane.room ?? 0), seconds);
  const roomInput = sum(
    [
      { audio: toRoom, gain: 1 },
      { audio: echoes, gain: 0.3 },
    ],
    (lane) => lane.gain,
    seconds,
  );
  const everything = [
    ...lanes,
    { audio: echoes, gain: 1 },
    { audio: reverb(roomInput, room), gain: 1 },
  ];
  return sum(everything, (lane) => lane.gain, seconds);
}
