import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { until } from "../harness/until.ts";
import { detail, gone, live, row, runCommand } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

const dayMs = 24 * 3600 * 1000;
/** Days are counted from one moment, so that a midnight that passes meanwhile moves none of them. */
const startedAt = Date.now();
const daysAgo = (days: number): string => new Date(startedAt - days * dayMs).toISOString();
const dayOf = (instant: string): string => instant.slice(0, 10);

/**
 * A user of twenty days who made three tasks ten days ago; since then one was completed, one renamed, and a new one has
 * come.
 */
const userWithPast = async (): Promise<TestUser> => {
  const user = await web.taskflow.client.register({ time_zone: "UTC" });
  const make = async (title: string, due_date: string | null = null): Promise<string> =>
    (await user.api<WrittenTask>("POST", "/tasks", { title, due_date })).body.id;
  const rent = await make("Pay rent", dayOf(daysAgo(5)));
  const hotel = await make("Book the hotel", dayOf(daysAgo(2)));
  await make("Water the plants");
  await web.taskflow.query("UPDATE users SET created_at = $2 WHERE id = $1", [user.userId, daysAgo(20)]);
  await web.taskflow.query("UPDATE tasks SET created_at = $2 WHERE user_id = $1", [user.userId, daysAgo(10)]);
  await web.taskflow.query("UPDATE events SET created_at = $2 WHERE user_id = $1", [user.userId, daysAgo(10)]);
  await user.api("POST", `/tasks/${rent}/complete`);
  await user.api("PATCH", `/tasks/${hotel}`, { title: "Book the guesthouse" });
  await make("Call Noor");
  return user;
};

const open = async (context: TestContext, path: string): Promise<{ page: Page; user: TestUser }> => {
  const user = await userWithPast();
  const page = await web.open(context, { user });
  await page.goto(path);
  await live(page);
  return { page, user };
};

const list = (page: Page): Locator => page.getByRole("list", { name: /tasks as they were$/ });
const past = (page: Page, title: string): Locator => list(page).getByRole("listitem").filter({ hasText: title });
const slider = (page: Page): Locator => page.getByRole("slider", { name: "Moment of the past" });

test("a list as it was a day ago, with what is different now", async (context) => {
  const { page } = await open(context, "/all");
  await row(page, "Call Noor").waitFor();
  await page.getByRole("main").getByRole("button", { name: "As it was…" }).click();
  await page.getByRole("heading", { level: 1, name: "All, as it was" }).waitFor();
  await past(page, "Pay rent").getByText("Completed since").waitFor();
  await past(page, "Book the hotel").getByText("Now “Book the guesthouse”").waitFor();
  assert.doesNotMatch(await past(page, "Water the plants").innerText(), /since|now/i);
  assert.equal(await past(page, "Call Noor").count(), 0);
  await page.getByText("3 tasks to do then · 2 are different now · 1 has come since").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Add a task" }).count(), 0, "nothing can be added to the past");
  assert.equal(
    await page.getByRole("button", { name: /^Complete / }).count(),
    0,
    "nothing can be completed in the past",
  );
});

test("the slider goes through the days by keyboard, in the address; back to now ends it", async (context) => {
  const { page } = await open(context, `/all?as_of=${daysAgo(1)}`);
  await past(page, "Pay rent").waitFor();
  await slider(page).focus();
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageDown");
  await page.getByRole("heading", { name: "Nothing to do, then" }).waitFor();
  await page.waitForURL(new RegExp(`as_of=${dayOf(daysAgo(15))}`));
  await until(
    "the slider says where it is",
    async () =>
      (await slider(page).getAttribute("aria-valuetext"))?.includes(String(new Date(daysAgo(15)).getUTCDate())) ===
      true,
  );
  await page.keyboard.press("End");
  await past(page, "Call Noor").waitFor();
  await page.reload();
  await past(page, "Call Noor").waitFor();
  await page.getByRole("button", { name: "Back to now" }).click();
  await gone(list(page));
  await row(page, "Call Noor").waitFor();
  await page.waitForURL((url) => !url.searchParams.has("as_of"));
});

test("the exact moment can be typed; one before the account is its beginning", async (context) => {
  const { page } = await open(context, `/all?as_of=${daysAgo(1)}`);
  await past(page, "Pay rent").waitFor();
  const field = page.getByLabel("As of");
  await field.fill(`${dayOf(daysAgo(12))}T09:30`);
  await field.press("Enter");
  await page.getByRole("heading", { name: "Nothing to do, then" }).waitFor();
  await page.goto("/all?as_of=2001-01-01T00:00:00Z");
  await page.getByRole("heading", { name: "Nothing to do, then" }).waitFor();
  await until("it stands at the beginning", async () => (await slider(page).getAttribute("aria-valuenow")) === "0");
  await page.getByRole("button", { name: "A day later" }).click();
  await until("a day on", async () => (await slider(page).getAttribute("aria-valuenow")) === "1");
});

test("Today as it was has what was overdue then; a task opens as it is now", async (context) => {
  const { page } = await open(context, `/today?as_of=${daysAgo(3)}`);
  await past(page, "Pay rent").waitFor();
  await list(page)
    .getByRole("heading", { name: /^Overdue/ })
    .waitFor();
  assert.equal(await past(page, "Book the hotel").count(), 0, "it was due the day after");
  await past(page, "Pay rent").getByRole("link").click();
  await detail(page).getByRole("button", { name: "Reopen" }).waitFor();
  await past(page, "Pay rent").waitFor();
});

test("the palette leads to the past, and a failure is said where it happened", async (context) => {
  const user = await userWithPast();
  const page = await web.open(context, { user, expected: /503/ });
  await page.goto("/completed");
  await live(page);
  await page.route("**/api/v1/tasks?*as_of=*", (route) =>
    route.fulfill({ status: 503, json: { status: 503, code: "unavailable", title: "Unavailable" } }),
  );
  await runCommand(page, "as it was", /Show the list as it was/);
  await page.getByRole("alert").getByText("The past cannot be read").waitFor();
  await page.unroute("**/api/v1/tasks?*as_of=*");
  await page.getByRole("button", { name: "Try again" }).click();
  await past(page, "Pay rent").waitFor();
});
