import type { Page } from "playwright-core";
import { until } from "../harness/until.ts";

/** Where the focus is, in the words of a user: a row, the panel, a layer, a field or button; "the page" when it is lost. */
export const focusPlace = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return "the page";
    if (element.closest('[role="dialog"]:not([aria-modal="false"]), [role="menu"]')) return "a layer";
    const row = element.closest("li")?.querySelector("[id^='task-']");
    if (row) return "row " + row.textContent;
    if (element.closest("#panel")) return "the panel";
    if (element.id === "main") return "the view";
    const name = element.getAttribute("aria-label") ?? element.textContent;
    return element.closest("[data-empty]") ? "first step " + name : name;
  })()`);

/** Waits until the focus is where it should be, and says where it is instead. */
export const focusIs = async (page: Page, place: string): Promise<void> => {
  let found = "";
  await until(`the focus is at ${place}`, async () => {
    found = await focusPlace(page);
    return found === place;
  }).catch((error: unknown) => {
    throw new Error(`the focus should be at ${place}, and is at ${found}`, { cause: error });
  });
};
