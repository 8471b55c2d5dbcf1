// Pure: what a link to the station's page becomes on pages that embed it, after oembed.com.
import { escapeXml, branch, leaf, xmlDocument } from "../../stats/xml.ts";
import { embedUrl } from "./embed-url.ts";
import { type PageView, pageTitle, pageUrl, previewUrl } from "./page-view.ts";

/** Pages that embed ask again after this long. */
const CACHE_SECONDS = 300;

const WIDTH = 480;
const HEIGHT = 170;

/** Smaller players are hard to use. */
const LEAST = { width: 300, height: 80 };

/** Width and height. */
const PICTURE = 400;

export interface MaxSize {
  /** In pixels; Infinity for any. */
  readonly width: number;
  readonly height: number;
}

function frameOf(view: PageView, width: number, height: number): string {
  const source = escapeXml(embedUrl(view));
  return (
    `<iframe src="${source}" title="${escapeXml(view.name)}" width="${width}" height="${height}" ` +
    'style="border:0;border-radius:16px;max-width:100%" loading="lazy"></iframe>'
  );
}

export function oembedOf(view: PageView, most: MaxSize) {
  const width = Math.max(LEAST.width, Math.min(WIDTH, most.width));
  const height = Math.max(LEAST.height, Math.min(HEIGHT, most.height));
  const hasPicture = most.width >= PICTURE && most.height >= PICTURE;
  const picture = { thumbnail_width: PICTURE, thumbnail_height: PICTURE };
  return {
    version: "1.0",
    type: "rich",
    title: pageTitle(view),
    author_name: view.name,
    author_url: pageUrl(view),
    provider_name: view.name,
    provider_url: `${view.base}/`,
    cache_age: CACHE_SECONDS,
    ...(hasPicture && { thumbnail_url: previewUrl(view), ...picture }),
    html: frameOf(view, width, height),
    width,
    height,
  };
}

export type Oembed = ReturnType<typeof oembedOf>;

export function oembedXml(answer: Oembed): string {
  const leaves = Object.entries(answer).map(([name, value]) => leaf(name, value));
  return xmlDocument(branch("oembed", leaves));
}
