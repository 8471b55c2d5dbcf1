// Pure: how far behind the head a listener begins.

/** Chromium's media element starts only after reading 32 KiB of a stream. The extra covers errors of the
 * average bitrate and whole frames. */
const CHROMIUM_BYTES = 36 * 1024;

/** Part of the User-Agent of Chrome, Edge, Opera, Android's WebView, Electron and Chromecast. */
export function isChromium(userAgent: string): boolean {
  return /Chrom(?:e|ium)\/\d/.test(userAgent);
}

/** The configured burst, or, for Chromium at a low bitrate (kbit/s; 0: unknown), the seconds it needs to start. */
export function chromiumBurst(burstSeconds: number, bitrate: number): number {
  if (bitrate <= 0) return burstSeconds;
  return Math.max(burstSeconds, (CHROMIUM_BYTES * 8) / (bitrate * 1000));
}

/** The burst for this client, in seconds. `bitrate`: as above. */
export function burstFor(
  userAgent: string,
  { burstSeconds }: { readonly burstSeconds: number },
  bitrate: number,
): number {
  return isChromium(userAgent) ? chromiumBurst(burstSeconds, bitrate) : burstSeconds;
}
