import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { Task, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { until } from "../harness/until.ts";
import { add, detail, focusOn, gone, live, openView, pill, quickAdd, row, title } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

interface Started {
  readonly user: TestUser;
  readonly id: string;
  readonly page: Page;
  readonly read: () => Promise<Task>;
}

const start = async (context: TestContext, expected?: RegExp): Promise<Started> => {
  const user = await web.taskflow.client.register();
  const { body } = await user.api<WrittenTask>("POST", "/tasks", {
    title: "Book the hotel",
    description: "Two nights",
  });
  const page = await web.open(context, { user, ...(expected === undefined ? {} : { expected }) });
  await page.goto("/all");
  await live(page);
  await row(page, "Book the hotel").waitFor();
  return { user, id: body.id, page, read: async () => (await user.api<Task>("GET", `/tasks/${body.id}`)).body };
};

const description = (page: Page): Locator => detail(page).getByRole("textbox", { name: "Description" });
const titleInRow = (page: Page): Locator => page.getByRole("main").getByRole("textbox", { name: "Title" });
const titleInPanel = (page: Page): Locator => detail(page).getByRole("textbox", { name: "Title" });

const editDescription = async (page: Page, text: string): Promise<void> => {
  await title(page, "Book the hotel").click();
  await detail(page).getByRole("button", { name: "Edit description" }).click();
  await description(page).fill(text);
};

/** What the page holds of a user, whoever is signed in. */
const keptDrafts = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`Object.keys(localStorage).filter((key) => key.startsWith("taskflow.draft."))`);

test("a description that was being typed is there again after a reload, says that it is a draft, and is saved by a click", async (context) => {
  const { page, read } = await start(context);
  await editDescription(page, "Two nights, with breakfast");
  await page.reload();
  await detail(page).getByText("A draft, not saved yet").waitFor();
  assert.equal(await description(page).inputValue(), "Two nights, with breakfast");
  assert.equal((await read()).description, "Two nights");
  await detail(page).getByRole("button", { name: "Save" }).click();
  await until("it is saved", async () => (await read()).description === "Two nights, with breakfast");
  await until("the draft has ended", async () => (await keptDrafts(page)).length === 0);
  await page.reload();
  await detail(page).getByText("Two nights, with breakfast").waitFor();
  assert.equal(await description(page).count(), 0);
});

test("a draft is thrown away on purpose, and on purpose only", async (context) => {
  const { page, read } = await start(context);
  await editDescription(page, "Not this");
  await page.reload();
  await detail(page).getByRole("button", { name: "Discard" }).click();
  await detail(page).getByText("Two nights").waitFor();
  assert.deepEqual(await keptDrafts(page), []);
  assert.equal((await read()).version, 1);

  await focusOn(page, "Book the hotel");
  await page.keyboard.press("F2");
  await titleInRow(page).fill("Nor this");
  await page.keyboard.press("Escape");
  await title(page, "Book the hotel").waitFor();
  assert.deepEqual(await keptDrafts(page), []);
});

test("leaving a text by Back or by another view saves it", async (context) => {
  const { page, read } = await start(context);
  await editDescription(page, "Two nights, with breakfast");
  await page.goBack();
  await until("the description is saved", async () => (await read()).description === "Two nights, with breakfast");

  await openView(page, "Upcoming");
  await openView(page, "All");
  await focusOn(page, "Book the hotel");
  await page.keyboard.press("F2");
  await titleInRow(page).fill("Book the hotel in Ghent");
  await page.goBack();
  await until("the title is saved", async () => (await read()).title === "Book the hotel in Ghent");

  await openView(page, "All");
  await title(page, "Book the hotel in Ghent").click();
  await titleInPanel(page).fill("Book the hotel in Bruges");
  await page.goBack();
  await until("the title is saved", async () => (await read()).title === "Book the hotel in Bruges");
  assert.deepEqual(await keptDrafts(page), []);
});

