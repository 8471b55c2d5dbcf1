// A source that drops is expected back: what is below live waits, then writes what listeners have lived on.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Hold } from "../../src/mount/hold.ts";
import { Lead } from "../../src/mount/lead.ts";
import { LIVE, PLAYLIST, SILENCE, SUNK } from "../../src/mount/priority.ts";
import { FakeInput } from "./fake-input.ts";
import { bytesOf, Stage, voice } from "./stage.ts";

/** A source whose audio ends at 10 s; its listeners can live on half of their burst, 2.5 s. */
function dropped(): { lead: Lead; hold: Hold } {
  const lead = new Lead();
  lead.add(1000, 9000);
  const buffer = { sizeMb: 1, burstSeconds: 5, rewindSeconds: 0 };
  return { lead, hold: new Hold(lead, () => ({ sourceGrace: 5, buffer })) };
}

test("a drop keeps out what is below live for as long as the reserve lasts", () => {
  const { hold } = dropped();
  hold.begin(10_000);
  for (const priority of [PLAYLIST, SUNK]) {
    expect(hold.keepsOut({ priority }, 12_499)).toBe(true);
    expect(hold.keepsOut({ priority }, 12_500)).toBe(false);
  }
  expect(hold.keepsOut({ priority: LIVE }, 10_000)).toBe(false);
  expect(hold.keepsOut(null, 10_000)).toBe(true);
});

test("what a source was late with before it dropped has been lived on already", () => {
  const { hold } = dropped();
  hold.begin(12_000);
  expect(hold.keepsOut({ priority: PLAYLIST }, 12_499)).toBe(true);
  expect(hold.keepsOut({ priority: PLAYLIST }, 12_500)).toBe(false);
});

test("the playlist is due where the source's audio ended, so it writes at once what listeners missed", () => {
  const { hold } = dropped();
  hold.begin(10_000);
  expect(hold.end({ priority: PLAYLIST }, 0, 12_500)).toBe(10_000);
});

test("audio that a source sent ahead plays first", () => {
  const { lead, hold } = dropped();
  lead.add(4000, 10_000);
  expect(hold.end({ priority: PLAYLIST }, 0, 10_000)).toBe(14_000);
});

test("a source that returned in time leaves less of the reserve, until another input has written it", () => {
  const { lead, hold } = dropped();
  hold.begin(10_000);
  hold.end({ priority: LIVE }, 0, 11_000);
  lead.add(1000, 11_000);
  hold.begin(12_000);
  expect(hold.keepsOut({ priority: PLAYLIST }, 13_499)).toBe(true);
  expect(hold.keepsOut({ priority: PLAYLIST }, 13_500)).toBe(false);
  // One second from the first drop, and one and a half from the second.
  expect(hold.end({ priority: PLAYLIST }, 11_000, 13_500)).toBe(11_000);
  lead.add(1000, 20_000);
  hold.begin(21_000);
  expect(hold.keepsOut({ priority: PLAYLIST }, 23_499)).toBe(true);
});

test("a source that stalls when the reserve was used up owes what it was late with too", () => {
  const { lead, hold } = dropped();
  hold.begin(10_000);
  hold.end({ priority: LIVE }, 0, 12_000);
  lead.add(1000, 12_000);
  expect(hold.leftMs).toBe(500);
  expect(hold.end({ priority: PLAYLIST }, 12_000, 15_000)).toBe(11_000);
  expect(hold.leftMs).toBe(2500);
});

test("an input that paces itself owes nothing, however long ago a source was live", () => {
  const { hold } = dropped();
  expect(hold.end({ priority: PLAYLIST }, 50_000, 60_000)).toBe(60_000);
});

