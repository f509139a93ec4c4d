import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { Task, TaskList, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { createSettableClock } from "../harness/settable-clock.ts";
import { until } from "../harness/until.ts";
import { violations } from "./accessible.ts";
import { detail, focusOn, gone, hasKeyboard, live, row, title } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

/** A Wednesday. */
const now = "2027-03-10T08:40:00Z";
/** The server's clock stands before the series begins: it makes the next date when the time of the last has come. */
const clock = createSettableClock("2027-03-01T08:40:00Z");

let web: Web;
before(async () => {
  web = await startWeb({ clock });
});
after(() => web.stop());

interface Opened {
  readonly page: Page;
  readonly user: TestUser;
  readonly series: () => Promise<Task | undefined>;
  readonly open: () => Promise<Task | undefined>;
}

/** A task that repeats every day, in the list. */
const openDaily = async (context: TestContext, at = now): Promise<Opened> => {
  const user = await web.taskflow.client.register();
  const task = { title: "Water the plants", due_date: "2027-03-10", recurrence_pattern: "daily" };
  await user.api<WrittenTask>("POST", "/tasks", task);
  const page = await web.open(context, { user, now: at });
  await page.goto("/all");
  await live(page);
  await row(page, "Water the plants").getByText("Repeats every day").waitFor();
  const first = async (query: string): Promise<Task | undefined> =>
    (await user.api<TaskList>("GET", `/tasks?${query}`)).body.tasks[0];
  return {
    page,
    user,
    series: () => first("kind=series"),
    open: () => first("status=pending&sort_by=due_date"),
  };
};

const question = (page: Page, name: string): Locator => page.getByRole("dialog", { name });

const rename = async (page: Page, from: string, to: string): Promise<void> => {
  await focusOn(page, from);
  await page.keyboard.press("F2");
  await page.getByRole("main").getByRole("textbox", { name: "Title" }).fill(to);
  await page.keyboard.press("Enter");
};

test("a rename of a task that repeats asks which dates, and does it for all of them by keyboard", async (context) => {
  const { page, series, open } = await openDaily(context);
  await rename(page, "Water the plants", "Water the roses");
  const asked = question(page, "Rename which dates?");
  await asked.getByText("“Water the plants” repeats: every day.").waitFor();
  await hasKeyboard(asked);
  assert.equal(await asked.getByRole("radio", { name: "This one" }).isChecked(), true);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("ArrowUp");
  assert.equal(await asked.getByRole("radio", { name: "All" }).isChecked(), true);
  await page.keyboard.press("Enter");
  await gone(asked);
  await until("all of it is renamed", async () =>
    [await series(), await open()].every((task) => task?.title === "Water the roses"),
  );
});

test("left without an answer it is for this date alone, and nothing typed is lost", async (context) => {
  const { page, series, open } = await openDaily(context);
  await title(page, "Water the plants").click();
  await detail(page)
    .getByRole("button", { name: /Add a description/ })
    .click();
  await page.keyboard.type("The ones in the hall");
  await page.keyboard.press("Control+Enter");
  const asked = question(page, "Change the description of which dates?");
  await hasKeyboard(asked);
  await page.keyboard.press("Escape");
  await gone(asked);
  await until("this one has it", async () => (await open())?.description === "The ones in the hall");
  assert.equal((await series())?.description, null);
});

test("deleting says what comes back and when, and can take the whole series", async (context) => {
  const { page, user, series } = await openDaily(context);
  await focusOn(page, "Water the plants");
  await page.keyboard.press("Delete");
  const asked = question(page, "Delete which dates?");
  await asked.getByText(/The next one comes on Thu,? 11 Mar/).waitFor();
  await hasKeyboard(asked);
  await page.keyboard.press("Escape");
  await gone(asked);
  await row(page, "Water the plants").waitFor();
  assert.equal((await user.api<TaskList>("GET", "/tasks?status=deleted")).body.total, 0);
  await focusOn(page, "Water the plants");
  await page.keyboard.press("Delete");
  await asked.getByRole("radio", { name: "All" }).check();
  await asked.getByRole("button", { name: "Delete" }).click();
  await gone(row(page, "Water the plants"));
  await until("the series is gone", async () => (await series()) === undefined);
});

test("a priority asks too, and a task that does not repeat is never asked for", async (context) => {
  const { page, user, series } = await openDaily(context);
  await user.api("POST", "/tasks", { title: "Call home" });
  await row(page, "Call home").waitFor();
  await rename(page, "Call home", "Call work");
  await row(page, "Call work").waitFor();
  await focusOn(page, "Water the plants");
  await page.keyboard.press("p");
  await page.getByRole("menuitemradio", { name: "High" }).click();
  const asked = question(page, "Change the priority of which dates?");
  await asked.getByRole("radio", { name: "All" }).check();
  await asked.getByRole("button", { name: "Save" }).click();
  await until("the series has it", async () => (await series())?.priority === "high");
});

/** Selects the task that repeats and another one, by keys. */
const selectBoth = async ({ page, user }: Opened): Promise<void> => {
  await user.api("POST", "/tasks", { title: "Call home" });
  await row(page, "Call home").waitFor();
  for (const text of ["Water the plants", "Call home"]) {
    await focusOn(page, text);
    await page.keyboard.press("x");
  }
  await page.getByText("2 selected").waitFor();
};

const onRow = (page: Page): Promise<boolean> => page.evaluate<boolean>(`document.activeElement.closest("li") !== null`);

test("several at once ask once, for those that repeat: the priority, by keyboard", async (context) => {
  const opened = await openDaily(context);
  const { page, user, series } = opened;
  await selectBoth(opened);
  await page.keyboard.press("p");
  await hasKeyboard(page.getByRole("menu", { name: "Priority" }));
  await page.keyboard.press("h");
  await page.keyboard.press("Enter");
  const asked = question(page, "Change the priority of which dates?");
  await asked.getByText("1 task of 2 repeats:").waitFor();
  await asked.getByText("“Water the plants” repeats: every day.").waitFor();
  await hasKeyboard(asked);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await gone(asked);
  await until("the series has it", async () => (await series())?.priority === "high");
  const { tasks } = (await user.api<TaskList>("GET", "/tasks?status=pending")).body;
  assert.deepEqual(
    tasks.map(({ priority }) => priority),
    ["high", "high"],
  );
  await until("the focus is on a row", () => onRow(page));
});

test("several at once: a day for all of the dates that repeat, and deleting what comes", async (context) => {
  const opened = await openDaily(context);
  const { page, user, series } = opened;
  await selectBoth(opened);
  await page.keyboard.press("d");
  const picker = page.getByRole("dialog", { name: "Due date" });
  await picker.getByLabel("Moves").selectOption({ label: "All" });
  await picker.getByRole("button", { name: /^Tomorrow/ }).click();
  await until("the series has moved", async () => (await series())?.due_date === "2027-03-11");
  await until("both have moved", async () =>
    (await user.api<TaskList>("GET", "/tasks?status=pending")).body.tasks.every(
      ({ due_date }) => due_date === "2027-03-11",
    ),
  );
  await gone(picker);
  await until("the focus is on a row", () => onRow(page));
  await page.keyboard.press("Delete");
  const asked = question(page, "Delete which dates?");
  await asked.getByRole("radio", { name: "This and following" }).check();
  await asked.getByRole("button", { name: "Delete" }).click();
  await gone(row(page, "Call home"));
  await until("no more come", async () => (await series())?.next_occurrence_date == null);
});

test("rescheduling what is late asks for the dates that repeat, and does nothing without an answer", async (context) => {
  const { page, series, open } = await openDaily(context, "2027-03-12T08:40:00Z");
  await page.goto("/today");
  const all = page.getByRole("button", { name: "Reschedule all to today" });
  await all.press("Enter");
  const asked = question(page, "Move which dates?");
  await hasKeyboard(asked);
  await page.keyboard.press("Escape");
  await gone(asked);
  await hasKeyboard(all);
  assert.equal((await open())?.version, 1);
  await page.keyboard.press("Enter");
  await hasKeyboard(asked);
  await page.keyboard.press("Enter");
  await gone(asked);
  await until("this one has moved", async () => (await open())?.due_date === "2027-03-12");
  assert.equal((await series())?.due_date, "2027-03-10");
  await until("the focus is on its row", () => onRow(page));
});
