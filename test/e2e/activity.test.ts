import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { BulkAnswer, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { noonZone } from "../harness/noon-zone.ts";
import { until } from "../harness/until.ts";
import { detail, failHistory, gone, live, openView, pressInTurn, runCommand } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

const list = (page: Page): Locator => page.getByRole("list", { name: "Activity, newest first" });
const entry = (page: Page, words: string): Locator => list(page).getByRole("listitem").filter({ hasText: words });
const add = async (user: TestUser, title: string): Promise<string> =>
  (await user.api<WrittenTask>("POST", "/tasks", { title })).body.id;
const open = async (context: TestContext, user: TestUser, path = "/activity", expected?: RegExp): Promise<Page> => {
  const page = await web.open(context, { user, ...(expected === undefined ? {} : { expected }) });
  await page.goto(path);
  await live(page);
  return page;
};

test("what happened stands under its day, and more appears as it happens", async (context) => {
  const user = await web.taskflow.client.register({ time_zone: noonZone() });
  const id = await add(user, "Pay rent");
  await user.api("PATCH", `/tasks/${id}`, { priority: "high", description: "By card" });
  const page = await open(context, user, "/today");
  await openView(page, "Activity");
  await list(page)
    .getByRole("heading", { name: /^Today · / })
    .waitFor();
  await entry(page, "You changed Pay rent").getByText("Description added · Priority Medium → High").waitFor();
  await entry(page, "You added Pay rent").waitFor();
  await user.api("POST", `/tasks/${id}/complete`);
  await entry(page, "You completed Pay rent").waitFor();
  await page.getByText("This is where it began.").waitFor();
});

test("filters narrow it down, stand in the address and survive a reload", async (context) => {
  const user = await web.taskflow.client.register();
  const rent = await add(user, "Pay rent");
  const token = (
    await user.api<{ token: string }>("POST", "/auth/tokens", { name: "Kitchen tablet", scopes: ["read", "write"] })
  ).body.token;
  await web.taskflow.client.api(token)("PATCH", `/tasks/${rent}`, { priority: "low" });
  await add(user, "Water the plants");
  const page = await open(context, user);
  await entry(page, "Kitchen tablet (API token) changed Pay rent").waitFor();
  await entry(page, "You added Water the plants").waitFor();

  await page.getByRole("button", { name: "Type: All changes" }).click();
  await page.getByRole("menuitemradio", { name: "Added" }).click();
  await gone(entry(page, "changed Pay rent"));
  await page.waitForURL(/type=task\.created/);

  await entry(page, "added Pay rent").getByRole("button", { name: "Only changes of Pay rent" }).click();
  await gone(entry(page, "Water the plants"));
  await page.reload();
  await entry(page, "added Pay rent").waitFor();
  assert.equal(await entry(page, "Water the plants").count(), 0);

  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("button", { name: "Who: Anyone" }).click();
  await page.getByRole("menuitemradio", { name: "Kitchen tablet (API token)" }).click();
  await gone(entry(page, "You added").first());
  await entry(page, "changed Pay rent").waitFor();
  await page.goBack();
  await entry(page, "You added Pay rent").waitFor();
});

test("a range of days, and nothing in it", async (context) => {
  const user = await web.taskflow.client.register();
  await add(user, "Pay rent");
  const page = await open(context, user);
  await page.getByRole("button", { name: "When: Any time" }).click();
  await page.getByRole("dialog", { name: "When" }).getByRole("button", { name: "Last 7 days" }).click();
  await page.getByRole("button", { name: "When: Last 7 days" }).waitFor();
  await entry(page, "You added Pay rent").waitFor();
  await page.goto("/activity?from=2020-01-01&to=2020-01-31");
  await page.getByRole("heading", { name: "Nothing matches" }).waitFor();
  await page.getByRole("main").getByRole("button", { name: "Clear filters" }).last().click();
  await entry(page, "You added Pay rent").waitFor();
});

test("it opens tasks, also from the trash and gone for good", async (context) => {
  const user = await web.taskflow.client.register();
  const id = await add(user, "Pay rent");
  await user.api("DELETE", `/tasks/${id}`);
  const page = await open(context, user);
  await entry(page, "You moved Pay rent to the trash").getByRole("link").click();
  await detail(page).getByRole("button", { name: "Restore" }).waitFor();
  await web.taskflow.query("DELETE FROM tasks WHERE id = $1", [id]);
  const fresh = await open(context, user);
  await entry(fresh, "You added Pay rent").getByRole("link").click();
  await detail(fresh).getByText("This task is not here").waitFor();
  await detail(fresh).getByText("You moved it to the trash").waitFor();
});

test("what one request did to many tasks is one line that unfolds", async (context) => {
  const user = await web.taskflow.client.register();
  const operations = ["Flour", "Eggs", "Butter"].map((title) => ({ op: "create", task: { title } }));
  await user.api<BulkAnswer>("POST", "/tasks/bulk", { operations });
  const page = await open(context, user);
  const many = entry(page, "You added 3 tasks");
  await many.waitFor();
  assert.equal(await entry(page, "Flour").count(), 0);
  await many.getByRole("button").focus();
  await page.keyboard.press("Enter");
  await entry(page, "You added Flour").waitFor();
  await page.keyboard.press("ArrowDown");
  await until("one of them has the focus", async () =>
    /Flour|Eggs|Butter/.test(await page.evaluate<string>("document.activeElement.textContent")),
  );
});

test("pages are read as one scrolls, and only the rows in sight are on the page", async (context) => {
  const user = await web.taskflow.client.register();
  const operations = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ op: "create", task: { title: `Task ${from + index}` } }));
  // Requests of two, which are not gathered.
  for (let index = 0; index < 180; index += 2)
    await user.api("POST", "/tasks/bulk", { operations: operations(index, 2) });
  const page = await open(context, user);
  await entry(page, "You added Task 179").waitFor();
  await until("the end was scrolled to", async () => {
    await page.evaluate(`{ const main = document.querySelector("main"); main.scrollTo(0, main.scrollHeight); }`);
    return page.getByText("You added Task 0", { exact: true }).isVisible();
  });
  await page.getByText("This is where it began.").waitFor();
  assert.ok((await list(page).getByRole("listitem").count()) < 80, "rows out of sight are not on the page");
});

test("without any activity it says what belongs here; a failure says so and tries again", async (context) => {
  const user = await web.taskflow.client.register();
  const page = await open(context, user, "/activity", /503/);
  await page.getByRole("heading", { name: "Nothing has happened yet" }).waitFor();
  const mend = await failHistory(page);
  await page.goto("/activity");
  await page.getByRole("alert").getByText("The history cannot be read").waitFor();
  const askedAgain = page.waitForRequest(/audit-logs\?.*limit=50/);
  await page.getByRole("button", { name: "Try again" }).click();
  await askedAgain;
  await mend();
  await page.getByRole("heading", { name: "Nothing has happened yet" }).waitFor();
});

test("g h and the palette lead to it; keys change no task there", async (context) => {
  const user = await web.taskflow.client.register();
  const id = await add(user, "Pay rent");
  const page = await open(context, user, "/all");
  await page.getByRole("link", { name: "Pay rent" }).focus();
  await pressInTurn(page, ["g", "h"]);
  await entry(page, "You added Pay rent").waitFor();
  await page.keyboard.press("e");
  await runCommand(page, "go to stat", /Go to Statistics/);
  await page.getByRole("heading", { level: 1, name: "Statistics" }).waitFor();
  assert.equal((await user.api<WrittenTask>("GET", `/tasks/${id}`)).body.completed, false);
});
