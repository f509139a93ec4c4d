import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Locator } from "playwright-core";
import type { Task } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { until } from "../harness/until.ts";
import { detail, focusOn, live, quickAdd, row, title, toast } from "./app.ts";
import { startWeb, type Web, type WindowOptions } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

const start = async (context: TestContext, titles: readonly string[], options: WindowOptions = {}) => {
  const user = await web.taskflow.client.register();
  for (const each of titles) await user.api("POST", "/tasks", { title: each });
  const page = await web.open(context, { user, ...options });
  await page.goto("/all");
  await live(page);
  if (titles[0] !== undefined) await row(page, titles[0]).waitFor();
  return { user, page };
};

const tasksOf = async (user: TestUser): Promise<Task[]> =>
  (await user.api<{ tasks: Task[] }>("GET", "/tasks")).body.tasks;

test("a title that is too long says by how much, is neither cut nor lost, and is saved when it fits", async (context) => {
  const { user, page } = await start(context, ["Book the hotel"]);
  const long = "x".repeat(260);
  const problem = page.getByText("5 characters too long: at most 255 characters can be saved");
  await focusOn(page, "Book the hotel");
  await page.keyboard.press("F2");
  const field = page.getByRole("main").getByRole("textbox", { name: "Title" });
  await field.fill(long);
  await field.press("Enter");
  await problem.waitFor();
  await page.reload();
  await problem.waitFor();
  assert.equal(await field.inputValue(), long);
  await field.fill(long.slice(5));
  await field.press("Enter");
  await until("it is saved", async () => (await tasksOf(user))[0]?.title === long.slice(5));

  await quickAdd(page).fill(long);
  await quickAdd(page).press("Enter");
  await problem.waitFor();
  assert.equal(await quickAdd(page).inputValue(), long);
  assert.equal((await tasksOf(user)).length, 1);
});

test("a pasted line that is longer than a title may be is whole in the description, and that is said before", async (context) => {
  const { user, page } = await start(context, []);
  const long = "word ".repeat(80).trim();
  await quickAdd(page).focus();
  await page.evaluate(
    `document.activeElement.dispatchEvent(Object.assign(new Event("paste", { bubbles: true, cancelable: true }), { clipboardData: { getData: () => ${JSON.stringify(`Short\n${long}`)} } }))`,
  );
  await page.getByText(/1 line is longer than a title may be/).waitFor();
  await page.getByRole("button", { name: "Add 2 tasks" }).click();
  await until("both are there", async () => (await tasksOf(user)).length === 2);
  assert.ok((await tasksOf(user)).some(({ description }) => description === long));
});

test("a time that is none stays in its field and says so; it is not quietly another one", async (context) => {
  const { page } = await start(context, ["Book the hotel"]);
  await focusOn(page, "Book the hotel");
  await page.keyboard.press("d");
  const time = page.getByLabel("Time", { exact: true });
  await time.fill("25:70");
  await time.press("Enter");
  await page.getByRole("alert").getByText("“25:70” is no time of a day; 00:00 to 23:59 are").waitFor();
  assert.equal(await time.inputValue(), "25:70");
  await page.keyboard.press("Escape");
  await toast(page, "“25:70” is no time of a day; 00:00 to 23:59 are").waitFor();
});

const direction = (element: Locator): Promise<string> =>
  element.evaluate((node) => (node.matches(":dir(rtl)") ? "rtl" : "ltr"));

test("what people wrote runs in the direction of its own words", async (context) => {
  const { page } = await start(context, ["לקנות חלב", "Buy milk"]);
  assert.equal(await direction(title(page, "לקנות חלב")), "rtl");
  assert.equal(await direction(title(page, "Buy milk")), "ltr");
  assert.equal(await direction(quickAdd(page)), "ltr");
  await quickAdd(page).fill("לחם");
  assert.equal(await direction(quickAdd(page)), "rtl");
  await quickAdd(page).fill("");
  await title(page, "לקנות חלב").click();
  assert.equal(await direction(detail(page).getByRole("textbox", { name: "Title" })), "rtl");
});

const cover = async (one: Locator, other: Locator): Promise<boolean> => {
  const [a, b] = [await one.boundingBox(), await other.boundingBox()];
  if (a === null || b === null) return false;
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
};

for (const device of ["desktop", "phone"] as const)
  test(`a toast does not lie over the bar of the selected tasks (${device})`, async (context) => {
    const { page } = await start(
      context,
      Array.from({ length: 30 }, (_, index) => `Task ${index}`),
      { device, reducedMotion: true },
    );
    await focusOn(page, "Task 0");
    await page.keyboard.press("x");
    const bar = page.getByRole("toolbar", { name: "Actions for the selected tasks" });
    await bar.getByRole("button", { name: "Priority" }).click();
    await page.getByRole("menuitemradio", { name: "High" }).click();
    const message = page.getByRole("dialog").filter({ hasText: "1 task set to high priority" });
    await message.waitFor();
    await until("it is beside the bar", async () => !(await cover(message, bar)));
    await message.getByRole("button", { name: "Undo" }).click();
    await toast(page, "Undone: 1 task set to high priority").waitFor();
    assert.equal(await page.getByRole("button", { name: "Undo" }).count(), 0);
  });
