// Pure: the drawn sunrise as SVG, for pages.
import { type Bar, type Ridge, type Scene, sunriseScene } from "./sunrise-scene.ts";

function short(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The outline of a landscape layer: its top from left to right, then around the bottom. */
function ridge({ colour, points, isSmooth }: Ridge): string {
  const line = points.map(([x, y], at) => {
    const [beforeX, beforeY] = points[at - 1] ?? [0, 0];
    const half = short((beforeX + x) / 2);
    if (at === 0) return `M${short(x)} ${short(y)}`;
    return isSmooth
      ? `C${half} ${short(beforeY)} ${half} ${short(y)} ${short(x)} ${short(y)}`
      : `L${short(x)} ${short(y)}`;
  });
  return `<path fill="${colour}" d="${line.join("")}V400H0Z"/>`;
}

function bar({ x, y, width, height }: Bar, more = ""): string {
  return `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${height}" rx="${height / 2}"${more}/>`;
}

function sea({ glints, colours: { sun, land } }: Scene): string {
  const [far = "", near = "", nearest = ""] = land;
  const bars = glints.map((glint) => bar(glint, ` opacity="${short(glint.opacity)}"`));
  return (
    `<linearGradient id="w" x1="0" y1="0" x2="0" y2="1"><stop stop-color="${far}"/><stop offset=".45" stop-color="${near}"/>` +
    `<stop offset="1" stop-color="${nearest}"/></linearGradient><path fill="url(#w)" d="M0 270h400v130H0z"/><g fill="${sun}">${bars.join("")}</g>`
  );
}

/** Stars at night, streaks of haze by day. */
function sky({ stars, haze, colours: { isDark, sun } }: Scene): string {
  const circles = stars.map(
    ({ x, y, r }) => `<circle cx="${short(x)}" cy="${short(y)}" r="${short(r)}"/>`,
  );
  const marks = [...circles, ...haze.map((streak) => bar(streak))];
  return `<g fill="${sun}" opacity="${isDark ? 0.75 : 0.4}">${marks.join("")}</g>`;
}

function rings({ rings: all, colours: { sun } }: Scene): string {
  const circles = all.map(
    ({ r, opacity }) => `<circle r="${short(r)}" opacity="${short(opacity)}"/>`,
  );
  return `<g transform="translate(200 190)" fill="none" stroke="${sun}" stroke-width="2.2">${circles.join("")}</g>`;
}

/** A 400 by 400 SVG without text. Without its sun it is a backdrop for another motif. */
export function sunriseSvg(artist: string, title: string, hasSun = true): string {
  const scene = sunriseScene(artist, title, hasSun);
  const land = scene.glints.length > 0 ? sea(scene) : scene.ridges.map(ridge).join("");
  const above = `${BACKGROUND}${sky(scene)}${GLOW}${rings(scene)}${hasSun ? SUN : ""}`;
  return `${HEAD}${gradients(scene)}${above}${land}</svg>`;
}

const HEAD =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">';
const BACKGROUND = '<path fill="url(#k)" d="M0 0h400v400H0z"/>';
const GLOW = '<circle cx="200" cy="190" r="190" fill="url(#g)"/>';
const SUN = '<circle cx="200" cy="190" r="62" fill="url(#s)"/>';

function gradients({ colours: { sky: stripes, glow, sun } }: Scene): string {
  const stops = stripes.map((colour, at) => `<stop offset="${at * 0.36}" stop-color="${colour}"/>`);
  return (
    `<linearGradient id="k" x1="0" y1="0" x2="0" y2="1">${stops.join("")}</linearGradient>` +
    `<radialGradient id="g"><stop stop-color="${glow}" stop-opacity=".85"/>` +
    `<stop offset="1" stop-color="${glow}" stop-opacity="0"/></radialGradient>` +
    `<radialGradient id="s" cy=".36"><stop stop-color="${sun}"/>` +
    `<stop offset="1" stop-color="${glow}"/></radialGradient>`
  );
}
