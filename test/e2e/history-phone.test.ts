import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { TestUser } from "../harness/client.ts";
import { createSettableClock } from "../harness/settable-clock.ts";
import { detail, gone, live } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";
import { addRealisticTasks, beginning, now } from "./realistic-tasks.ts";

let web: Web;
let user: TestUser;
before(async () => {
  const clock = createSettableClock(beginning);
  web = await startWeb({ clock });
  user = await addRealisticTasks(web.taskflow, clock);
});
after(() => web.stop());

/** What reaches over the right edge of the window, without what scrolls within itself. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll("main *, aside *")].filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1
    && element.closest("[role=region]") === null && getComputedStyle(element).clipPath === "none").map((element) => element.outerHTML.slice(0, 120))`);

test("on a phone everything of the history fits the screen and is used by touch", async (context) => {
  const page = await web.open(context, { user, device: "phone", now });
  await page.goto("/today");
  await live(page);
  await page.getByRole("button", { name: "Open menu" }).tap();
  await page.getByRole("dialog", { name: "Views" }).getByRole("link", { name: "Activity" }).tap();
  await page.getByText("You completed Cancel the gym").waitFor();
  assert.deepEqual(await tooWide(page), []);

  await page.getByRole("button", { name: "When: Any time" }).tap();
  await page.getByRole("dialog", { name: "When" }).getByRole("button", { name: "Today" }).tap();
  await gone(page.getByText("You completed Publish the release notes"));
  await page.getByRole("button", { name: "Clear filters" }).tap();
  await page.getByRole("link", { name: "Dentist" }).first().tap();
  await detail(page).getByRole("tab", { name: "History" }).tap();
  await detail(page).getByText("You added the task").waitFor();
  assert.deepEqual(await tooWide(page), []);

  await page.goto("/all?as_of=2027-03-05T18:00:00Z");
  await page.getByText("Now Thu 11 Mar 11:00").or(page.getByText("Now Thu, 11 Mar 11:00")).waitFor();
  assert.deepEqual(await tooWide(page), []);
  await page.getByRole("button", { name: "A day later" }).tap();
  await page.getByRole("slider").and(page.locator("[aria-valuetext*='6 Mar']")).waitFor();
  await page.getByRole("button", { name: "Back to now" }).tap();
  await page.getByRole("heading", { level: 1, name: "All", exact: true }).waitFor();

  await page.goto("/statistics?days=90");
  await page
    .getByRole("img", { name: /^By priority/ })
    .locator("path")
    .first()
    .waitFor();
  assert.deepEqual(await tooWide(page), []);
  await page.getByRole("button", { name: "Table: On time and late, by week" }).tap();
  await page.getByRole("table").waitFor();
  assert.deepEqual(await tooWide(page), []);
});
