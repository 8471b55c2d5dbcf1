// Pure: the station and what it broadcasts, in the terms of schema.org, for search engines.
import { type PageView, pageTitle, pageUrl, previewUrl, trackLine } from "./page-view.ts";

type Thing = Readonly<Record<string, unknown>>;

function stationOf(view: PageView): Thing {
  const { base, name, description, genre, links } = view;
  const pages = links.map(({ url }) => url).filter((url) => url.startsWith("http"));
  return {
    "@type": "RadioStation",
    "@id": `${base}/#station`,
    name,
    url: `${base}/`,
    image: previewUrl(view),
    ...(description !== "" && { description }),
    ...(genre !== "" && { knowsAbout: genre }),
    ...(pages.length > 0 && { sameAs: pages }),
    potentialAction: {
      "@type": "ListenAction",
      target: `${base}${encodeURI(view.path)}`,
    },
  };
}

function recordingOf({ title, artist, album }: PageView): Thing {
  return {
    "@type": "MusicRecording",
    name: title,
    ...(artist !== "" && { byArtist: { "@type": "MusicGroup", name: artist } }),
    ...(album !== "" && { inAlbum: { "@type": "MusicAlbum", name: album } }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** null while nothing is broadcast. */
function broadcastOf(view: PageView): Thing | null {
  const { base, isUp, isLive, startedMs, seconds, title, dj } = view;
  if (!isUp) return null;
  const endMs = startedMs === null || seconds === null ? null : startedMs + seconds * 1000;
  return {
    "@type": "BroadcastEvent",
    name: trackLine(view) || dj || pageTitle(view),
    url: pageUrl(view),
    isLiveBroadcast: true,
    publishedBy: { "@id": `${base}/#station` },
    ...(startedMs !== null && { startDate: iso(startedMs) }),
    ...(endMs !== null && { endDate: iso(endMs) }),
    ...(isLive && dj !== "" && { performer: { "@type": "Person", name: dj } }),
    ...(title !== "" && { workPerformed: recordingOf(view) }),
  };
}

/** For a script element: no text in it can end the element. */
export function jsonLd(view: PageView): string {
  const things = [stationOf(view), broadcastOf(view)].filter((thing) => thing !== null);
  const text = JSON.stringify({ "@context": "https://schema.org", "@graph": things });
  return text.replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028");
}