test("a crash of the page loses no keystroke: description, both titles and quick add", async (context) => {
  const { page, id, read } = await start(context);
  await quickAdd(page).fill("Buy a tent");
  await focusOn(page, "Book the hotel");
  await page.keyboard.press("F2");
  await titleInRow(page).pressSequentially("Camp");
  const other = await page.context().newPage();
  await other.goto(`/all?task=${id}`);
  await detail(other).getByRole("button", { name: "Edit description" }).click();
  await description(other).pressSequentially("!");

  for (const each of [page, other]) {
    const devtools = await page.context().newCDPSession(each);
    const crashed = each.waitForEvent("crash");
    devtools.send("Page.crash").catch(() => undefined);
    await crashed;
    await each.close();
  }

  const again = await page.context().newPage();
  await again.goto(`/all?task=${id}`);
  await detail(again).getByText("A draft, not saved yet").waitFor();
  assert.match(await description(again).inputValue(), /^!?Two nights!?$/);
  assert.equal(await titleInRow(again).inputValue(), "Camp");
  assert.equal(await quickAdd(again).inputValue(), "Buy a tent");
  assert.equal((await read()).version, 1);

  await titleInRow(again).press("Enter");
  await until("the title is saved", async () => (await read()).title === "Camp");
  await detail(again).getByRole("button", { name: "Save" }).click();
  await until("the description is saved", async () => (await read()).description?.includes("!") === true);
  await quickAdd(again).press("Enter");
  await row(again, "Buy a tent").waitFor();
  await until("no draft is left", async () => (await keptDrafts(again)).length === 0);
});

test("what is being added goes along from view to view and through a reload, with its priority", async (context) => {
  const { page, user } = await start(context);
  await quickAdd(page).fill("Buy a tent");
  await page.getByRole("button", { name: "Priority: Medium" }).click();
  await page.getByRole("menuitemradio", { name: "High" }).click();
  await openView(page, "Today");
  assert.equal(await quickAdd(page).inputValue(), "Buy a tent");
  await page.reload();
  await live(page);
  assert.equal(await quickAdd(page).inputValue(), "Buy a tent");
  await quickAdd(page).press("Enter");
  await row(page, "Buy a tent").getByText("High priority").waitFor();
  assert.equal(await quickAdd(page).inputValue(), "");
  await page.reload();
  await row(page, "Buy a tent").waitFor();
  assert.equal(await quickAdd(page).inputValue(), "");
  const { body } = await user.api<{ tasks: Task[] }>("GET", "/tasks");
  assert.equal(body.tasks.filter((task) => task.title === "Buy a tent").length, 1);
});

test("the form that puts a reminder off is open again after a reload, as it was filled in", async (context) => {
  const { page, user, id } = await start(context);
  await user.api("PATCH", `/tasks/${id}`, { reminders: [{ remind_at: new Date(Date.now() + 1_500).toISOString() }] });
  await page.getByRole("button", { name: "Notifications, 1 unread" }).click();
  const centre = page.getByRole("dialog", { name: "Notifications" });
  await centre.getByRole("button", { name: "Snooze Book the hotel" }).click();
  await page.getByRole("menuitem", { name: /Pick|Another/ }).click();
  const form = centre.getByRole("form", { name: "Snooze until" });
  await form.getByLabel("Time").fill("17:45");
  await page.reload();
  await form.waitFor();
  assert.equal(await form.getByLabel("Time").inputValue(), "17:45");
  await form.getByRole("button", { name: "Cancel" }).click();
  await gone(form);
  assert.deepEqual(await keptDrafts(page), []);
});

test("a name that cannot be saved stays in its field, says so, and is there after a reload; no password is kept", async (context) => {
  const { page } = await start(context, /ERR_|Failed to load/);
  await page.goto("/settings");
  await page.route("**/api/v1/auth/me", (route) =>
    route.request().method() === "PATCH" ? route.abort("internetdisconnected") : route.continue(),
  );
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("Ada Lovelace");
  await name.blur();
  await page.getByText(/^Not saved: /).waitFor();
  await page.getByLabel("What is it for?").fill("Backup script");
  const form = page.getByRole("form", { name: "Change e-mail" });
  await form.getByLabel("New e-mail").fill("ada@example.org");
  await form.getByLabel("Current password").fill("top secret words");
  await page.reload();
  assert.equal(await name.inputValue(), "Ada Lovelace");
  assert.equal(await page.getByLabel("What is it for?").inputValue(), "Backup script");
  assert.equal(await form.getByLabel("New e-mail").inputValue(), "ada@example.org");
  assert.equal(await form.getByLabel("Current password").inputValue(), "");
  assert.doesNotMatch(await page.evaluate<string>("JSON.stringify(localStorage)"), /top secret/);
  await page.unroute("**/api/v1/auth/me");
  await name.focus();
  await name.blur();
  await page.getByText("Saved", { exact: true }).waitFor();
  await until("the draft has ended", async () =>
    (await keptDrafts(page)).every((key) => !key.endsWith("settings.name")),
  );
});

