import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/**
 * Shows the page in a colour scheme, with all that was on its way there: colours that are half faded in are nobody's
 * choice.
 */
const show = async (page: Page, colorScheme: "light" | "dark"): Promise<void> => {
  await page.emulateMedia({ colorScheme });
  await page.evaluate("for (const animation of document.getAnimations()) animation.finish()");
};

/**
 * What axe finds in light, and of what depends on colours in dark. The app has no frames, which legacy mode leaves out.
 */
export const violations = async (page: Page): Promise<string[]> => {
  await show(page, "light");
  const light = await new AxeBuilder({ page }).setLegacyMode().analyze();
  await show(page, "dark");
  const dark = await new AxeBuilder({ page })
    .setLegacyMode()
    .withRules(["color-contrast", "link-in-text-block"])
    .analyze();
  return [...light.violations, ...dark.violations].flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = "" }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
  );
};
