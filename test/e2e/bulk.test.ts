import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import type { TaskList } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { until } from "../harness/until.ts";
import { focusOn, live, row, toast } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

/** Three tasks of one day, as they differ in everything but the day; the page stands on a later one. */
const dues = { Whole: "2027-03-01", Morning: "2027-03-01T09:00", Evening: "2027-03-01T17:00:00.000Z" };
const today = "2027-03-05";

const dueDates = async (user: TestUser): Promise<Record<string, string | null>> => {
  const { tasks } = (await user.api<TaskList>("GET", "/tasks")).body;
  return Object.fromEntries(tasks.map((task) => [task.title, task.due_date]));
};

const have = (user: TestUser, expected: Record<string, string | null>): Promise<void> =>
  until("the server has the due dates", async () => {
    const found = await dueDates(user);
    return Object.entries(expected).every(
      ([name, due]) => found[name] === due || Date.parse(found[name] ?? "") === Date.parse(due ?? ""),
    );
  });

const open = async (context: TestContext, given = dues): Promise<{ page: Page; user: TestUser }> => {
  const user = await web.taskflow.client.register();
  for (const [name, due_date] of Object.entries(given)) await user.api("POST", "/tasks", { title: name, due_date });
  const page = await web.open(context, { user, now: `${today}T12:00:00Z` });
  await page.goto("/today");
  await live(page);
  await row(page, "Evening").waitFor();
  return { page, user };
};

const selectAll = async (page: Page): Promise<void> => {
  for (const name of Object.keys(dues)) {
    await focusOn(page, name);
    await page.keyboard.press("x");
  }
  await page.getByText("3 selected").waitFor();
};

const moved = { Whole: today, Morning: `${today}T09:00`, Evening: `${today}T17:00:00.000Z` };

test("tasks that get a day together keep each its time and what kind of time it is", async (context) => {
  const { page, user } = await open(context);
  await selectAll(page);
  await page.getByRole("toolbar").getByRole("button", { name: "Due date" }).click();
  await page
    .getByRole("dialog", { name: "Due date" })
    .getByRole("button", { name: /^Today/ })
    .click();
  await toast(page, "3 tasks due Today").waitFor();
  await have(user, moved);
  await page.keyboard.press("Control+z");
  await have(user, dues);
});

test("tasks that get a time together keep each its day", async (context) => {
  const apart = { Whole: "2027-03-01", Morning: "2027-03-02T09:00", Evening: "2027-03-03T17:00:00.000Z" };
  const { page, user } = await open(context, apart);
  await selectAll(page);
  await page.getByRole("toolbar").getByRole("button", { name: "Due date" }).click();
  const time = page.getByRole("dialog", { name: "Due date" }).getByLabel("Time", { exact: true });
  assert.equal(await time.inputValue(), "");
  await time.fill("10:30");
  await time.press("Enter");
  const timed = { Whole: "2027-03-01T10:30", Morning: "2027-03-02T10:30", Evening: "2027-03-03T10:30:00.000Z" };
  await have(user, timed);
});

test("rescheduling all that is late, or one, keeps times", async (context) => {
  const { page, user } = await open(context);
  await page.getByRole("button", { name: "Reschedule all to today" }).click();
  await have(user, moved);
  await focusOn(page, "Evening");
  await page.keyboard.press("d");
  await page
    .getByRole("dialog", { name: "Due date" })
    .getByRole("button", { name: /^Tomorrow/ })
    .click();
  await have(user, { ...moved, Evening: "2027-03-06T17:00:00.000Z" });
});
