import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { Task, TaskList } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { createSettableClock } from "../harness/settable-clock.ts";
import { until } from "../harness/until.ts";
import { violations } from "./accessible.ts";
import { gone, hasKeyboard, live, openAdd, quickAdd, row } from "./app.ts";
import { startWeb, type Web, type WindowOptions } from "./browser.ts";

/** A Wednesday. */
const now = "2027-03-10T10:00:00Z";
const clock = createSettableClock("2027-03-10T10:00:00Z");

let web: Web;
before(async () => {
  web = await startWeb({ clock });
});
after(() => web.stop());

const open = async (
  context: TestContext,
  options: WindowOptions = {},
): Promise<{ page: Page; user: TestUser; parts: Locator }> => {
  const user = await web.taskflow.client.register({ time_zone: "UTC" });
  const page = await web.open(context, { user, now, reducedMotion: true, ...options });
  await page.goto("/all");
  await live(page);
  await openAdd(page);
  return { page, user, parts: page.getByRole("list", { name: "Understood" }).getByRole("listitem") };
};

const saved = async (user: TestUser, title: string): Promise<Task> => {
  const find = async (): Promise<Task | undefined> =>
    (await user.api<TaskList>("GET", "/tasks?kind=all")).body.tasks.find((task) => task.title === title);
  await until(`${title} is on the server`, async () => (await find()) !== undefined);
  const task = await find();
  assert.ok(task);
  return task;
};

/** The words that are tinted behind the field. */
const tinted = (page: Page): Promise<string[]> => page.locator("form mark").allTextContents();

test("what a line says is tinted and told while one types, and taken on Enter", async (context) => {
  const { page, user, parts } = await open(context);
  await quickAdd(page).pressSequentially("Pay rent tomorrow 9am !high remind 1 day before");
  await parts.nth(3).waitFor();
  assert.deepEqual(await parts.allInnerTexts(), ["Tomorrow", "09:00", "High", "1 day before"]);
  assert.deepEqual(await tinted(page), ["tomorrow", "9am", "!high", "remind 1 day before"]);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Enter");
  await row(page, "Pay rent").waitFor();
  assert.equal(await quickAdd(page).inputValue(), "");
  await gone(parts.first());
  const { due_date, priority, reminders } = await saved(user, "Pay rent");
  assert.deepEqual([due_date, priority, reminders?.[0]?.offset], ["2027-03-11T09:00", "high", "P1D"]);
});

test("a part that is made text again stays in the title, also when the line is edited and the page loaded anew", async (context) => {
  const { page, user, parts } = await open(context);
  await quickAdd(page).fill("Watch the film tomorrow");
  await parts.first().waitFor();
  await page.getByRole("button", { name: "Keep “tomorrow” as text" }).click();
  await gone(parts.first());
  await page.keyboard.press("End");
  await page.keyboard.type(" !low");
  await parts.filter({ hasText: "Low" }).waitFor();
  assert.deepEqual(await parts.allInnerTexts(), ["Low"]);
  await page.reload();
  await parts.filter({ hasText: "Low" }).waitFor();
  assert.deepEqual(await parts.allInnerTexts(), ["Low"]);
  await quickAdd(page).press("Enter");
  const { due_date, priority } = await saved(user, "Watch the film tomorrow");
  assert.deepEqual([due_date, priority], [null, "low"]);
});

test("a line that is entered before it can be understood waits for that, and is added once", async (context) => {
  const user = await web.taskflow.client.register({ time_zone: "UTC" });
  const page = await web.open(context, { user, now, reducedMotion: true });
  const arrival = Promise.withResolvers<void>();
  await page.route("**/assets/parser-*.js", async (route) => {
    await arrival.promise;
    await route.continue();
  });
  await page.goto("/all");
  await live(page);
  await quickAdd(page).fill("Pay rent tomorrow");
  await quickAdd(page).press("Enter");
  await quickAdd(page).press("Enter");
  assert.equal(await quickAdd(page).isEditable(), false);
  arrival.resolve();
  await row(page, "Pay rent").waitFor();
  await until("the field is free again", () => quickAdd(page).isEditable());
  assert.equal((await saved(user, "Pay rent")).due_date, "2027-03-11");
  assert.equal(await row(page, "Pay rent").count(), 1);
});

