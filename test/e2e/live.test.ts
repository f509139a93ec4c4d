import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startTaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { add, detail, focusOn, gone, live, openView, row, titles } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

test("a second window of the same user sees each change, and no other user does", async (context) => {
  const [user, stranger] = await Promise.all([web.taskflow.client.register(), web.taskflow.client.register()]);
  const [here, there, elsewhere] = await Promise.all(
    [user, user, stranger].map((who) => web.open(context, { user: who })),
  );
  assert.ok(here && there && elsewhere);
  for (const page of [here, there, elsewhere]) {
    await page.goto("/all");
    await live(page);
  }
  await add(here, "Buy milk");
  await row(there, "Buy milk").waitFor();

  await focusOn(here, "Buy milk");
  await here.keyboard.press("F2");
  await here.getByRole("textbox", { name: "Title" }).fill("Buy oat milk");
  await here.keyboard.press("Enter");
  await row(there, "Buy oat milk").waitFor();

  await there.getByRole("button", { name: "Complete Buy oat milk" }).click();
  await gone(row(here, "Buy oat milk"));
  await openView(here, "Completed");
  await row(here, "Buy oat milk").waitFor();

  await there.keyboard.press("Control+z");
  await row(there, "Buy oat milk").waitFor();
  await gone(row(here, "Buy oat milk"));

  await focusOn(there, "Buy oat milk");
  await there.keyboard.press("Delete");
  await openView(here, "Trash");
  await here.getByRole("button", { name: "Restore Buy oat milk" }).click();
  await row(there, "Buy oat milk").waitFor();

  await user.api("POST", "/tasks", { title: "Added by a program" });
  await row(there, "Added by a program").waitFor();
  assert.deepEqual(await titles(elsewhere), []);
});

test("a task that is removed for good says so in the panel that shows it", async (context) => {
  const user = await web.taskflow.client.register();
  const { body } = await user.api<{ id: string }>("POST", "/tasks", { title: "Secret plan" });
  const page = await web.open(context, { user });
  await page.goto(`/all?task=${body.id}`);
  await live(page);
  await page.getByRole("textbox", { name: "Title" }).waitFor();
  await user.api("DELETE", `/tasks/${body.id}`);
  await detail(page).getByRole("button", { name: "Restore" }).waitFor();
  await web.taskflow.query("UPDATE tasks SET deleted_at = now() - interval '31 days' WHERE id = $1", [body.id]);
  // Another server on the same database cleans up as it starts.
  await (await startTaskFlow({ databaseUrl: web.taskflow.databaseUrl })).stop();
  await page.getByText("This task is not here").waitFor();
});

test("what is typed into a title is not overwritten by news from another device", async (context) => {
  const user = await web.taskflow.client.register();
  const { body } = await user.api<{ id: string }>("POST", "/tasks", { title: "Draft" });
  const page = await web.open(context, { user });
  await page.goto(`/all?task=${body.id}`);
  await live(page);
  const field = page.getByRole("textbox", { name: "Title" });
  await field.fill("Draft of the letter");
  await user.api("PATCH", `/tasks/${body.id}`, { title: "Renamed elsewhere", priority: "high" });
  await row(page, "Renamed elsewhere").waitFor();
  assert.equal(await field.inputValue(), "Draft of the letter");
  await field.press("Enter");
  await row(page, "Draft of the letter").waitFor();
});

test("two tabs of one browser share one stream, and a token that has ended is renewed once", async (context) => {
  const user = await web.taskflow.client.register();
  const first = await web.open(context, { user });
  const asked: string[] = [];
  first.context().on("request", (request) => asked.push(new URL(request.url()).pathname));
  const count = (path: string): number => asked.filter((each) => each === `/api/v1${path}`).length;
  const second = await first.context().newPage();
  await first.goto("/all");
  await live(first);
  await second.goto("/all");
  await live(second);
  assert.equal(count("/notifications/stream"), 1);

  const age = `localStorage["taskflow.session"] = JSON.stringify({ ...JSON.parse(localStorage["taskflow.session"]), expires_at: 0 })`;
  await first.evaluate(age);
  await Promise.all([add(first, "From the first tab"), add(second, "From the second tab")]);
  await row(first, "From the second tab").waitFor();
  await row(second, "From the first tab").waitFor();
  await until("both are on the server", async () => (await web.taskflow.events(user.userId)).length === 2);
  assert.equal(count("/auth/refresh"), 1);

  await first.close();
  await user.api("POST", "/tasks", { title: "After the first tab closed" });
  await row(second, "After the first tab closed").waitFor();
  await live(second);
  assert.equal(count("/notifications/stream"), 2);
});

test("signing out in one tab signs out the other", async (context) => {
  const user = await web.taskflow.client.register();
  const first = await web.open(context, { user });
  const second = await first.context().newPage();
  await first.goto("/all");
  await second.goto("/all");
  await live(first);
  await live(second);
  await first.getByRole("button", { name: "Account" }).click();
  await first.getByRole("menuitem", { name: "Sign out" }).click();
  await second.getByRole("button", { name: "Sign in" }).waitFor();
});
