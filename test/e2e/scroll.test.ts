import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import { until } from "../harness/until.ts";
import { detail, gone, live, openView, quickAdd, row, runCommand, title, toast } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";
import { focusIs } from "./focus.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

const COUNT = 120;
const now = "2027-03-01T10:00:00Z";
const name = (index: number): string => `Task ${String(index).padStart(3, "0")}`;

const open = async (context: TestContext): Promise<Page> => {
  const user = await web.taskflow.client.register();
  const operations = Array.from({ length: COUNT }, (_, index) => ({
    op: "create",
    task: { title: name(index), due_date: "2027-03-01" },
  }));
  await user.api("POST", "/tasks/bulk", { operations });
  const page = await web.open(context, { user, now });
  await page.goto("/all?sort=title");
  await page.getByText(`${COUNT} tasks to do`).waitFor();
  await live(page);
  return page;
};

const scrollTo = async (page: Page, top: number): Promise<void> => {
  await page.evaluate(`document.querySelector("main").scrollTo(0, ${top})`);
  await scrolled(page, top);
};
const scrolled = (page: Page, top: number): Promise<void> =>
  until(`scrolled to ${top}`, () => page.evaluate<boolean>(`document.querySelector("main").scrollTop === ${top}`));
const inView = (page: Page, task: string): Promise<void> =>
  until(`“${task}” is in view`, async () => {
    const [row, view] = await Promise.all([title(page, task).boundingBox(), page.getByRole("main").boundingBox()]);
    return row !== null && view !== null && row.y >= view.y && row.y + row.height <= view.y + view.height;
  });

test("going back and reloading come to where one was; a view that is gone to begins at its top", async (context) => {
  const page = await open(context);
  await scrollTo(page, 1600);
  await openView(page, "Today");
  await scrolled(page, 0);
  await scrollTo(page, 400);
  await page.goBack();
  await scrolled(page, 1600);
  await page.goForward();
  await scrolled(page, 400);
  await page.goBack();
  await scrolled(page, 1600);
  await page.reload();
  await scrolled(page, 1600);
  await row(page, name(45)).waitFor();
  // A task that is opened and closed leaves the list where it is.
  await title(page, name(42)).click();
  await detail(page).waitFor();
  await page.goBack();
  await gone(detail(page));
  await scrolled(page, 1600);
});

test("the row of an open task is in view, from whichever door, also after a reload", async (context) => {
  const page = await open(context);
  await runCommand(page, name(100), new RegExp(`^${name(100)}`));
  await focusIs(page, "the panel");
  await inView(page, name(100));
  await page.reload();
  await detail(page).waitFor();
  await inView(page, name(100));
  for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press("j");
  await inView(page, name(105));
});

test("a task that is added out of view says where it is, with a way to it", async (context) => {
  const page = await open(context);
  const add = async (text: string): Promise<void> => {
    await quickAdd(page).fill(text);
    await quickAdd(page).press("Enter");
  };
  const show = (): Promise<void> => page.getByRole("button", { name: "Show" }).click();
  await add("Zebra");
  await toast(page, "Added “Zebra”, out of sight in this list").waitFor();
  await show();
  await focusIs(page, "row Zebra");
  await inView(page, "Zebra");

  await openView(page, "Upcoming");
  await quickAdd(page).fill("Without a day");
  await page.getByRole("button", { name: "Remove due date" }).click();
  await quickAdd(page).press("Enter");
  await toast(page, "Added “Without a day” to All").waitFor();
  await show();
  await page.getByRole("heading", { level: 1, name: "All" }).waitFor();
  await focusIs(page, "row Without a day");
  await inView(page, "Without a day");

  // What is added in sight needs no word.
  await openView(page, "Upcoming");
  await add("In plain sight");
  await row(page, "In plain sight").waitFor();
  assert.equal(await page.getByText("Added “In plain sight”").count(), 0);
});
