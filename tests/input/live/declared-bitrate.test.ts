// The bitrate that encoders say, as each of them says it.
import { expect, test } from "bun:test";
import { declaredBitrate } from "../../../src/input/live/declared-bitrate.ts";

test.each([
  [{ "ice-bitrate": "128" }, 128],
  [{ "icy-br": "96" }, 96],
  [{ "ice-bitrate": "192, 192" }, 192],
  [{ "ice-audio-info": "ice-bitrate=128;ice-channels=2;ice-samplerate=44100" }, 128],
  [{ "ice-audio-info": "channels=2;samplerate=44100;bitrate=64" }, 64],
  [{ "ice-audio-info": "samplerate=44100;quality=4%2e0" }, 0],
  [{ "ice-bitrate": "Quality 4" }, 0],
  [{ "ice-bitrate": "-128" }, 0],
  [{ "ice-bitrate": "99999" }, 0],
  [{}, 0],
])("%j says %p kbit/s", (headers, bitrate) => {
  expect(declaredBitrate(new Map(Object.entries(headers)))).toBe(bitrate);
});
