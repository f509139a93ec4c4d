import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { Locator, Page } from "playwright-core";
import type { NewTask, Task, TaskList, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { createSettableClock } from "../harness/settable-clock.ts";
import { until } from "../harness/until.ts";
import { detail, focusOn, gone, holdToast, live, openView, pill, pressInTurn, row, title, toast } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

/** A Wednesday. */
const now = "2027-03-10T08:40:00Z";
/**
 * The server's clock stands before all of these dates: it makes the next one of a series when the time of the last has
 * come.
 */
const clock = createSettableClock("2027-03-01T08:40:00Z");

let web: Web;
before(async () => {
  web = await startWeb({ clock });
});
after(() => web.stop());

const daily: NewTask = { title: "Water the plants", due_date: "2027-03-10", recurrence_pattern: "daily" };

const openWith = async (
  context: TestContext,
  path: string,
  task: NewTask,
  expected?: RegExp,
): Promise<{ page: Page; user: TestUser; id: string }> => {
  const user = await web.taskflow.client.register();
  const { body } = await user.api<WrittenTask>("POST", "/tasks", task);
  const page = await web.open(context, { user, now, ...(expected === undefined ? {} : { expected }) });
  await page.goto(path);
  await live(page);
  await page.getByRole("main").getByText(task.title, { exact: true }).waitFor();
  return { page, user, id: body.id };
};

const list = async (user: TestUser, query: string): Promise<Task[]> =>
  (await user.api<TaskList>("GET", `/tasks?${query}&limit=100`)).body.tasks;
const seriesOf = async (user: TestUser): Promise<Task | undefined> => (await list(user, "kind=series"))[0];
const openDates = async (user: TestUser): Promise<string[]> =>
  (await list(user, "status=pending&sort_by=due_date")).map(({ due_date }) => due_date ?? "");
const untilOpen = (user: TestUser, ...dates: string[]): Promise<void> =>
  until(`${dates.join()} is open on the server`, async () => (await openDates(user)).join() === dates.join());

const popover = (page: Page): Locator => page.getByRole("dialog", { name: "Due date" });
const nextDates = (page: Page): Promise<string[]> =>
  popover(page).getByRole("list", { name: "Next dates" }).getByRole("listitem").allInnerTexts();

const openRepeat = async (page: Page, task: string): Promise<void> => {
  await focusOn(page, task);
  await page.keyboard.press("y");
  await popover(page).getByRole("combobox", { name: "How often" }).waitFor();
};

test("a task repeats on Monday and Wednesday: the sentence and the next five dates show before it is saved", async (context) => {
  const { page, user } = await openWith(context, "/all", { title: "Stand-up", due_date: "2027-03-10T09:15" });
  await row(page, "Stand-up").getByRole("button", { name: /09:15/ }).click();
  await popover(page)
    .getByRole("button", { name: /^Repeat/ })
    .click();
  const often = popover(page).getByRole("combobox", { name: "How often" });
  const offered = [
    "Does not repeat",
    "Every day",
    "Every weekday",
    "Every week on Wednesday",
    "Every month on the 10th",
    "Every month on the second Wednesday",
    "Every month on the last day",
    "Every year on 10 March",
    "Custom…",
  ];
  await often.waitFor();
  assert.deepEqual(await often.getByRole("option").allInnerTexts(), offered);
  await often.selectOption("Custom…");
  await popover(page).getByText("Mo", { exact: true }).click();
  await popover(page).getByText("Every week on Monday and Wednesday").waitFor();
  assert.deepEqual(await nextDates(page), [
    "Wed 10 Mar 09:15",
    "Mon 15 Mar 09:15",
    "Wed 17 Mar 09:15",
    "Mon 22 Mar 09:15",
    "Wed 24 Mar 09:15",
  ]);
  assert.equal(await seriesOf(user), undefined, "nothing is saved yet");
  await popover(page).getByRole("button", { name: "Save" }).click();
  await row(page, "Stand-up").getByText("Repeats every week on Monday and Wednesday").waitFor();
  await until("its series has no row", async () => (await row(page, "Stand-up").count()) === 1);
  assert.equal((await seriesOf(user))?.recurrence_rule, "FREQ=WEEKLY;BYDAY=MO,WE");
  await until("the row that took its place has the keyboard", () =>
    page.evaluate<boolean>(`document.activeElement.textContent === "Stand-up"`),
  );
});

test("completing names the next date, and its occurrence appears; undo takes both back", async (context) => {
  const { page, user } = await openWith(context, "/all", {
    ...daily,
    due_date: "2027-03-10",
    recurrence_pattern: "weekly:MON,WED",
  });
  await page.getByRole("button", { name: "Complete Water the plants" }).click();
  await holdToast(page, "Completed “Water the plants” — next on Mon");
  await row(page, "Water the plants").getByRole("button", { name: /Mon/ }).waitFor();
  await untilOpen(user, "2027-03-15");
  await page.getByRole("button", { name: "Undo" }).click();
  await row(page, "Water the plants").getByRole("button", { name: /Today/ }).waitFor();
  await gone(row(page, "Water the plants").getByRole("button", { name: /Mon/ }));
  await untilOpen(user, "2027-03-10");
});

test("skipping closes one date, and it is not among the completed", async (context) => {
  const { page, user } = await openWith(context, "/all", daily);
  await title(page, "Water the plants").click();
  await detail(page).getByText("Thu 11 Mar").waitFor();
  await detail(page).getByRole("button", { name: "Skip this one" }).click();
  await toast(page, "Skipped “Water the plants” — next tomorrow").waitFor();
  await row(page, "Water the plants")
    .getByRole("button", { name: /Tomorrow/ })
    .waitFor();
  await untilOpen(user, "2027-03-11");
  await openView(page, "Completed");
  await page.getByRole("heading", { name: "Nothing completed yet" }).waitFor();
});

test("a new date is for this one alone, or for all of them", async (context) => {
  const { page, user } = await openWith(context, "/all", daily);
  const move = async (scope: string | null, from: RegExp, day: RegExp): Promise<void> => {
    await row(page, "Water the plants").getByRole("button", { name: from }).click();
    if (scope !== null) await popover(page).getByLabel("Moves").selectOption(scope);
    await popover(page).getByRole("button", { name: day }).click();
  };
  await move(null, /Today/, /^Tomorrow/);
  await row(page, "Water the plants")
    .getByRole("button", { name: /Tomorrow/ })
    .waitFor();
  await until("this one has moved", async () => (await openDates(user))[0] === "2027-03-11");
  assert.equal((await seriesOf(user))?.due_date, "2027-03-10");
  await move("All", /Tomorrow/, /^Weekend/);
  await until("all of them have moved", async () => (await seriesOf(user))?.due_date === "2027-03-13");
  await row(page, "Water the plants").getByRole("button", { name: /Sat/ }).waitFor();
});

test("a rule is changed for all dates, or for this one and those that follow", async (context) => {
  const { page, user, id } = await openWith(context, "/all", daily);
  await openRepeat(page, "Water the plants");
  await popover(page).getByLabel("How often").selectOption("Every week on Wednesday");
  await popover(page).getByText("Every week on Wednesday", { exact: true }).last().waitFor();
  await popover(page).getByRole("button", { name: "Save" }).click();
  await row(page, "Water the plants").getByText("Repeats every week on Wednesday").waitFor();
  const series = async (): Promise<unknown> =>
    (await list(user, "kind=series")).map((each) => [each.id, each.recurrence_rule]);
  await until("the server has it", async () => isDeepStrictEqual(await series(), [[id, "FREQ=WEEKLY;BYDAY=WE"]]));

  await page.getByRole("button", { name: "Complete Water the plants" }).click();
  await row(page, "Water the plants")
    .getByRole("button", { name: /17 Mar/ })
    .waitFor();
  await gone(page.getByRole("button", { name: "Reopen Water the plants" }));
  await openRepeat(page, "Water the plants");
  await popover(page).getByLabel("How often").selectOption("Every day");
  await popover(page).getByLabel("Changes").selectOption("This and following");
  await popover(page).getByRole("button", { name: "Save" }).click();
  await row(page, "Water the plants").getByText("Repeats every day").waitFor();
  const rules = async (): Promise<unknown> =>
    (await list(user, "kind=series")).map((each) => each.recurrence_rule).toSorted();
  await until("there are two series", async () =>
    isDeepStrictEqual(await rules(), ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=WE"]),
  );
});

test("after completion, with a last date; and an end before the first date is said and not saved", async (context) => {
  const { page, user } = await openWith(context, "/all", { title: "Gym", due_date: "2027-03-10" });
  await openRepeat(page, "Gym");
  await popover(page).getByLabel("How often").selectOption("Custom…");
  await popover(page).getByLabel("Every", { exact: true }).fill("3");
  await popover(page).getByLabel("Unit").selectOption("days");
  await popover(page).getByLabel("Next one").selectOption("counted from completion");
  await popover(page).getByText("Every 3 days", { exact: true }).waitFor();
  await popover(page).getByLabel("Ends").selectOption("On a date");
  await popover(page).getByLabel("Last date").fill("2027-03-01");
  await popover(page).getByText("It ends before the first date").waitFor();
  assert.equal(await popover(page).getByRole("button", { name: "Save" }).isDisabled(), true);
  await popover(page).getByLabel("Last date").fill("2027-03-14");
  await until(
    "the dates up to the last one show",
    async () => JSON.stringify(await nextDates(page)) === JSON.stringify(["Wed 10 Mar", "Sat 13 Mar"]),
  );
  await popover(page).getByRole("button", { name: "Save" }).click();
  await row(page, "Gym").getByText("Repeats every 3 days").waitFor();
  await until("the server has it", async () => (await seriesOf(user)) !== undefined);
  const series = await seriesOf(user);
  assert.deepEqual([series?.recurrence_basis, series?.recurrence_end_date], ["completion", "2027-03-14"]);
});

test("counted from completion: the interval in words, and the date that would follow if it were done today", async (context) => {
  const { page, user } = await openWith(context, "/all", {
    title: "Descale",
    due_date: "2027-03-08",
    recurrence_pattern: "custom:3d",
    recurrence_basis: "completion",
  });
  await title(page, "Descale").click();
  await detail(page).getByText("Every 3 days, counted from completion").waitFor();
  await detail(page).getByText("Sat 13 Mar, if completed today").waitFor();
  await detail(page).getByRole("link", { name: "Show the series" }).click();
  await page.getByRole("heading", { level: 1, name: "Series" }).waitFor();
  await detail(page).getByText("Sat 13 Mar, if completed today").waitFor();
  await page.getByRole("main").getByText("Every 3 days, counted from completion").waitFor();

  await openRepeat(page, "Descale");
  await until(
    "on time, they follow the open one",
    async () => JSON.stringify((await nextDates(page)).slice(0, 2)) === JSON.stringify(["Mon 8 Mar", "Thu 11 Mar"]),
  );
  await page.keyboard.press("Escape");
  assert.deepEqual(await openDates(user), ["2027-03-08"]);
});

test("what the server refuses is said at the editor, and what it cannot be asked is saved all the same", async (context) => {
  const { page, user } = await openWith(
    context,
    "/all",
    { title: "Gym", due_date: "2027-03-10" },
    /422|ERR_INTERNET_DISCONNECTED/,
  );
  await page.route("**/recurrence/preview?*", (route) =>
    route.continue({ url: route.request().url().replace("BYMONTHDAY", "BYMONTHDAZE") }),
  );
  await openRepeat(page, "Gym");
  await popover(page).getByLabel("How often").selectOption("Every month on the 10th");
  await popover(page).getByRole("alert").waitFor();
  assert.equal(await popover(page).getByRole("button", { name: "Save" }).isDisabled(), true);
  await page.unroute("**/recurrence/preview?*");

  await page.context().setOffline(true);
  await popover(page).getByLabel("How often").selectOption("Every day");
  await popover(page).getByText("Offline: the dates show when the server can be reached").waitFor();
  await popover(page).getByRole("button", { name: "Save" }).click();
  await pill(page, /1 change waiting/).waitFor();
  await row(page, "Gym").getByText("Repeats", { exact: true }).waitFor();
  await page.context().setOffline(false);
  await row(page, "Gym").getByText("Repeats every day").waitFor();
  assert.equal((await seriesOf(user))?.recurrence_rule, "FREQ=DAILY");
});

test("the series view tells what was done, pauses, resumes and ends", async (context) => {
  const { page, user, id } = await openWith(context, "/series", daily);
  for (const [command, occurrence_date, next] of [
    ["complete", "2027-03-10", "2027-03-11"],
    ["complete", "2027-03-11", "2027-03-12"],
    ["skip-occurrence", "2027-03-12", "2027-03-13"],
  ]) {
    await user.api("POST", `/tasks/${id}/${command}`, { occurrence_date });
    await until(`${next} is open`, async () => (await openDates(user))[0] === next);
  }
  await page.getByText("2 in a row").first().waitFor();
  await page.getByRole("link", { name: "Water the plants" }).click();
  const history = detail(page).getByRole("listitem");
  await detail(page).getByText("Skipped").waitFor();
  const told = async (): Promise<string[]> =>
    (await history.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " ").trim());
  await until("each date says what became of it", async () =>
    isDeepStrictEqual(await told(), ["Fri 12 Mar Skipped", "Thu 11 Mar Completed", "Wed 10 Mar Completed"]),
  );

  await detail(page).getByLabel("Pause until").fill("2027-04-01");
  await detail(page).getByRole("button", { name: "Pause" }).click();
  await page.getByRole("main").getByText("Paused until 1 Apr").waitFor();
  await until("nothing is to be done until then", async () => (await openDates(user)).length === 0);
  await detail(page).getByRole("button", { name: "Resume" }).click();
  await page.getByRole("main").getByText("Next on Sat").waitFor();
  await until("it goes on where it was", async () => (await openDates(user))[0] === "2027-03-13");

  await detail(page).getByRole("button", { name: "End the series" }).click();
  await page.getByRole("heading", { name: "Ended" }).waitFor();
  await until("it has ended on the server", async () => (await seriesOf(user))?.recurrence_pattern === null);
  assert.deepEqual(await openDates(user), ["2027-03-13"]);
  await page.keyboard.press("Control+z");
  await gone(page.getByRole("heading", { name: "Ended" }));
});

test("another device's series and its next occurrence appear at once", async (context) => {
  const { page, user } = await openWith(context, "/all", { title: "Already here" });
  const { body } = await user.api<WrittenTask>("POST", "/tasks", daily);
  await row(page, "Water the plants").getByText("Repeats every day").waitFor();
  await user.api("POST", `/tasks/${body.id}/complete`);
  await row(page, "Water the plants")
    .getByRole("button", { name: /Tomorrow/ })
    .waitFor();
});

test("the keyboard alone: repeat, complete, skip, pause", async (context) => {
  const { page, user } = await openWith(context, "/all", { title: "Stretch", due_date: "2027-03-10" });
  const { keyboard } = page;
  await openRepeat(page, "Stretch");
  await until("the choice has the focus", () =>
    popover(page)
      .getByRole("combobox", { name: "How often" })
      .evaluate((choice) => choice.matches(":focus")),
  );
  await keyboard.press("Home");
  await keyboard.press("ArrowDown");
  await popover(page).getByText("Every day", { exact: true }).last().waitFor();
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await row(page, "Stretch").getByText("Repeats every day").waitFor();
  const rowHasKeyboard = () =>
    until("the row has the keyboard", () => page.evaluate<boolean>(`document.activeElement.textContent === "Stretch"`));
  await rowHasKeyboard();
  await keyboard.press("e");
  await toast(page, "Completed “Stretch” — next tomorrow").waitFor();
  await row(page, "Stretch")
    .getByRole("button", { name: /Tomorrow/ })
    .waitFor();
  await gone(page.getByRole("button", { name: "Reopen Stretch" }));
  await keyboard.press("j");
  await rowHasKeyboard();
  await keyboard.press("s");
  await toast(page, "Skipped “Stretch” — next on Fri").waitFor();

  await pressInTurn(page, ["g", "s"]);
  await page.getByRole("heading", { level: 1, name: "Series" }).waitFor();
  await page.getByRole("main").getByRole("link", { name: "Stretch" }).waitFor();
  await keyboard.press("j");
  await rowHasKeyboard();
  await keyboard.press("Enter");
  await detail(page).getByRole("button", { name: "Pause" }).focus();
  await keyboard.press("Enter");
  await page.getByRole("main").getByText("Paused until 17 Mar").waitFor();
  await until("the server has it", async () => (await seriesOf(user))?.recurrence_paused_until === "2027-03-17");
});
