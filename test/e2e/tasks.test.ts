import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import type { NewTask, Task, TaskList } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { createSettableClock } from "../harness/settable-clock.ts";
import { until } from "../harness/until.ts";
import { add, focusOn, gone, holdToast, live, openView, quickAdd, row, title, titles, toast } from "./app.ts";
import { startWeb, type Web, type WindowOptions } from "./browser.ts";

/** A Wednesday. */
const now = "2027-03-10T10:00:00Z";
/** The server's clock is a little behind: what is just added stays below what the server has seen already. */
const clock = createSettableClock("2027-03-10T09:00:00Z");

let web: Web;
before(async () => {
  web = await startWeb({ clock });
});
after(() => web.stop());

const openWith = async (
  context: TestContext,
  view: string,
  tasks: readonly NewTask[] = [],
  options: WindowOptions = {},
): Promise<{ page: Page; user: TestUser }> => {
  const user = await web.taskflow.client.register({ time_zone: "UTC" });
  for (const task of tasks) await user.api("POST", "/tasks", task);
  const page = await web.open(context, { user, now, ...options });
  await page.goto(view);
  await live(page);
  for (const task of tasks) await row(page, task.title).waitFor();
  return { page, user };
};

const onServer = async ({ api }: TestUser, status = "all"): Promise<Task[]> =>
  (await api<TaskList>("GET", `/tasks?status=${status}`)).body.tasks;
const named = async (user: TestUser, name: string): Promise<Task | undefined> =>
  (await onServer(user)).find(({ title }) => title === name);

test("q leads to the field, Enter adds and keeps it", async (context) => {
  const { page, user } = await openWith(context, "/today");
  await page.keyboard.press("q");
  await page.keyboard.type("Buy milk");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Post the letter");
  await page.keyboard.press("Enter");
  await row(page, "Post the letter").waitFor();
  assert.deepEqual(await titles(page), ["Buy milk", "Post the letter"]);
  assert.equal(await quickAdd(page).inputValue(), "");
  await until("both are on the server", async () => (await onServer(user)).length === 2);
  assert.deepEqual(
    (await onServer(user)).map(({ due_date }) => due_date),
    ["2027-03-10", "2027-03-10"],
  );
});

test("several pasted lines become as many tasks, in one step that Ctrl-Z takes back", async (context) => {
  const { page, user } = await openWith(context, "/all");
  await quickAdd(page).focus();
  await page.evaluate(`{
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "Flour\\n- Eggs\\n\\n[ ] Butter");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }`);
  await page.getByRole("button", { name: "Add 3 tasks" }).click();
  await row(page, "Butter").waitFor();
  assert.deepEqual((await titles(page)).toSorted(), ["Butter", "Eggs", "Flour"]);
  await until("all are on the server", async () => (await onServer(user)).length === 3);
  await quickAdd(page).press("Escape");
  await page.keyboard.press("Control+z");
  await page.getByRole("heading", { name: "No tasks yet" }).waitFor();
  await until("none is on the server", async () => (await onServer(user)).length === 0);
});

test("a title is edited in its row: Enter saves, Escape does not", async (context) => {
  const { page, user } = await openWith(context, "/all", [{ title: "Pay rnet" }]);
  await row(page, "Pay rnet").hover();
  await page.getByRole("button", { name: "Rename Pay rnet" }).click();
  await page.getByRole("textbox", { name: "Title" }).fill("Pay rent");
  await page.keyboard.press("Enter");
  await row(page, "Pay rent").waitFor();
  await until("the server has it", async () => (await named(user, "Pay rent")) !== undefined);
  await page.keyboard.press("F2");
  await page.getByRole("textbox", { name: "Title" }).fill("Something else");
  await page.keyboard.press("Escape");
  await row(page, "Pay rent").waitFor();
  assert.equal(await page.getByText("Something else").count(), 0);
});