test("a repeat is told as it will be, and makes a series", async (context) => {
  const { page, user, parts } = await open(context);
  await quickAdd(page).fill("Water the plants every other friday at 8");
  await parts.first().waitFor();
  const [repeat = ""] = await parts.allInnerTexts();
  await quickAdd(page).press("Enter");
  await row(page, "Water the plants").waitFor();
  await until("the first date is a row of its series", async () => {
    const { body } = await user.api<TaskList>("GET", "/tasks");
    return body.tasks.some(
      ({ due_date, occurrence_date }) => due_date === "2027-03-12T08:00" && occurrence_date != null,
    );
  });
  const { body } = await user.api<TaskList>("GET", "/tasks?kind=series");
  assert.deepEqual(
    body.tasks.map(({ recurrence_text }) => recurrence_text),
    [repeat.split("\n")[0]],
  );
  await until("one row is left", async () => (await row(page, "Water the plants").count()) === 1);
});

test("a date that cannot be stays, and says why", async (context) => {
  const { page, user } = await open(context);
  await quickAdd(page).fill("Party 31 feb");
  await page.getByText("“31 feb” stays in the title").waitFor();
  await quickAdd(page).press("Enter");
  assert.equal((await saved(user, "Party 31 feb")).due_date, null);
});

test("each pasted line is understood, and shown before it is added", async (context) => {
  const { page, user } = await open(context);
  await quickAdd(page).focus();
  await page.evaluate(`{
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "- Call Ann friday 3pm\\n- Buy milk\\n- Send the report tomorrow !1");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }`);
  const offer = page.getByRole("status").filter({ hasText: "You pasted 3 lines" });
  await offer.getByText("Fri · 15:00").waitFor();
  assert.match(await offer.innerText(), /Call Ann\s*Fri · 15:00\s*Buy milk\s*Send the report\s*Tomorrow · High/);
  await offer.getByRole("button", { name: "Add 3 tasks" }).click();
  await row(page, "Buy milk").waitFor();
  const tasks = await Promise.all(["Call Ann", "Buy milk", "Send the report"].map((title) => saved(user, title)));
  assert.deepEqual(
    tasks.map(({ due_date, priority }) => [due_date, priority]),
    [
      ["2027-03-12T15:00", "medium"],
      [null, "medium"],
      ["2027-03-11", "high"],
    ],
  );
});

test("the due picker takes words, typed right away, and shows what they come to", async (context) => {
  const { page, user } = await open(context);
  await quickAdd(page).fill("Dentist");
  await quickAdd(page).press("Enter");
  await row(page, "Dentist").waitFor();
  await quickAdd(page).press("Escape");
  await page.keyboard.press("d");
  const picker = page.getByRole("dialog", { name: "Due date" });
  await hasKeyboard(picker);
  await page.keyboard.type("next fri 3pm");
  await picker.getByText("19 Mar 15:00").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Enter");
  await gone(picker);
  await until("the server has the date", async () => (await saved(user, "Dentist")).due_date === "2027-03-19T15:00");
});

test("on a phone it is the same, in thumb's reach", async (context) => {
  const { page, user, parts } = await open(context, { device: "phone", theme: "dark" });
  await quickAdd(page).fill("Dentist next fri 15:30");
  await parts.nth(1).waitFor();
  assert.deepEqual(await tinted(page), ["next fri", "15:30"]);
  assert.deepEqual(await violations(page), []);
  await quickAdd(page).press("Enter");
  assert.equal((await saved(user, "Dentist")).due_date, "2027-03-19T15:30");
});
