import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { NewTask, Task, TaskList, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { until } from "../harness/until.ts";
import { detail, focusOn, gone, hasKeyboard, live, pill, row, runCommand, title, toast } from "./app.ts";
import { phone, startWeb, type Web, type WindowOptions } from "./browser.ts";
import { fittingYear } from "./calendar.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

const year = fittingYear();
/** A Wednesday in London that is to come, so that no reminder of these tests is given. */
const now = `${year}-03-10T08:40:00Z`;

interface Opened {
  readonly page: Page;
  readonly user: TestUser;
  readonly id: string;
}

const openWith = async (context: TestContext, task: NewTask, options: WindowOptions = {}): Promise<Opened> => {
  const user = await web.taskflow.client.register({ time_zone: "Europe/London" });
  const { body } = await user.api<WrittenTask>("POST", "/tasks", task);
  const page = await web.open(context, { user, now, ...options });
  await page.goto("/all");
  await live(page);
  await title(page, task.title).waitFor();
  return { page, user, id: body.id };
};

const editor = (page: Page): Locator => page.getByRole("dialog", { name: "Due date" });

const openEditor = async (page: Page, task: string): Promise<void> => {
  await focusOn(page, task);
  await page.keyboard.press("r");
  await editor(page).getByRole("heading", { name: "Reminders" }).waitFor();
  await hasKeyboard(editor(page));
};

const taskOf = async ({ user, id }: Opened): Promise<Task> => (await user.api<Task>("GET", `/tasks/${id}`)).body;
/** What the server has: offsets, or moments, in order. */
const kept = async (opened: Opened): Promise<string[]> =>
  ((await taskOf(opened)).reminders ?? []).map(({ offset, remind_at }) => offset ?? remind_at ?? "").toSorted();
const untilKept = (opened: Opened, ...reminders: string[]): Promise<void> =>
  until(
    `the server has ${reminders.join(", ") || "none"}`,
    async () => JSON.stringify(await kept(opened)) === JSON.stringify(reminders.toSorted()),
  );

/** The times a checkbox each stands for, with the moments beside them. */
const offered = (page: Page): Promise<string[]> =>
  editor(page)
    .locator("label")
    .filter({ has: page.getByRole("checkbox") })
    .allInnerTexts()
    .then((texts) => texts.map((text) => text.replaceAll(/\s+/g, " ").trim()));

test("by the keyboard alone: the usual times show their moments, are ticked, unticked and undone", async (context) => {
  const opened = await openWith(context, { title: "Call", due_date: `${year}-03-12T09:00` });
  const { page } = opened;
  await openEditor(page, "Call");
  assert.deepEqual(await offered(page), [
    "At the due time Fri 09:00",
    "15 minutes before Fri 08:45",
    "1 hour before Fri 08:00",
    "1 day before Tomorrow 09:00",
    "1 week before 5 Mar 09:00, past",
  ]);
  await until("the first has the focus", () =>
    page.evaluate<boolean>(`document.activeElement.closest("label")?.innerText.startsWith("At the due time") === true`),
  );
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await untilKept(opened, "PT15M");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await untilKept(opened, "P1D", "PT15M");
  await page.keyboard.press("Escape");
  await gone(editor(page));
  await row(page, "Call").getByText("Reminder: Tomorrow 09:00, and 1 more").waitFor();
  await page.keyboard.press("Control+z");
  await row(page, "Call").getByText("Reminder: Fri 08:45", { exact: true }).waitFor();
  await untilKept(opened, "PT15M");

  await openEditor(page, "Call");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await untilKept(opened);
  await gone(row(page, "Call").getByText(/Reminder: /));
});

test("a time and a moment of one's own are added and removed, and follow the due date where they count from it", async (context) => {
  const opened = await openWith(context, {
    title: "Call",
    due_date: `${year}-03-12T09:00`,
    reminders: [{ offset: "PT15M" }],
  });
  const { page } = opened;
  await title(page, "Call").click();
  await detail(page).getByRole("button", { name: "15 minutes before" }).click();
  const before = editor(page).getByRole("form", { name: "Other time before" });
  await before.getByLabel("How many").fill("3");
  await before.getByLabel("Unit").selectOption("hours");
  await before.getByRole("button", { name: "Add" }).click();
  await editor(page).getByText("3 hours before").waitFor();
  await before.getByLabel("How many").fill("53");
  await before.getByLabel("Unit").selectOption("weeks");
  await before.getByText("At most a year before.").waitFor();
  assert.equal(await before.getByRole("button", { name: "Add" }).isDisabled(), true);

  const moment = editor(page).getByRole("form", { name: "At a date and time" });
  await moment.getByLabel("Time").fill("7");
  await moment.getByLabel("Date").fill(`${year}-03-10`);
  await moment.getByText("That moment has passed: nothing would be given.").waitFor();
  await moment.getByLabel("Time").fill("5pm");
  await moment.getByLabel("Time").press("Enter");
  await editor(page).getByText("Today 17:00").waitFor();
  await untilKept(opened, "PT15M", "PT3H", `${year}-03-10T17:00:00.000Z`);
  await page.keyboard.press("Escape");

  await opened.user.api("PATCH", `/tasks/${opened.id}`, { due_date: `${year}-03-11T12:00` });
  await detail(page).getByRole("button", { name: "Today 17:00, and 2 more" }).click();
  await editor(page).getByText("Tomorrow 09:00").waitFor();
  await editor(page).getByRole("button", { name: "Remove: 3 hours before" }).click();
  await editor(page).getByRole("button", { name: "Remove: Today 17:00" }).click();
  await untilKept(opened, "PT15M");
});

test("an all-day task says at which hour it reminds, and the settings change that hour", async (context) => {
  const opened = await openWith(context, { title: "Pay rent", due_date: `${year}-03-12` });
  const { page } = opened;
  await openEditor(page, "Pay rent");
  assert.deepEqual(await offered(page), [
    "At 09:00 on the day Fri 09:00",
    "At 09:00 the day before Tomorrow 09:00",
    "At 09:00, 2 days before Today 09:00",
    "At 09:00, 1 week before 5 Mar 09:00, past",
  ]);
  await editor(page)
    .getByRole("checkbox", { name: /the day before/ })
    .check();
  await untilKept(opened, "P1D");
  await page.goto("/settings/notifications");
  await page.getByLabel("All-day tasks remind at").selectOption("18:00");
  await until(
    "the reminder moves with the hour",
    async () => (await taskOf(opened)).reminders?.[0]?.remind_at === `${year}-03-11T18:00:00.000Z`,
  );
  await page.goto("/all");
  await row(page, "Pay rent").getByText("Reminder: Tomorrow 18:00").waitFor();
});

test("without a due date only a moment can be chosen", async (context) => {
  const opened = await openWith(context, { title: "Some day" });
  const { page } = opened;
  await openEditor(page, "Some day");
  await editor(page).getByText("Times before the due date can be chosen when there is one.").waitFor();
  assert.deepEqual(await offered(page), []);
  await editor(page).getByRole("form", { name: "At a date and time" }).getByRole("button", { name: "Add" }).click();
  await untilKept(opened, `${year}-03-11T09:00:00.000Z`);
  await row(page, "Some day").getByText("Reminder: Tomorrow 09:00").waitFor();
});

test("a reminder for a moment that has passed says that it is not given", async (context) => {
  const opened = await openWith(context, {
    title: "Call",
    due_date: "2020-01-01T09:00",
    reminders: [{ offset: "PT15M" }],
  });
  await openEditor(opened.page, "Call");
  await editor(opened.page).getByText("already past, so it is not given").waitFor();
});

test("a hundred reminders are the most, and the editor says so before the server has to", async (context) => {
  const opened = await openWith(context, { title: "Call", due_date: `${year}-03-12T09:00` });
  const moments = Array.from({ length: 100 }, (_, index) => ({
    remind_at: new Date(Date.parse(now) + (index + 1) * 3_600_000).toISOString(),
  }));
  await opened.user.api("POST", "/tasks", { title: "Many", reminders: moments });
  await row(opened.page, "Many").waitFor();
  await openEditor(opened.page, "Call");
  await editor(opened.page)
    .getByText(/100 reminders wait already/)
    .waitFor();
  assert.equal(
    await editor(opened.page)
      .getByRole("checkbox", { name: /At the due time/ })
      .isDisabled(),
    true,
  );
});

test("set without a network, reminders wait, show at once and reach the server later", async (context) => {
  const opened = await openWith(
    context,
    { title: "Call", due_date: `${year}-03-12T09:00` },
    { expected: /ERR_INTERNET_DISCONNECTED/ },
  );
  const { page } = opened;
  await openEditor(page, "Call");
  await page.context().setOffline(true);
  await editor(page)
    .getByRole("checkbox", { name: /1 hour before/ })
    .check();
  await editor(page)
    .getByRole("checkbox", { name: /1 day before/ })
    .check();
  await page.keyboard.press("Escape");
  await pill(page, /2 changes waiting/).waitFor();
  await row(page, "Call").getByText("Reminder: Tomorrow 09:00, and 1 more").waitFor();
  assert.deepEqual(await kept(opened), []);
  await page.context().setOffline(false);
  await untilKept(opened, "P1D", "PT1H");
});

test("what the server refuses is said on the row", async (context) => {
  const opened = await openWith(context, { title: "Call", due_date: `${year}-03-12T09:00` }, { expected: /422/ });
  const { page } = opened;
  await page.route(`**/api/v1/tasks/${opened.id}`, (route) =>
    route.continue({ postData: JSON.stringify({ reminders: [{ offset: "soon" }] }) }),
  );
  await openEditor(page, "Call");
  await editor(page)
    .getByRole("checkbox", { name: /1 hour before/ })
    .check();
  await row(page, "Call")
    .getByText(/Not saved: /)
    .waitFor();
  await gone(row(page, "Call").getByText(/Reminder: /));
});

test("reminders of a date that repeats are for all dates to come, or for this one alone", async (context) => {
  const opened = await openWith(context, {
    title: "Water the plants",
    due_date: `${year}-03-11T09:00`,
    recurrence_pattern: "daily",
  });
  const { page, user } = opened;
  const byKind = async (kind: string): Promise<Task[]> =>
    (await user.api<TaskList>("GET", `/tasks?${kind}&status=pending`)).body.tasks;
  const offsets = async (kind: string): Promise<string[]> =>
    (await byKind(kind)).flatMap(({ reminders = [] }) => reminders.map(({ offset }) => offset ?? "")).toSorted();
  await openEditor(page, "Water the plants");
  await editor(page)
    .getByRole("checkbox", { name: /15 minutes before/ })
    .check();
  await until("the series has it", async () => (await offsets("kind=series")).join() === "PT15M");
  await until("the occurrence has it", async () => (await offsets("kind=task")).join() === "PT15M");
  await editor(page).getByLabel(/^For/).selectOption("This one only");
  await editor(page)
    .getByRole("checkbox", { name: /1 hour before/ })
    .check();
  await until("this one has both", async () => (await offsets("kind=task")).join() === "PT15M,PT1H");
  assert.deepEqual(await offsets("kind=series"), ["PT15M"]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Complete Water the plants" }).click();
  await until("the next date has what the series has", async () => {
    const [next] = await byKind("kind=task");
    return next?.due_date === `${year}-03-12T09:00` && next.reminders?.map(({ offset }) => offset).join() === "PT15M";
  });
});

test("on a phone the due date, its time and its reminders are in a sheet from below", async (context) => {
  const opened = await openWith(
    context,
    { title: "Call", due_date: `${year}-03-12T09:00` },
    { device: "phone", reducedMotion: true },
  );
  const { page } = opened;
  await title(page, "Call").tap();
  await detail(page).getByRole("button", { name: /09:00/ }).tap();
  await until("it lies at the bottom", async () => {
    const box = await editor(page).boundingBox();
    return box !== null && box.x === 0 && box.width === phone.width && Math.round(box.y + box.height) === phone.height;
  });
  await editor(page)
    .getByRole("button", { name: /^Reminders/ })
    .tap();
  await editor(page).getByText("1 day before").tap();
  await untilKept(opened, "P1D");
  await editor(page).getByRole("button", { name: "Close" }).tap();
  await gone(editor(page));
  await detail(page).getByRole("button", { name: "1 day before" }).waitFor();
});

test("a time is typed as people do, and shows on a clock of 24 hours", async (context) => {
  const opened = await openWith(context, { title: "Call", due_date: `${year}-03-12` });
  const { page } = opened;
  const due = (): Promise<string | null> => taskOf(opened).then(({ due_date }) => due_date);
  await focusOn(page, "Call");
  await page.keyboard.press("d");
  const field = editor(page).getByLabel("Time", { exact: true });
  for (const [typed, shown] of [
    ["930", "09:30"],
    ["4pm", "16:00"],
    ["7", "07:00"],
  ] as const) {
    await field.fill(typed);
    await field.press("Enter");
    assert.equal(await field.inputValue(), shown);
    await until(`it is due at ${shown}`, async () => (await due()) === `${year}-03-12T${shown}`);
  }
  await field.fill("nonsense");
  await field.press("Enter");
  assert.equal(await field.inputValue(), "nonsense", "what is no time stays as it was typed");
  assert.equal(await due(), `${year}-03-12T07:00`);
  await field.fill("7");
  await field.press("Enter");
  await field.press("ArrowUp");
  await until("a quarter of an hour later", async () => (await due()) === `${year}-03-12T07:15`);
  await field.fill("");
  await field.press("Tab");
  await until("all day again", async () => (await due()) === `${year}-03-12`);
});

test("the palette sets reminders of the task at hand", async (context) => {
  const { page } = await openWith(context, { title: "Call", due_date: `${year}-03-12T09:00` });
  await focusOn(page, "Call");
  await runCommand(page, "set remind", /^Set reminders/);
  await editor(page).getByRole("heading", { name: "Reminders" }).waitFor();
  await editor(page)
    .getByRole("checkbox", { name: /1 hour before/ })
    .check();
  await toast(page, "“Call” has 1 reminder").waitFor();
});