test("a title that the server refuses says so on its row and keeps the text", async (context) => {
  const { page, user } = await openWith(context, "/all", [{ title: "Pay rent" }], { expected: /422/ });
  await page.route("**/api/v1/tasks/*", (route) => route.continue({ postData: JSON.stringify({ title: " " }) }));
  await focusOn(page, "Pay rent");
  await page.keyboard.press("F2");
  await page.getByRole("textbox", { name: "Title" }).fill("Pay the rent");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("Not saved").waitFor();
  await page.unroute("**/api/v1/tasks/*");
  await page.getByRole("button", { name: "Try again" }).click();
  assert.equal(await page.getByRole("textbox", { name: "Title" }).inputValue(), "Pay the rent");
  await page.keyboard.press("Enter");
  await row(page, "Pay the rent").waitFor();
  await until("the server has it", async () => (await named(user, "Pay the rent")) !== undefined);
  await gone(page.getByRole("alert").getByText("Not saved"));
});

test("completing closes the row; the toast names the task and takes it back, Ctrl-Z does too", async (context) => {
  const { page, user } = await openWith(context, "/today", [
    { title: "Call mum", due_date: "2027-03-10" },
    { title: "Run", due_date: "2027-03-10" },
  ]);
  await page.getByRole("button", { name: "Complete Call mum" }).click();
  await holdToast(page, "Completed “Call mum”");
  await gone(row(page, "Call mum"));
  await until("the server has it", async () => (await named(user, "Call mum"))?.completed === true);
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await row(page, "Call mum").waitFor();
  await until("the server took it back", async () => (await named(user, "Call mum"))?.completed === false);

  await page.getByRole("button", { name: "Complete Call mum" }).click();
  await gone(row(page, "Call mum"));
  await page.keyboard.press("Control+z");
  await row(page, "Call mum").waitFor();
  await until("the server took it back again", async () => (await named(user, "Call mum"))?.completed === false);
});

test("a completed task stands in Completed and is reopened there", async (context) => {
  const { page, user } = await openWith(context, "/all", [{ title: "Read the contract" }]);
  await page.getByRole("button", { name: "Complete Read the contract" }).click();
  await gone(row(page, "Read the contract"));
  await openView(page, "Completed");
  await page.getByRole("button", { name: "Reopen Read the contract" }).click();
  await page.getByRole("heading", { name: "Nothing completed yet" }).waitFor();
  await until("the server has both", async () => (await named(user, "Read the contract"))?.version === 3);
  assert.equal((await named(user, "Read the contract"))?.completed, false);
});

test("a deleted task waits in the trash and is restored from there", async (context) => {
  const { page, user } = await openWith(context, "/all", [{ title: "Old idea" }]);
  await row(page, "Old idea").hover();
  await page.getByRole("button", { name: "Delete Old idea" }).click();
  await toast(page, "Moved “Old idea” to the trash").waitFor();
  await gone(row(page, "Old idea"));
  await until("the server has it", async () => (await onServer(user)).length === 0);
  await openView(page, "Trash");
  await page.getByRole("button", { name: "Restore Old idea" }).click();
  await page.getByRole("heading", { name: "The trash is empty" }).waitFor();
  await openView(page, "All");
  await row(page, "Old idea").waitFor();
  await until("the server has it back", async () => (await onServer(user)).length === 1);
});

test("the due picker's days: Today, Tomorrow, Weekend, Next week, any day of the grid, none", async (context) => {
  const { page, user } = await openWith(context, "/all", [{ title: "Plan the trip" }]);
  const due = (expected: string | null) =>
    until(`due ${expected}`, async () => (await named(user, "Plan the trip"))?.due_date === expected);
  const pick = async (button: string | RegExp): Promise<void> => {
    await focusOn(page, "Plan the trip");
    await page.keyboard.press("d");
    await page.getByRole("dialog", { name: "Due date" }).getByRole("button", { name: button }).first().click();
    await gone(page.getByRole("dialog", { name: "Due date" }));
  };
  await pick(/^Today/);
  await due("2027-03-10");
  await row(page, "Plan the trip").getByText("Today").waitFor();
  await pick(/^Tomorrow/);
  await due("2027-03-11");
  await pick(/^Weekend/);
  await due("2027-03-13");
  await pick(/^Next week/);
  await due("2027-03-15");
  await row(page, "Plan the trip").getByText("Mon").waitFor();
  await pick(/^Sunday,? 28 March 2027/);
  await due("2027-03-28");
  await focusOn(page, "Plan the trip");
  await page.keyboard.press("d");
  await page.getByRole("button", { name: "Next month" }).click();
  await page.getByRole("button", { name: /^Friday,? 30 April 2027/ }).click();
  await due("2027-04-30");
  await row(page, "Plan the trip").getByText("30 Apr").waitFor();
  await pick("Remove date");
  await due(null);
});

