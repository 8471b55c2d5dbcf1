// Numbers, times and words as the desk shows them.

/** "3h 12m": the two largest units. @param {number} seconds */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const amounts = [
    `${Math.floor(whole / 86_400)}d`,
    `${Math.floor(whole / 3600) % 24}h`,
    `${Math.floor(whole / 60) % 60}m`,
    `${whole % 60}s`,
  ];
  const first = amounts.findIndex((amount) => !amount.startsWith("0"));
  return first < 0 ? "0s" : amounts.slice(first, first + 2).join(" ");
}

/** "1.4 MB". @param {number} bytes */
export function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${units[power]}`;
}

/** "1,234". @param {number} number */
export function count(number) {
  return number.toLocaleString("en");
}

/** "1 listener", "2 listeners". @param {number} number @param {string} noun */
export function plural(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** "0.3 s". @param {number} seconds */
export function lag(seconds) {
  return `${seconds.toFixed(1)} s`;
}

/** "21:05" in local time. @param {number} unixSeconds @param {boolean} [withSeconds] */
export function clock(unixSeconds, withSeconds = false) {
  const at = new Date(unixSeconds * 1000);
  const parts = [at.getHours(), at.getMinutes(), ...(withSeconds ? [at.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** @type {Readonly<Record<string, string>>} */
const KINDS = { live: "Live", relay: "Relay", playlist: "Playlist", silence: "Silence" };

/** What a badge says of an input on air. @param {string} kind */
export function kindText(kind) {
  return KINDS[kind] ?? kind;
}

/** @type {Intl.DisplayNames | null} */
let countries = null;

/** "Germany" for "DE". @param {string} code */
export function countryText(code) {
  countries ??= new Intl.DisplayNames(["en"], { type: "region" });
  return code === "" ? "–" : (countries.of(code) ?? code);
}
