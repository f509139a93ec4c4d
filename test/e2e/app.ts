import type { Locator, Page } from "playwright-core";
import { until } from "../harness/until.ts";

/** The app as its user sees it: everything is found by role and text. */

/** The row of a task, by its title. */
export const row = (page: Page, title: string): Locator =>
  page.getByRole("listitem").filter({ has: page.getByRole("link", { name: new RegExp(`(^|: )${escape(title)}$`) }) });

/** The link in a row: what has the focus when the keyboard is on the row. */
export const title = (page: Page, text: string): Locator => row(page, text).getByRole("link");

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The titles of the list from the top, as far as they are on the page. */
export const titles = (page: Page): Promise<string[]> =>
  page.getByRole("main").getByRole("listitem").getByRole("link").allInnerTexts();

export const quickAdd = (page: Page): Locator => page.getByRole("textbox", { name: "Add a task" });

/** Shows the field that adds: it is above the list, but on a phone comes from below. */
export const openAdd = async (page: Page): Promise<void> => {
  const onPhone = page.getByRole("button", { name: "New task" });
  if (await onPhone.isVisible()) await onPhone.click();
  await quickAdd(page).waitFor();
};

export const add = async (page: Page, text: string): Promise<void> => {
  await quickAdd(page).fill(text);
  await quickAdd(page).press("Enter");
  await row(page, text).waitFor();
};

/** The pill that tells how this device stands to the server. */
export const pill = (page: Page, text: string | RegExp): Locator => page.getByRole("status").filter({ hasText: text });

export const live = (page: Page): Promise<void> => pill(page, /^Live$/).waitFor();

export const openView = async (page: Page, name: string): Promise<void> => {
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
};

export const detail = (page: Page): Locator => page.getByRole("complementary", { name: "Task details" });

export const toast = (page: Page, text: string): Locator => page.getByText(text, { exact: true }).first();

/**
 * Waits for a toast and rests the pointer on it: as long as it does, the toast stays, so that its button can be used
 * afterwards.
 */
export const holdToast = async (page: Page, text: string): Promise<void> => {
  await toast(page, text).waitFor();
  await toast(page, text).hover();
};

/** Opens the palette and runs what these words find first, as soon as it is what Enter would run. */
export const runCommand = async (page: Page, words: string, option: string | RegExp): Promise<void> => {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill(words);
  await page.getByRole("option", { name: option }).and(page.locator("[data-highlighted]")).waitFor();
  await page.keyboard.press("Enter");
};

/** Waits until something that was on the page is not any more. */
export const gone = (locator: Locator): Promise<void> => locator.waitFor({ state: "detached" });

/**
 * Waits until the focus is within: a dialog takes it a moment after it is seen, and keys pressed before that are the
 * page's.
 */
export const hasKeyboard = (locator: Locator): Promise<void> =>
  until("the focus is within", () => locator.evaluate((element) => element.matches(":focus-within")));

/**
 * Presses keys that mean something together, such as `g` `a`. None waits for what the page does with the one before,
 * which a busy page may do too late.
 */
export const pressInTurn = async (page: Page, keys: readonly string[]): Promise<void> => {
  await Promise.all(keys.map((key) => page.keyboard.press(key)));
};

/** Puts the keyboard on a row, as someone does who has clicked its neighbourhood. */
export const focusOn = async (page: Page, text: string): Promise<void> => title(page, text).focus();

/**
 * Has every reading of the history fail until the answer is called. How far the history has come cannot be read either,
 * so that nothing but the user asks for it again meanwhile; afterwards the page finds that out, and mends itself.
 */
export const failHistory = async (page: Page): Promise<() => Promise<void>> => {
  const reads = "**/api/v1/audit**";
  await page.route(reads, (route) =>
    route.fulfill({ status: 503, json: { status: 503, code: "unavailable", title: "Unavailable" } }),
  );
  return () => page.unroute(reads);
};