test("the due picker's time and its two kinds", async (context) => {
  const { page, user } = await openWith(context, "/all", [{ title: "Call Tokyo", due_date: "2027-03-12" }]);
  await page.goto("/settings");
  await page.getByLabel("Time zone").selectOption("Asia/Tokyo");
  await toast(page, "Saved").waitFor();
  await openView(page, "All");
  const due = (expected: string) =>
    until(`due ${expected}`, async () => (await named(user, "Call Tokyo"))?.due_date === expected);
  await focusOn(page, "Call Tokyo");
  await page.keyboard.press("d");
  await page.getByLabel("Time", { exact: true }).fill("09:30");
  await due("2027-03-12T09:30");
  await page.getByRole("radio", { name: /Fixed moment/ }).check();
  await due("2027-03-12T00:30:00.000Z");
  await page.getByRole("radio", { name: /My local time/ }).check();
  await due("2027-03-12T09:30");
  await page.getByRole("button", { name: "Remove time" }).click();
  await due("2027-03-12");
  await page.keyboard.press("Escape");
  await gone(page.getByRole("dialog", { name: "Due date" }));
});

test("what is overdue stands first in Today, and one button moves all of it to today", async (context) => {
  const tasks = [
    { title: "Due today", due_date: "2027-03-10" },
    { title: "Late by a day", due_date: "2027-03-09" },
    { title: "Late, with a time", due_date: "2027-03-08T18:00" },
  ];
  const { page, user } = await openWith(context, "/today", tasks);
  assert.deepEqual(await titles(page), ["Late, with a time", "Late by a day", "Due today"]);
  await page.getByText("2 tasks overdue, 1 due today").waitFor();
  await page.getByRole("button", { name: "Reschedule all to today" }).click();
  await page.getByRole("button", { name: "Undo", exact: true }).hover();
  await gone(page.getByRole("heading", { name: /^Overdue/ }));
  await until("the server has it", async () =>
    (await onServer(user)).every(({ due_date }) => due_date?.startsWith("2027-03-10") === true),
  );
  assert.equal((await named(user, "Late, with a time"))?.due_date, "2027-03-10T18:00");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.getByRole("heading", { name: /^Overdue/ }).waitFor();
});

test("a priority is chosen in its menu and shown on the row", async (context) => {
  const { page, user } = await openWith(context, "/all", [{ title: "File the taxes" }]);
  await focusOn(page, "File the taxes");
  await page.keyboard.press("p");
  await page.getByRole("menuitemradio", { name: "High" }).click();
  await row(page, "File the taxes").getByText("High priority").waitFor();
  await until("the server has it", async () => (await named(user, "File the taxes"))?.priority === "high");
});

test("All is sorted as chosen; the choice is in the address", async (context) => {
  const { page } = await openWith(context, "/all", [
    { title: "b", priority: "low" },
    { title: "a", due_date: "2027-04-01" },
    { title: "c", priority: "high" },
  ]);
  assert.deepEqual(await titles(page), ["a", "c", "b"]);
  const sort = async (name: string, expected: string[]): Promise<void> => {
    await page.getByRole("button", { name: /^Sort by/ }).click();
    await page.getByRole("menuitemradio", { name }).click();
    await until(`sorted by ${name}`, async () => (await titles(page)).join() === expected.join());
  };
  await sort("Priority", ["c", "a", "b"]);
  await sort("Newest first", ["c", "a", "b"]);
  await sort("Title", ["a", "b", "c"]);
  await page.reload();
  await until("the sorting has stayed", async () => (await titles(page)).join() === "a,b,c");
  assert.match(page.url(), /sort=title/);
});