test("a session that ends says what happened and what is safe, and gives the screen back; a next user sees none of it", async (context) => {
  const { user, id, page } = await start(context, /401|ERR_|Failed to load/);
  const next = await web.taskflow.client.register();
  // The panel is loaded before the network goes.
  await title(page, "Book the hotel").click();
  const edit = detail(page).getByRole("button", { name: "Edit description" });
  await edit.waitFor();
  await page.context().setOffline(true);
  await pill(page, /Offline|Reconnecting/).waitFor();
  await add(page, "Written on the train");
  await pill(page, /1 change waiting/).waitFor();
  await edit.click();
  await description(page).fill("Two nights, with breakfast");
  await web.taskflow.query("DELETE FROM refresh_tokens WHERE user_id = $1", [user.userId]);
  await page.evaluate(
    `localStorage["taskflow.session"] = JSON.stringify({ ...JSON.parse(localStorage["taskflow.session"]), expires_at: 0 })`,
  );
  await page.context().setOffline(false);

  await page.getByRole("heading", { name: "Your session has ended" }).waitFor();
  await page.getByText(/1 change waits safely on this device/).waitFor();
  await page.reload();
  await page.getByText(/1 change waits safely on this device/).waitFor();
  const address = page.url();
  assert.match(address, /\/all\?task=/);
  assert.equal(await page.getByLabel("E-mail").inputValue(), user.email);

  const other = await page.context().newPage();
  await other.goto("/all");
  await signIn(other, next);
  await other.getByRole("heading", { name: "All clear for today" }).waitFor();
  assert.equal(await quickAdd(other).inputValue(), "");
  await other.goto(address);
  await other.getByRole("heading", { name: "This task is not here" }).waitFor();
  assert.equal(await other.getByText("breakfast").count(), 0);
  await other.getByRole("button", { name: "Account" }).click();
  await other.getByRole("menuitem", { name: "Sign out" }).click();
  await other.getByRole("button", { name: "Sign in" }).waitFor();
  await other.close();

  await page.goto(address);
  await signIn(page, user);
  await row(page, "Written on the train").waitFor();
  assert.equal(page.url(), address);
  assert.equal(await description(page).inputValue(), "Two nights, with breakfast");
  await until("what waited is on the server", async () => (await web.taskflow.events(user.userId)).length === 2);
  const stored = await page.evaluate<string>(`localStorage["taskflow.session"]`);
  const api = web.taskflow.client.api((JSON.parse(stored) as { access_token: string }).access_token);
  const read = async (): Promise<Task> => (await api<Task>("GET", `/tasks/${id}`)).body;
  assert.equal((await read()).description, "Two nights");
  await detail(page).getByRole("button", { name: "Save" }).click();
  await until("the draft is saved", async () => (await read()).description === "Two nights, with breakfast");
});

const signIn = async (page: Page, { email, password }: TestUser): Promise<void> => {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
};

test("what is chosen in the repeat editor, for a reminder and for a pause is there again after a reload", async (context) => {
  const { page, user, id, read } = await start(context);
  await focusOn(page, "Book the hotel");
  await page.keyboard.press("y");
  const picker = page.getByRole("dialog", { name: "Due date" });
  await picker.getByLabel("How often").selectOption("Custom…");
  await picker.getByLabel("Every", { exact: true }).fill("3");
  await user.api("PATCH", `/tasks/${id}`, { due_date: "2098-06-02" });
  await page.reload();
  await focusOn(page, "Book the hotel");
  await page.keyboard.press("y");
  await picker.getByText("A draft, not saved yet").waitFor();
  assert.equal(await picker.getByLabel("Every", { exact: true }).inputValue(), "3");
  await picker.getByRole("button", { name: "Save" }).click();
  await until("it repeats", async () => (await read()).recurrence_rule?.includes("INTERVAL=3") === true);

  await row(page, "Book the hotel")
    .getByText(/^Repeats/)
    .waitFor();
  await focusOn(page, "Book the hotel");
  await page.keyboard.press("r");
  const amount = picker.getByRole("spinbutton", { name: "How many" });
  await amount.fill("45");
  await page.keyboard.press("Escape");
  await gone(picker);
  await page.goto(`/series?task=${id}`);
  await detail(page).getByLabel("Pause until").fill("2099-01-01");
  await page.reload();
  await detail(page).getByLabel("Pause until").waitFor();
  assert.equal(await detail(page).getByLabel("Pause until").inputValue(), "2099-01-01");
  await detail(page).getByRole("button", { name: "Pause" }).click();
  await until("it is paused", async () => (await read()).recurrence_paused_until === "2099-01-01");
  await until("its draft has ended", async () => (await keptDrafts(page)).every((key) => !key.includes("pause")));
});
