// axe-core's rules on a page, in every theme and size that people have.
import axe from "axe-core";
import type { Page } from "playwright-core";

export const THEMES = ["light", "dark"] as const;
const SIZES = [
  { width: 1280, height: 860 },
  { width: 360, height: 780 },
] as const;

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** What breaks a rule, as it is now. */
export async function violations(page: Page): Promise<string[]> {
  if (await page.evaluate<boolean>("!window.axe")) await page.evaluate(`${axe.source}; 0`);
  const found = await page.evaluate<Finding[]>("axe.run().then((found) => found.violations)");
  return found.map(({ id, impact, nodes }) => {
    return `${impact} ${id}: ${nodes.map(({ html }) => html).join(" ")}`;
  });
}

/** In all themes and sizes; nothing may stick out to the side either. */
export async function examine(page: Page): Promise<string[]> {
  const findings: string[] = [];
  for (const colorScheme of THEMES) {
    for (const size of SIZES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize(size);
      const found = await violations(page);
      findings.push(...found.map((finding) => `${colorScheme} ${size.width}: ${finding}`));
      const width = await page.evaluate<number>("document.documentElement.scrollWidth");
      if (width > size.width) findings.push(`${size.width}: the page is ${width} wide`);
    }
  }
  return findings;
}