test("several tasks are selected and changed in one step", async (context) => {
  const { page, user } = await openWith(
    context,
    "/all",
    ["One", "Two", "Three", "Four"].map((title) => ({ title })),
  );
  for (const name of ["One", "Two", "Three"]) {
    await focusOn(page, name);
    await page.keyboard.press("x");
  }
  const bar = page.getByRole("toolbar", { name: "Actions for the selected tasks" });
  await bar.getByText("3 selected").waitFor();
  await bar.getByRole("button", { name: "Due date" }).click();
  await page
    .getByRole("dialog", { name: "Due date" })
    .getByRole("button", { name: /^Tomorrow/ })
    .click();
  await until(
    "three are due tomorrow",
    async () => (await onServer(user)).filter(({ due_date }) => due_date === "2027-03-11").length === 3,
  );
  await bar.getByRole("button", { name: "Priority" }).click();
  await page.getByRole("menuitemradio", { name: "High" }).click();
  await until(
    "three are high",
    async () => (await onServer(user)).filter(({ priority }) => priority === "high").length === 3,
  );
  await bar.getByRole("button", { name: "Complete" }).click();
  await toast(page, "Completed 3 tasks").waitFor();
  await until("one is left", async () => (await titles(page)).join() === "Four");
  await page.keyboard.press("Control+z");
  await row(page, "Two").waitFor();
  await focusOn(page, "Two");
  await page.keyboard.press("x");
  await page.getByRole("button", { name: "Clear selection" }).click();
  await gone(bar);
  await focusOn(page, "One");
  await page.keyboard.press("x");
  await bar.getByRole("button", { name: "Delete" }).click();
  await gone(row(page, "One"));
  await until("the server has it", async () => (await onServer(user)).length === 3);
});

test("a task deleted while its row is being looked at leaves no trace of the keyboard behind", async (context) => {
  const { page } = await openWith(context, "/all", [{ title: "One" }, { title: "Two" }, { title: "Three" }]);
  await title(page, "Two").focus();
  await page.keyboard.press("Delete");
  await gone(row(page, "Two"));
  await until("the next row has the focus", () =>
    page.evaluate<boolean>(`document.activeElement.textContent === "Three"`),
  );
  await add(page, "Four");
});

test("a view stays sorted as it was chosen, in its address and when one comes back", async (context) => {
  const { page } = await openWith(context, "/all", [{ title: "Banana" }, { title: "Apple" }]);
  await row(page, "Apple").waitFor();
  await page.getByRole("button", { name: "Sort by Due date" }).click();
  await page.getByRole("menuitemradio", { name: "Title" }).click();
  await page.waitForURL(/sort=title/);
  await until("it is sorted", async () => (await titles(page)).join() === "Apple,Banana");
  await page.goto("/trash");
  await page.goto("/all");
  await page.getByRole("button", { name: "Sort by Title" }).waitFor();
  await page.goto("/today");
  await page.getByRole("button", { name: "Sort by Due date" }).waitFor();
});

test("the trash is emptied after a question", async (context) => {
  const user = await web.taskflow.client.register({ time_zone: "UTC" });
  const { body } = await user.api<Task>("POST", "/tasks", { title: "Old list" });
  await user.api("DELETE", `/tasks/${body.id}`);
  const page = await web.open(context, { user, now });
  await page.goto("/trash");
  await live(page);
  await row(page, "Old list").waitFor();
  const empty = page.getByRole("button", { name: "Empty trash" });
  const asked = page.getByRole("dialog", { name: "Empty trash" });
  await empty.click();
  await asked.getByText("1 task will be removed for good").waitFor();
  await asked.getByRole("button", { name: "Cancel" }).click();
  await row(page, "Old list").waitFor();
  await empty.click();
  await asked.getByRole("button", { name: "Delete for good" }).click();
  await toast(page, "Removed 1 task for good").waitFor();
  await page.getByText("The trash is empty").waitFor();
  assert.equal((await user.api("POST", `/tasks/${body.id}/restore`)).status, 404);
});
