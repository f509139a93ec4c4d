import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** What axe finds in light, and of what depends on colours in dark. The app has no frames, which legacy mode leaves out. */
export const violations = async (page: Page): Promise<string[]> => {
  await page.emulateMedia({ colorScheme: "light" });
  const light = await new AxeBuilder({ page }).setLegacyMode().analyze();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await new AxeBuilder({ page }).setLegacyMode().withRules(["color-contrast", "link-in-text-block"]).analyze();
  return [...light.violations, ...dark.violations].flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary = "" }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`));
};
