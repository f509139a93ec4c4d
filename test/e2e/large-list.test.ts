import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { BulkOperation, TaskList } from "../../src/contract/task.ts";
import { until } from "../harness/until.ts";
import { live, row } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

const COUNT = 5_000;
const PER_REQUEST = 500;

test("5,000 tasks in one list: few rows on the page, and the scroll and the keyboard reach the last", async (context) => {
  const user = await web.taskflow.client.register();
  for (let from = 0; from < COUNT; from += PER_REQUEST) {
    const operations = Array.from({ length: PER_REQUEST }, (_, index): BulkOperation => ({
      op: "create",
      task: { title: `Task ${String(from + index + 1).padStart(4, "0")}` },
    }));
    assert.equal((await user.api("POST", "/tasks/bulk", { operations })).status, 200);
  }
  const page = await web.open(context, { user });
  await page.goto("/all?sort=title");
  await page.getByText("5,000 tasks to do").waitFor();
  await live(page);
  const rows = page.getByRole("main").getByRole("listitem");
  const few = async (): Promise<void> =>
    assert.ok((await rows.count()) < 80, `${await rows.count()} rows are on the page`);
  await row(page, "Task 0001").waitFor();
  await few();
  assert.equal(await row(page, "Task 0001").getAttribute("aria-setsize"), String(COUNT));

  for (let step = 1; step <= 20; step += 1) {
    await page.evaluate(
      `{ const main = document.querySelector("main"); main.scrollTo(0, main.scrollHeight * ${step} / 20); }`,
    );
    await few();
  }
  await row(page, "Task 5000").waitFor();
  assert.equal(await row(page, "Task 5000").getAttribute("aria-posinset"), String(COUNT));
  await row(page, "Task 5000").getByRole("link").focus();
  await page.keyboard.press("k");
  await until("the row above has the focus", () =>
    page.evaluate<boolean>(`document.activeElement.textContent === "Task 4999"`),
  );
  await page.keyboard.press("e");
  await page.getByText("4,999 tasks to do").waitFor();
  await until(
    "the server has it",
    async () => (await user.api<TaskList>("GET", "/tasks?status=completed")).body.total === 1,
  );

  await page.reload();
  await page.getByText("4,999 tasks to do").waitFor();
  await few();
});
