// What is said about a station's own colours: which of them are hard to read, and what is used in their place.
import { expect, test } from "bun:test";
import { brandingNotes, brandingWarnings } from "../../src/config/branding-warnings.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import { testConfig } from "../support/config.ts";
import { problemsOf } from "./problems-of.ts";

const { branding: plain } = testConfig();

function said(branding: Partial<typeof plain>) {
  const config = { branding: { ...plain, ...branding } };
  return { warnings: brandingWarnings(config), notes: brandingNotes(config) };
}

test("nothing, of a station without colours", () => {
  expect(said({})).toEqual({ warnings: [], notes: [] });
});

test("of an accent that is too pale, the nearest that holds on the light page", () => {
  expect(said({ accent: "#ffcc00" })).toEqual({
    warnings: [
      "branding.accent #ffcc00 has a contrast of 1.3:1 as text on the light page: #846800, the nearest that has 4.5:1 (WCAG AA), is used there",
    ],
    notes: [],
  });
});

test("of one that is too dark for the dark page, what is derived from it, once it is asked for", () => {
  const { warnings, notes } = said({ accent: "#00539c" });
  expect(warnings).toEqual([]);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(
    /^branding\.accent #00539c has a contrast of \d\.\d:1 as text on the dark page: #\w{6}, /,
  );
});

test("of one that is set for the dark page and does not hold there", () => {
  const { warnings } = said({ accent: "#00539c", accentDark: "#00539c" });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toStartWith("branding.accent_dark #00539c has a contrast of ");
  expect(said({ accent: "#00539c", accentDark: "#7db8ff" }).warnings).toEqual([]);
});

test("of a background that is too dark for the letters of the light page", () => {
  const { warnings } = said({ background: "#102a43" });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(
    /^branding\.background #102a43 has .* under text on the light page: /,
  );
  expect(said({ background: "#ffffff", backgroundDark: "#000000" }).warnings).toEqual([]);
});

test("nothing, of a background that is a picture", () => {
  expect(said({ background: "/srv/radio/harbour.jpg" }).warnings).toEqual([]);
});

const FILE = "/srv/radio/config.hcl";

test("the keys take colours, files beside the configuration, and links", async () => {
  const { branding, link, page, server } = await parseConfig(
    FILE,
    `server { public_url = "https://radio.example/live/" }
branding {
  logo = "logo.svg"
  accent = "#ABC"
  background = "harbour.jpg"
  css = "own.css"
}
page {
  show_listeners = false
  embed_on = ["https://example.org", "https://*.example.net", "capacitor://localhost"]
}
link "Mastodon" { url = "https://social.example/@radio" }
link "Mail" { url = "mailto:studio@radio.example" }
`,
    {},
  );
  expect(server.publicUrl).toBe("https://radio.example/live");
  expect(branding).toMatchObject({
    logo: "/srv/radio/logo.svg",
    accent: "#aabbcc",
    background: "/srv/radio/harbour.jpg",
    css: "/srv/radio/own.css",
  });
  expect(page).toMatchObject({ showListeners: false, showDeveloperLinks: true });
  expect(page.embedOn).toHaveLength(3);
  expect(link.map(({ label, url }) => [label, url])).toEqual([
    ["Mastodon", "https://social.example/@radio"],
    ["Mail", "mailto:studio@radio.example"],
  ]);
});

test.each([
  ['branding { accent = "red" }', "a colour like"],
  ['branding { background = "#12" }', "a colour like"],
  ['link "x" { url = "javascript:alert(1)" }', "an http://, https:// or mailto: address"],
  ['page { embed_on = ["*; script-src *"] }', "a list of at most 32 sites"],
  ['page { embed_on = ["https://a.example/path"] }', "a list of at most 32 sites"],
  ['server { public_url = "https://a.example/?x" }', "an http:// or https:// address"],
])("%s is refused", async (text, expected) => {
  expect((await problemsOf(text)).map((problem) => problem.expected)).toEqual([
    expect.stringContaining(expected),
  ]);
});