test("on a mount, a live input that drops stays on air until it is back or its listeners' reserve ends", () => {
  using stage = new Stage({ sourceGrace: 5, burstSeconds: 4 });
  const { mount, live, playlist } = stage;
  stage.attachAll();
  live.ready = playlist.ready = true;
  mount.write(live, voice.live(2), 0);
  mount.lead.add(1000, 0);
  mount.detach(live, 1000, true);
  mount.advance(1000);
  expect(mount.onAir).toBe(live);
  expect(mount.live).toBeNull();
  const again = new FakeInput("live");
  mount.attach(again);
  again.ready = true;
  mount.write(again, voice.live(3), 2000);
  expect(mount.onAir).toBe(again);
  expect(playlist.calls).toEqual([]);
  mount.lead.add(1000, 2000);
  mount.detach(again, 3000, true);
  mount.advance(3999);
  expect(mount.onAir).toBe(again);
  mount.advance(4000);
  expect(mount.onAir).toBe(playlist);
});

test("one that was kicked, or waits, keeps nothing out", () => {
  using stage = new Stage({ sourceGrace: 5 });
  const { mount, live, playlist } = stage;
  stage.attachAll();
  live.ready = playlist.ready = true;
  const other = new FakeInput("live");
  mount.attach(other);
  mount.write(live, voice.live(2), 0);
  mount.detach(other, 1, true);
  expect(mount.onAir).toBe(live);
  mount.detach(live, 2);
  expect(mount.onAir).toBe(playlist);
});

describe("audio that players miss of their store", () => {
  const playlist = { priority: PLAYLIST };
  const others = {
    silence: { priority: SILENCE, isFiller: true },
    live: { priority: LIVE, isFed: true },
    sunk: { priority: SUNK, isFed: true },
    nothing: null,
  };
  const names = Object.keys(others) as (keyof typeof others)[];

  test("is due at once in the next input that paces itself, once, however many others come before", () => {
    const [missing, most] = [fc.nat(100_000), fc.nat(60_000)];
    fc.assert(
      fc.property(
        missing,
        most,
        fc.array(fc.constantFrom(...names)),
        (missingMs, mostMs, before) => {
          const { hold } = dropped();
          hold.owe(() => missingMs, mostMs);
          for (const name of before) expect(hold.end(others[name], 50_000, 60_000)).toBe(60_000);
          const owedMs = Math.min(missingMs, mostMs);
          expect(hold.end(playlist, 50_000, 60_000)).toBe(60_000 - owedMs);
          expect(hold.end(playlist, 50_000, 70_000)).toBe(70_000);
        },
      ),
    );
  });

  test("is counted when that goes on air, and is never less than none", () => {
    const { hold } = dropped();
    let missingMs = 1000;
    hold.owe(() => missingMs, 60_000);
    missingMs = 3000;
    expect(hold.end(playlist, 50_000, 60_000)).toBe(57_000);
    hold.owe(() => -1000, 60_000);
    expect(hold.end(playlist, 50_000, 60_000)).toBe(60_000);
  });

  test("comes on top of what listeners have lived on, whose reserve it leaves as it is", () => {
    const { hold } = dropped();
    hold.owe(() => 4000, 60_000);
    expect(hold.leftMs).toBe(2500);
    hold.begin(10_000);
    expect(hold.keepsOut(playlist, 12_499)).toBe(true);
    expect(hold.end(playlist, 0, 12_500)).toBe(6000);
  });

  test("is not written when nobody misses it any more", () => {
    const { hold } = dropped();
    hold.owe(() => 4000, 60_000);
    hold.forgive();
    expect(hold.end(playlist, 50_000, 60_000)).toBe(60_000);
  });

  test("reaches a listener of the stream whole and in order, behind the silence that it joined in", () => {
    using stage = new Stage();
    const { mount, playlist: tracks } = stage;
    stage.attachAll();
    mount.hold.owe(() => 5000, 60_000);
    mount.advance(1000);
    mount.write(stage.silence, voice.silence(20), 1000);
    tracks.ready = true;
    mount.advance(2000);
    expect(tracks.takeOwed()).toBe(5);
    mount.write(tracks, voice.playlist(200), 2000);
    const heard = stage.heard();
    expect(heard.audio.equals(bytesOf(voice.silence(20), voice.playlist(200)))).toBe(true);
  });
});
