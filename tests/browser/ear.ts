// What the page plays, by ear: its tones, and when they and the titles change.
import type { Page } from "playwright-core";

/** `levels(hertz)` and `peak()` of what is heard at this moment. */
export const EAR = `(() => {
  const audio = document.querySelector("audio");
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024, smoothingTimeConstant: 0 });
  context.createMediaElementSource(audio).connect(analyser).connect(context.destination);
  const [levels, wave] = [0, 1].map(() => new Uint8Array(analyser.fftSize));
  window.level = (hertz) => {
    analyser.getByteFrequencyData(levels);
    return levels[Math.round((hertz * analyser.fftSize) / context.sampleRate)];
  };
  window.peak = () => {
    analyser.getByteTimeDomainData(wave);
    return Math.max(...wave) - 128;
  };
})()`;

/** Notes on performance.now()'s clock when the high tone is heard first, and when each title was shown. */
export const WATCH = `${EAR};
  window.noted = { highMs: 0, titles: {} };
  setInterval(() => {
    const isHigh = level(2000) > 120 && level(330) < level(2000) - 30;
    if (isHigh && !window.noted.highMs) window.noted.highMs = performance.now();
  }, 20);
  const title = document.querySelector("#title");
  new MutationObserver(() => (window.noted.titles[title.textContent] ??= performance.now()))
    .observe(title, { childList: true, characterData: true, subtree: true });`;

interface Noted {
  readonly highMs: number;
  readonly titles: Readonly<Record<string, number>>;
}

export const noted = (page: Page): Promise<Noted> => page.evaluate("window.noted");
