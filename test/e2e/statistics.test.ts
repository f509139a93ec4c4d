import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { createSettableClock } from "../harness/settable-clock.ts";
import { live, openView } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

/** A Wednesday, for the page and for the server. */
const now = "2027-03-10T12:00:00Z";

let web: Web;
before(async () => {
  web = await startWeb({ clock: createSettableClock(now) });
});
after(() => web.stop());

interface Done {
  readonly at: string;
  readonly due?: string;
  readonly priority?: "low" | "high";
}

const complete = async (user: TestUser, done: readonly Done[]): Promise<void> => {
  for (const { at, due, priority } of done) {
    const task = {
      title: `Done ${at}`,
      ...(due === undefined ? {} : { due_date: due }),
      ...(priority === undefined ? {} : { priority }),
    };
    const { id } = (await user.api<WrittenTask>("POST", "/tasks", task)).body;
    await user.api("POST", `/tasks/${id}/complete`);
    await web.taskflow.query("UPDATE tasks SET completed_at = $2 WHERE id = $1", [id, at]);
  }
};

const done: readonly Done[] = [
  { at: "2027-03-10T09:00:00Z", due: "2027-03-10", priority: "high" },
  { at: "2027-03-09T09:00:00Z", due: "2027-03-08" },
  { at: "2027-03-09T10:00:00Z" },
  { at: "2027-03-01T10:00:00Z", due: "2027-03-01T12:00", priority: "low" },
  { at: "2026-12-24T10:00:00Z" },
];

const number = (page: Page, name: string): Locator =>
  page.getByRole("definition").filter({ has: page.locator(`xpath=../dt[text()="${name}"]`) });
const rows = async (page: Page, title: string): Promise<string[]> =>
  (await page.getByRole("region", { name: title, exact: true }).getByRole("row").allInnerTexts()).map((row) =>
    row.replaceAll(/\s+/g, " ").trim(),
  );

test("what was completed is counted by day, week, priority and punctuality, as plots and as tables", async (context) => {
  const user = await web.taskflow.client.register();
  await complete(user, done);
  const page = await web.open(context, { user, now });
  await page.goto("/today");
  await live(page);
  await openView(page, "Statistics");
  await page
    .getByRole("img", { name: /^Completed per day: 4 tasks/ })
    .locator("path")
    .first()
    .waitFor();
  await number(page, "completed in 30 days").getByText("4", { exact: true }).waitFor();
  await number(page, "on time").getByText("67%").waitFor();
  await number(page, "current streak").getByText("2 days").waitFor();

  for (const title of ["Completed per day", "On time and late, by week", "By priority"])
    await page.getByRole("button", { name: `Table: ${title}` }).click();
  assert.deepEqual((await rows(page, "Completed per day")).slice(0, 4), [
    "Day Completed",
    "Wed, 10 Mar 2027 1",
    "Tue, 9 Mar 2027 2",
    "Mon, 8 Mar 2027 0",
  ]);
  assert.deepEqual((await rows(page, "On time and late, by week")).slice(0, 3), [
    "Week of On time Late No date Completed",
    "8 Mar 2027 1 1 1 3",
    "1 Mar 2027 1 0 0 1",
  ]);
  assert.deepEqual(await rows(page, "By priority"), [
    "Priority Completed Share",
    "High 1 25%",
    "Medium 2 50%",
    "Low 1 25%",
  ]);
  await page.reload();
  await page.getByRole("table").first().waitFor();
  assert.equal(await page.getByRole("table").count(), 3, "the tables are in the address");
});

test("the range is chosen by keyboard, stands in the address, and counts what is completed meanwhile", async (context) => {
  const user = await web.taskflow.client.register();
  await complete(user, done);
  const page = await web.open(context, { user, now });
  await page.goto("/statistics");
  await live(page);
  await number(page, "completed in 30 days").waitFor();
  await page.getByRole("group", { name: "Range" }).getByRole("button", { name: "30 days" }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await number(page, "completed in 90 days").getByText("5", { exact: true }).waitFor();
  await page.waitForURL(/days=90/);
  const { id } = (await user.api<WrittenTask>("POST", "/tasks", { title: "One more" })).body;
  await user.api("POST", `/tasks/${id}/complete`);
  await number(page, "completed in 90 days").getByText("6", { exact: true }).waitFor();
});

test("without anything completed it says so and leads on", async (context) => {
  const user = await web.taskflow.client.register();
  const page = await web.open(context, { user });
  await page.goto("/statistics");
  await page.getByRole("heading", { name: "Nothing to count yet" }).waitFor();
  await page.getByRole("main").getByRole("button", { name: "Go to All" }).click();
  await page.getByRole("heading", { level: 1, name: "All" }).waitFor();
});
