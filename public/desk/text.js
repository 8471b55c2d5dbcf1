// Words and numbers as the desk shows them.

/**
 * @param {string} tag
 * @param {string} text
 * @param {string} [name] its class
 */
export function make(tag, text = "", name = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (name !== "") element.className = name;
  return element;
}

/** "3h 12m": the two largest units. @param {number} seconds */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const units = [
    ["d", Math.floor(whole / 86_400)],
    ["h", Math.floor(whole / 3600) % 24],
    ["m", Math.floor(whole / 60) % 60],
    ["s", whole % 60],
  ];
  const first = units.findIndex(([, amount]) => Number(amount) > 0);
  if (first < 0) return "0s";
  return units
    .slice(first, first + 2)
    .map(([unit, amount]) => `${amount}${unit}`)
    .join(" ");
}

/** "1.4 MB". @param {number} bytes */
export function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${units[power]}`;
}

/** @param {number} number */
export function count(number) {
  return number.toLocaleString("en");
}

/** "1 listener", "2 listeners". @param {number} number @param {string} noun */
export function plural(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** @param {number} seconds */
export function lag(seconds) {
  return `${seconds.toFixed(1)} s`;
}

/** @param {number} unixSeconds @param {boolean} [withSeconds] */
export function clock(unixSeconds, withSeconds = false) {
  const at = new Date(unixSeconds * 1000);
  const parts = [at.getHours(), at.getMinutes(), ...(withSeconds ? [at.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** Artist and title, whichever there are. @param {{ title: string, artist: string }} metadata */
export function titleParts({ title, artist }) {
  return [artist, title].filter(Boolean);
}
