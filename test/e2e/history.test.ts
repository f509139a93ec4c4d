import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { NewTask, Task } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { until } from "../harness/until.ts";
import { detail, failHistory, focusOn, gone, holdToast, live, row, title } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

const openWith = async (
  context: TestContext,
  task: NewTask,
  expected?: RegExp,
): Promise<{ page: Page; user: TestUser; id: string; read: () => Promise<Task> }> => {
  const user = await web.taskflow.client.register();
  const { body } = await user.api<Task>("POST", "/tasks", task);
  const page = await web.open(context, { user, ...(expected === undefined ? {} : { expected }) });
  await page.goto("/all");
  await live(page);
  await row(page, task.title).waitFor();
  return { page, user, id: body.id, read: async () => (await user.api<Task>("GET", `/tasks/${body.id}`)).body };
};

const entries = (page: Page): Locator => detail(page).getByRole("list", { name: "History" }).getByRole("listitem");
const entry = (page: Page, words: string | RegExp): Locator => entries(page).filter({ hasText: words });
const openHistory = async (page: Page): Promise<void> => detail(page).getByRole("tab", { name: "History" }).click();

const showDetails = async (page: Page): Promise<void> =>
  detail(page).getByRole("button", { name: "Show details" }).click();

test("the history says who changed what and when, the latest first", async (context) => {
  const { page, user, id } = await openWith(context, { title: "Book the hotel", due_date: "2027-03-12" });
  await user.api("PATCH", `/tasks/${id}`, { due_date: "2027-03-15T09:00", priority: "high" });
  await user.api("POST", `/tasks/${id}/complete`);
  await page.goto(`/all?task=${id}&tab=history`);
  for (const words of ["You completed it", "You changed it", "You added the task"]) await entry(page, words).waitFor();
  for (const words of await entries(page).allInnerTexts()) assert.doesNotMatch(words, /Version|Request/);
  await showDetails(page);
  await entry(page, /Version 2/).waitFor();
  const [latest, changed, added] = await entries(page).allInnerTexts();
  assert.match(latest ?? "", /You completed it.*(now|minutes? ago)/s);
  // Of the present year a date does not say its year.
  assert.match(
    changed ?? "",
    /You changed it.*Due date\s+Fri,? 12 Mar( 2027)?\s*Mon,? 15 Mar( 2027)? 09:00.*Priority\s+Medium\s*High.*Version 2 · Request \w{8}/s,
  );
  assert.match(added ?? "", /You added the task.*Due date\s+Fri,? 12 Mar( 2027)?/s);
});

test("a move to another zone is no change of a task, and one thing in the activity", async (context) => {
  const user = await web.taskflow.client.register({ time_zone: "Europe/Berlin" });
  const { body } = await user.api<Task>("POST", "/tasks", { title: "Call home", due_date: "2027-03-12T09:00" });
  await user.api("POST", "/tasks", { title: "Call work", due_date: "2027-03-12T10:00" });
  await user.api("PATCH", "/auth/me", { time_zone: "Europe/Lisbon" });
  const page = await web.open(context, { user });
  await page.goto(`/all?task=${body.id}&tab=history`);
  await entry(page, "You added the task").waitFor();
  assert.equal(await entries(page).count(), 1);
  await showDetails(page);
  await entry(page, "You moved to Lisbon").waitFor();
  await page.goto("/activity");
  const activity = page.getByRole("main").getByRole("listitem");
  await activity.filter({ hasText: "You moved to Lisbon" }).getByText("2 tasks follow the clock there").waitFor();
  assert.equal(await activity.filter({ hasText: "changed Call" }).count(), 0);
  await page.getByRole("button", { name: "Show them" }).click();
  await activity.filter({ hasText: "moved to Lisbon: Call home follows" }).waitFor();
});

test("what another device and another actor change appears while one looks", async (context) => {
  const { page, user, id } = await openWith(context, { title: "Book the hotel" });
  await title(page, "Book the hotel").click();
  await openHistory(page);
  await entry(page, "You added the task").waitFor();
  const token = await user.api<{ token: string }>("POST", "/auth/tokens", {
    name: "Kitchen tablet",
    scopes: ["read", "write"],
  });
  await web.taskflow.client.api(token.body.token)("PATCH", `/tasks/${id}`, { priority: "low" });
  await entry(page, "Kitchen tablet (API token) changed it").waitFor();
  assert.equal(await entries(page).count(), 2);
});

test("texts are compared word by word", async (context) => {
  const { page, user, id } = await openWith(context, {
    title: "Call the landlord",
    description: "Ask about the boiler, and <b>rent</b>",
  });
  await user.api("PATCH", `/tasks/${id}`, {
    title: "Call the new landlord",
    description: "Ask about the heating, and <b>rent</b>",
  });
  await page.goto(`/all?task=${id}&tab=history`);
  const changed = entry(page, "You changed it");
  await changed.waitFor();
  assert.deepEqual(await changed.getByRole("insertion").allInnerTexts(), ["new ", "heating"]);
  assert.deepEqual(await changed.getByRole("deletion").allInnerTexts(), ["boiler"]);
  await changed.getByText("<b>rent</b>").waitFor();
});

