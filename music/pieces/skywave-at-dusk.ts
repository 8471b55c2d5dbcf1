// "Skywave at Dusk": ambient in D, 66 to the minute; it signs off by keying 73 ("best regards") from far away.

import { waves } from "../synth/drums.ts";
import { bed, mix, perform } from "../synth/mix.ts";
import type { Lane, Session } from "../synth/mix.ts";
import { melody, morse, pitchesOf, pitchOf, place, transpose } from "../synth/score.ts";
import type { Chord, Note, PlacedChord } from "../synth/score.ts";
import { seededRandom } from "../synth/signal.ts";
import type { Stereo } from "../synth/signal.ts";
import {
  bell,
  electricPiano,
  pad,
  pedal,
  pluckedString,
  telegraph,
  whistle,
} from "../synth/voices.ts";

const session: Session = { beatsPerMinute: 66, seconds: 58, random: seededRandom(1924) };

const progression: Chord[] = [
  { beats: 4, bass: "D2", voicing: "A3 D4 E4 F#4" },
  { beats: 4, bass: "D2", voicing: "F#3 A3 D4 E4" },
  { beats: 4, bass: "B1", voicing: "F#3 A3 D4 E4" },
  { beats: 4, bass: "G2", voicing: "F#3 A3 B3 D4" },
  { beats: 4, bass: "F#2", voicing: "A3 C#4 D4 F#4" },
  { beats: 4, bass: "E2", voicing: "G3 B3 D4 F#4" },
  { beats: 4, bass: "A1", voicing: "G3 B3 D4 E4" },
  { beats: 4, bass: "A1", voicing: "G3 B3 C#4 E4" },
  { beats: 4, bass: "B1", voicing: "A3 C#4 D4 F#4" },
  { beats: 4, bass: "G2", voicing: "F#3 A3 B3 D4" },
  { beats: 4, bass: "A1", voicing: "F#3 A3 D4 E4" },
  { beats: 4, bass: "G1", voicing: "G3 Bb3 D4 E4" },
  { beats: 9, bass: "D2", voicing: "A3 D4 E4 F#4" },
];
const chords: PlacedChord[] = place(progression);
const lastBeat = 48;

// The call sign (so do re mi) again, as slow as breath.
const tune = `
  r:4 | r:1 A4:1 D5:1 E5:1 | F#5:3! E5:1 | D5:2 B4:2
  r:1 A4:1 D5:1 F#5:1 | G5:3! F#5:1 | E5:4 | r:1 E5:1 F#5:1 A5:1
  A5:3! F#5:1 | D5:3 E5:1 | F#5:3 E5:1 | D5:2 Bb4:2 | A4:1 D5:5`;

/** Pad chords overlap a little, so that harmony melts instead of changing. */
function padNotes(chord: PlacedChord): Note[] {
  const pitches = [pitchOf(chord.bass) + 12, ...pitchesOf(chord)];
  const beats = chord.beats + 0.4;
  return pitches.map((pitch, index) => ({
    beat: chord.beat,
    beats: chord.beat === lastBeat ? 4.6 : beats,
    pitch,
    velocity: index === 0 ? 0.75 : 0.62,
  }));
}

/** A harp wanders through each chord, up and part of the way down, now and then leaving a step out. */
function harpNotes(chord: PlacedChord): Note[] {
  const tones = pitchesOf(chord);
  const ladder = [...tones, ...tones.map((pitch) => pitch + 12)];
  const path = chord.beat === lastBeat ? [0, 1, 2, 3, 4, 5, 6, 7] : [0, 2, 4, 5, 6, 5, 3, 2];
  return path.flatMap((step, index) => {
    const pitch = ladder[step] ?? 62;
    const isLeftOut = index > 0 && chord.beat < lastBeat && session.random() < 0.16;
    const velocity = 0.38 + 0.14 * session.random() + (index === 0 ? 0.1 : 0);
    return isLeftOut ? [] : [{ beat: chord.beat + index / 2, beats: 3, pitch, velocity }];
  });
}

function tuneLanes(): Lane[] {
  const notes = melody(tune, 0, 1, 0.7);
  const farewell = morse("73", pitchOf("A5"), lastBeat + 3, 0.13);
  const struck = perform(session, transpose(notes, 12), bell, { pan: 0.2, looseness: 0.02 });
  const hammered = perform(session, notes, electricPiano, { pan: -0.1, looseness: 0.02 });
  const sung = perform(session, notes.slice(8), whistle, { pan: 0.1, looseness: 0.03 });
  const keyed = perform(session, farewell, telegraph, { pan: 0.35 });
  return [
    { audio: struck, gain: 0.2, room: 0.7, echo: 0.35 },
    { audio: hammered, gain: 0.62, room: 0.4, echo: 0.2 },
    { audio: sung, gain: 0.2, room: 0.9, echo: 0.2 },
    { audio: keyed, gain: 0.16, room: 0.3, echo: 0.15 },
  ];
}

export function skywaveAtDusk(): Stereo {
  const harp = pluckedString({ ring: 5, brightness: 0.4 });
  const sea = bed(session, (side) => waves(session.seconds, session.random, side * 0.8));
  const low = chords.map((chord) => {
    return {
      beat: chord.beat,
      beats: chord.beats - 0.1,
      pitch: pitchOf(chord.bass),
      velocity: 0.6,
    };
  });
  const harpStage = { pan: 0, spread: 0.7, looseness: 0.02 };
  const lanes: Lane[] = [
    ...tuneLanes(),
    {
      audio: perform(session, chords.flatMap(padNotes), pad, { spread: 0.8 }),
      gain: 0.75,
      room: 0.45,
    },
    {
      audio: perform(session, chords.flatMap(harpNotes), harp, harpStage),
      gain: 0.5,
      room: 0.5,
      echo: 0.3,
    },
    { audio: perform(session, low, pedal), gain: 0.5, room: 0.05 },
    { audio: sea, gain: 0.09, room: 0.1 },
  ];
  return mix(session, lanes, { seconds: 4.2, damping: 0.3, size: 1.5 }, 1.5);
}
