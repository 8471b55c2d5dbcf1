// What the page says of a made-up station, for tests of its renderings.
import { type PageView, pageView } from "../../../src/http/page/page-view.ts";
import type { MountFacts, StationFacts } from "../../../src/facts/facts.ts";
import { testConfig } from "../../support/config.ts";
import { STATION } from "../../facts/example.ts";

export const BASE = "https://radio.example/live";

/** The first mount of the example with other facts. */
export function viewWith(
  mount: Partial<MountFacts> = {},
  view: Partial<PageView> = {},
  config = testConfig(),
): PageView {
  const [first, ...others] = STATION.mounts;
  const changed = { ...first, ...mount };
  const facts: StationFacts = { ...STATION, mounts: [changed, ...others] };
  return { ...pageView(facts, changed, { base: BASE, signed: "" }, config), ...view };
}