test("the tab is in the address and goes by keyboard; h opens the history of a row", async (context) => {
  const { page } = await openWith(context, { title: "Book the hotel" });
  await focusOn(page, "Book the hotel");
  await page.keyboard.press("h");
  await entry(page, "You added the task").waitFor();
  await page.waitForURL(/tab=history/);
  await page.reload();
  await entry(page, "You added the task").waitFor();
  await detail(page).getByRole("tab", { name: "History" }).focus();
  await page.keyboard.press("ArrowLeft");
  await detail(page).getByRole("textbox", { name: "Title" }).waitFor();
  await page.waitForURL((url) => !url.searchParams.has("tab"));
  await page.keyboard.press("ArrowRight");
  await entry(page, "You added the task").waitFor();
  await page.keyboard.press("Escape");
  await gone(detail(page));
  await page.waitForURL(({ searchParams }) => !searchParams.has("task") && !searchParams.has("tab"));
});

test("a history that cannot be read says so, and is read again when asked", async (context) => {
  const { page, id } = await openWith(context, { title: "Book the hotel" }, /503/);
  const mend = await failHistory(page);
  await page.goto(`/all?task=${id}&tab=history`);
  await detail(page).getByRole("alert").getByText("The history cannot be read").waitFor();
  const askedAgain = page.waitForRequest(/audit\/tasks\//);
  await detail(page).getByRole("button", { name: "Try again" }).click();
  await askedAgain;
  await mend();
  await entry(page, "You added the task").waitFor();
});

test("of a task that is gone for good its history is left", async (context) => {
  const { page, user, id } = await openWith(context, { title: "Book the hotel" });
  await user.api("DELETE", `/tasks/${id}`);
  await page.goto(`/trash?task=${id}&tab=history`);
  await entry(page, "You moved it to the trash").waitFor();
  await web.taskflow.query("DELETE FROM tasks WHERE id = $1", [id]);
  const fresh = await web.open(context, { user });
  await fresh.goto(`/all?task=${id}`);
  await fresh.getByText("This task is not here").waitFor();
  await entry(fresh, "You added the task").waitFor();
  assert.equal(await detail(fresh).getByRole("button", { name: "Revert" }).count(), 0);
});

test("a change is reverted as a new change, and undone by the toast", async (context) => {
  const { page, user, id, read } = await openWith(context, { title: "Book the hotel" });
  await user.api("PATCH", `/tasks/${id}`, { priority: "high" });
  await user.api("PATCH", `/tasks/${id}`, { title: "Book the guesthouse" });
  await page.goto(`/all?task=${id}&tab=history`);
  await entry(page, "Medium").getByRole("button", { name: "Revert" }).click();
  await holdToast(page, "Reverted a change of “Book the hotel”");
  await showDetails(page);
  await entry(page, "Version 4").getByText("Medium").waitFor();
  assert.deepEqual(
    [(await read()).title, (await read()).priority],
    ["Book the guesthouse", "medium"],
    "only that change is taken back",
  );
  await page.getByRole("button", { name: "Undo" }).click();
  await entry(page, "Version 5").waitFor();
  assert.equal((await read()).priority, "high");
});

test("back to here makes the task what it was, from the trash too; Ctrl-Z takes it back", async (context) => {
  const { page, user, id, read } = await openWith(context, { title: "Book the hotel", due_date: "2027-03-12" });
  await user.api("PATCH", `/tasks/${id}`, { title: "Book the guesthouse", due_date: null });
  await user.api("DELETE", `/tasks/${id}`);
  await page.goto(`/trash?task=${id}&tab=history`);
  await entry(page, "You added the task").getByRole("button", { name: "Back to here" }).click();
  await entry(page, "You restored it").waitFor();
  assert.deepEqual(
    [(await read()).title, (await read()).due_date, (await read()).deleted_at],
    ["Book the hotel", "2027-03-12", null],
  );
  await page.keyboard.press("Control+z");
  await until("it is in the trash again", async () => (await read()).deleted_at !== null);
});

test("a change that others have overlaid is reverted only when one insists", async (context) => {
  const { page, user, id, read } = await openWith(context, { title: "Book the hotel" }, /409/);
  await user.api("PATCH", `/tasks/${id}`, { title: "Book the guesthouse" });
  await user.api("PATCH", `/tasks/${id}`, { title: "Book the cabin" });
  await page.goto(`/all?task=${id}&tab=history`);
  await showDetails(page);
  const overlaid = entry(page, "Version 2");
  await overlaid.getByRole("button", { name: "Revert" }).click();
  await overlaid
    .getByRole("alert")
    .getByText("“Book the cabin” (renamed) has changed since. Reverting it all the same")
    .waitFor();
  assert.equal((await read()).title, "Book the cabin");
  await gone(page.getByText("Reverted a change of"));
  await overlaid.getByRole("button", { name: "Leave it" }).click();
  await overlaid.getByRole("button", { name: "Revert" }).click();
  await overlaid.getByRole("button", { name: "Revert all the same" }).click();
  await until("the title is the old one", async () => (await read()).title === "Book the hotel");
});

test("everything in the history can be done by keyboard", async (context) => {
  const { page, user, id, read } = await openWith(context, { title: "Book the hotel" });
  await user.api("PATCH", `/tasks/${id}`, { priority: "high" });
  await page.goto(`/all?task=${id}&tab=history`);
  await entry(page, "You changed it").waitFor();
  await detail(page).getByRole("tab", { name: "History" }).focus();
  await page.keyboard.press("Tab");
  await until("the first action has the focus", () =>
    page.evaluate<boolean>(`document.activeElement.textContent === "Revert"`),
  );
  await page.keyboard.press("Enter");
  await until("it is reverted", async () => (await read()).priority === "medium");
});
