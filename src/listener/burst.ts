// Pure: how far behind the head a listener begins.

/** Chromium's media element plays only when it has read 32 KiB of a stream. Averages lie a little, and a burst begins
 * with a whole frame. */
const CHROMIUM_BYTES = 36 * 1024;

/** Chrome, Edge, Opera, Android's WebView, Electron and Chromecast all say so. */
export function isChromium(userAgent: string): boolean {
  return /Chrom(?:e|ium)\/\d/.test(userAgent);
}

/** The configured burst, or for Chromium as many seconds as it needs to start at a low bitrate (kbit/s; 0: unknown). */
export function chromiumBurst(burstSeconds: number, bitrate: number): number {
  if (bitrate <= 0) return burstSeconds;
  return Math.max(burstSeconds, (CHROMIUM_BYTES * 8) / (bitrate * 1000));
}
