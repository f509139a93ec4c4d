import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import type { NewTask, Task } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { noonZone } from "../harness/noon-zone.ts";
import { until } from "../harness/until.ts";
import { detail, focusOn, gone, live, row, runCommand, title } from "./app.ts";
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
): Promise<{ page: Page; user: TestUser; read: () => Promise<Task> }> => {
  const user = await web.taskflow.client.register({ time_zone: noonZone() });
  const { body } = await user.api<Task>("POST", "/tasks", task);
  const page = await web.open(context, { user, ...(expected === undefined ? {} : { expected }) });
  await page.goto("/all");
  await live(page);
  await row(page, task.title).waitFor();
  return { page, user, read: async () => (await user.api<Task>("GET", `/tasks/${body.id}`)).body };
};

test("the open task is in the address: reload, back and forward give the same screen", async (context) => {
  const { page } = await openWith(context, { title: "Book the hotel", description: "Near the **station**" });
  await title(page, "Book the hotel").click();
  await detail(page).getByText("station").waitFor();
  await page.waitForURL(/\/all\?task=/);
  await page.reload();
  await detail(page).getByText("station").waitFor();
  await row(page, "Book the hotel").waitFor();
  await page.goBack();
  await gone(detail(page));
  await page.goForward();
  await detail(page).getByText("station").waitFor();
  await page.keyboard.press("Escape");
  await gone(detail(page));
  await until("the row has the focus", () =>
    page.evaluate<boolean>(`document.activeElement.textContent === "Book the hotel"`),
  );
});

test("title, description, due date and priority save by themselves", async (context) => {
  const { page, read } = await openWith(context, { title: "Book the hotel" });
  await title(page, "Book the hotel").click();
  await detail(page).getByRole("textbox", { name: "Title" }).fill("Book the guesthouse");
  await detail(page)
    .getByRole("button", { name: /Add a description/ })
    .click();
  await row(page, "Book the guesthouse").waitFor();
  await page.keyboard.type("Ask for a *quiet* room");
  await page.keyboard.press("Control+Enter");
  await detail(page).locator("em").getByText("quiet").waitFor();
  await detail(page).getByRole("button", { name: "No date" }).click();
  await page
    .getByRole("dialog", { name: "Due date" })
    .getByRole("button", { name: /^Tomorrow/ })
    .click();
  await detail(page).getByText("Tomorrow").waitFor();
  await detail(page).getByRole("button", { name: "Medium" }).click();
  await page.getByRole("menuitemradio", { name: "High" }).click();
  await detail(page).getByRole("button", { name: "High" }).waitFor();
  await until("the server has all of it", async () => (await read()).priority === "high");
  const { title: saved, description, due_date } = await read();
  assert.deepEqual([saved, description, due_date === null], ["Book the guesthouse", "Ask for a *quiet* room", false]);
});

test("completing, reopening and deleting in the panel", async (context) => {
  const { page, read } = await openWith(context, { title: "Book the hotel" });
  await title(page, "Book the hotel").click();
  await detail(page).getByRole("button", { name: "Complete" }).click();
  await detail(page).getByRole("button", { name: "Reopen" }).click();
  await detail(page).getByRole("button", { name: "Complete" }).waitFor();
  await detail(page).getByRole("button", { name: "Delete" }).click();
  await detail(page).getByRole("button", { name: "Restore" }).click();
  await detail(page).getByRole("button", { name: "Complete" }).waitFor();
  await until("the server has all four", async () => (await read()).version === 5);
  const { completed, deleted_at } = await read();
  assert.deepEqual([completed, deleted_at], [false, null]);
});

test("a description is text from anywhere: no HTML of it runs, no script link is followed", async (context) => {
  const description = `<img src=x onerror="window.pwned = 1"><script>window.pwned = 1</script> [click](javascript:window.pwned=1) [fine](https://example.org)`;
  const { page } = await openWith(context, { title: "Hostile", description });
  await title(page, "Hostile").click();
  await detail(page).getByText("onerror").waitFor();
  assert.equal(await detail(page).locator("img").count(), 0);
  assert.equal(await page.evaluate("window.pwned"), undefined);
  assert.equal(await detail(page).locator("a[href^='javascript']").count(), 0);
  assert.equal(await detail(page).getByRole("link", { name: "fine" }).getAttribute("rel"), "noopener noreferrer");
});

test("an address of a task that is not there says so", async (context) => {
  const { page } = await openWith(context, { title: "Something" }, /404/);
  await page.goto("/all?task=00000000-0000-7000-8000-000000000000");
  await page.getByText("This task is not here").waitFor();
  await detail(page).getByRole("button", { name: "Close details" }).click();
  await gone(detail(page));
});

test("the palette finds a task by words of its title, opens it, and runs commands", async (context) => {
  const { page } = await openWith(context, { title: "Café tables: ask for the price" });
  const field = page.getByRole("combobox", { name: "Search tasks, or type a command" });
  await runCommand(page, "price cafe", /^Café tables/);
  await detail(page).getByRole("textbox", { name: "Title" }).waitFor();
  await page.keyboard.press("Escape");
  await gone(detail(page));

  await focusOn(page, "Café tables: ask for the price");
  await runCommand(page, "complete or", /^Complete or reopen/);
  await gone(row(page, "Café tables: ask for the price"));

  await runCommand(page, "go to trash", /^Go to Trash/);
  await page.getByRole("heading", { level: 1, name: "Trash" }).waitFor();

  await page.keyboard.press("Control+k");
  await field.fill("no such thing");
  await page.getByText("Nothing found.").waitFor();
  await page.keyboard.press("Escape");
  await gone(field);
});

test("the palette is in the address: a reload opens it again, going back closes it", async (context) => {
  const { page } = await openWith(context, { title: "Something" });
  await page.getByRole("button", { name: "Search and commands" }).click();
  await page.getByRole("dialog", { name: "Command palette" }).waitFor();
  await page.reload();
  await page.getByRole("dialog", { name: "Command palette" }).waitFor();
  await page.goBack();
  await gone(page.getByRole("dialog", { name: "Command palette" }));
});

test("an address that is no screen says so and leads back", async (context) => {
  const { page } = await openWith(context, { title: "Something" });
  await page.goto("/nowhere");
  await page.getByRole("heading", { name: "There is nothing at this address" }).waitFor();
  await page.getByRole("main").getByRole("button", { name: "Go to Today" }).click();
  await page.getByRole("heading", { level: 1, name: "Today" }).waitFor();
});
