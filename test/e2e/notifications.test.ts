import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { NotificationList, NotificationPreferences } from "../../src/contract/notification.ts";
import type { BulkAnswer, Task, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { noonZone } from "../harness/noon-zone.ts";
import { until } from "../harness/until.ts";
import { violations } from "./accessible.ts";
import { detail, gone, hasKeyboard, holdToast, live, pill, row, runCommand } from "./app.ts";
import { startWeb, type Web, type WindowOptions } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

const open = async (context: TestContext, user: TestUser, options: WindowOptions = {}): Promise<Page> => {
  const page = await web.open(context, { user, ...options });
  await page.goto("/all");
  await live(page);
  return page;
};

const anotherTab = async (page: Page): Promise<Page> => {
  const other = await page.context().newPage();
  await other.goto("/all");
  await live(other);
  return other;
};

const nextYear = new Date().getUTCFullYear() + 1;
const remindIn = (ms: number): object => ({ reminders: [{ remind_at: new Date(Date.now() + ms).toISOString() }] });
/** Where the request took longer than until its reminder, nothing is given. */
const isTooLate = ({ reminders = [] }: Task): boolean =>
  reminders.some(({ set_at, remind_at }) => remind_at === null || set_at >= remind_at);

/** A task that reminds in a moment; set once more where that was too late. */
const remindSoon = async (user: TestUser, title: string, fields: object = {}, inMs = 1_500): Promise<WrittenTask> => {
  let task = (await user.api<WrittenTask>("POST", "/tasks", { title, ...remindIn(inMs), ...fields })).body;
  while (isTooLate(task)) task = (await user.api<WrittenTask>("PATCH", `/tasks/${task.id}`, remindIn(inMs))).body;
  return task;
};

/** As many tasks that all remind at one moment. */
const remindTogether = async (user: TestUser, count: number): Promise<void> => {
  const bulk = async (operations: readonly object[]): Promise<readonly Task[]> =>
    (await user.api<BulkAnswer>("POST", "/tasks/bulk", { operations })).body.tasks;
  let tasks = await bulk(
    Array.from({ length: count }, (_, index) => ({ op: "create", task: { title: `Task ${index}` } })),
  );
  do {
    const patch = remindIn(4_000);
    tasks = await bulk(tasks.map(({ id }) => ({ op: "update", id, patch })));
  } while (tasks.some(isTooLate));
};

const bell = (page: Page, unread: number): Locator =>
  page.getByRole("button", { name: unread === 0 ? "Notifications" : `Notifications, ${unread} unread`, exact: true });
const notices = (page: Page): Locator => page.getByRole("region", { name: "Messages" }).getByRole("dialog");
/** What a toast says of a reminder; what was done about it is said in another. */
const notice = (page: Page, title: string): Locator =>
  page.getByRole("region", { name: "Messages" }).getByRole("dialog", { name: title, exact: true });
const centre = (page: Page): Locator => page.getByRole("dialog", { name: "Notifications", exact: true });
const entry = (page: Page, title: string): Locator =>
  page.getByRole("listitem").filter({ has: page.getByRole("button", { name: title, exact: true }) });

const inbox = async (user: TestUser): Promise<NotificationList> =>
  (await user.api<NotificationList>("GET", "/notifications")).body;
const taskOf = async (user: TestUser, id: string): Promise<Task> => (await user.api<Task>("GET", `/tasks/${id}`)).body;
const untilRead = (user: TestUser): Promise<void> =>
  until("all is read on the server", async () => (await inbox(user)).unread === 0);

test("a reminder arrives as a toast and at the bell; done from there, it is gone from both", async (context) => {
  const user = await web.taskflow.client.register();
  const page = await open(context, user);
  await bell(page, 0).waitFor();
  const task = await remindSoon(user, "Call the landlord", { due_date: `${nextYear}-03-10T14:30` });
  await notice(page, "Call the landlord").getByText("Due 10 Mar, 14:30.").waitFor();
  await bell(page, 1).waitFor();
  assert.deepEqual(await violations(page), []);
  await notice(page, "Call the landlord").getByRole("button", { name: "Done" }).click();
  await gone(notice(page, "Call the landlord"));
  await bell(page, 0).waitFor();
  await until("the task is done", async () => (await taskOf(user, task.id)).completed);
  await untilRead(user);
});

test("two tabs share one connection: both tell of a reminder, and what one does counts for both", async (context) => {
  const user = await web.taskflow.client.register();
  const first = await web.open(context, { user });
  const streams: string[] = [];
  first
    .context()
    .on("request", (request) => request.url().includes("/notifications/stream?") && streams.push(request.url()));
  await first.goto("/all");
  await live(first);
  const second = await anotherTab(first);
  const task = await remindSoon(user, "Stretch");
  await notice(first, "Stretch").waitFor();
  await notice(second, "Stretch").waitFor();
  assert.equal(streams.length, 1);

  const snoozedAt = Date.now();
  await notice(second, "Stretch").getByRole("button", { name: "Snooze" }).click();
  await second.getByRole("menuitem", { name: "In 10 minutes" }).click();
  for (const page of [first, second]) await gone(notice(page, "Stretch"));
  await bell(first, 0).waitFor();
  await row(first, "Stretch")
    .getByText(/^Reminder: /)
    .waitFor();
  await until("the server has the snooze", async () => {
    const [given, again] = (await taskOf(user, task.id)).reminders ?? [];
    return (
      given?.acknowledged_at != null &&
      again?.snoozed_from === given.id &&
      Date.parse(again.remind_at ?? "") > snoozedAt + 500_000
    );
  });
  await second.keyboard.press("Control+z");
  await until("the snooze is taken back", async () => (await taskOf(user, task.id)).reminders?.length === 1);

  await first.close();
  await live(second);
  await remindSoon(user, "Drink water");
  await notice(second, "Drink water").waitFor();
});

test("a toast that is dismissed is read, its reminder acknowledged, and another device knows", async (context) => {
  const user = await web.taskflow.client.register();
  const [here, there] = [await open(context, user), await open(context, user)];
  const task = await remindSoon(user, "Feed the cat");
  await notice(there, "Feed the cat").waitFor();
  await notice(here, "Feed the cat").getByLabel("Dismiss").click();
  await gone(notice(there, "Feed the cat"));
  await bell(there, 0).waitFor();
  await until("it is acknowledged", async () => (await taskOf(user, task.id)).reminders?.[0]?.acknowledged_at != null);
});

test("a reminder is put off to a time of one's own", async (context) => {
  const user = await web.taskflow.client.register({ time_zone: "America/New_York" });
  const page = await open(context, user);
  const task = await remindSoon(user, "Water the roses");
  await notice(page, "Water the roses").getByRole("button", { name: "Snooze" }).click();
  await page.getByRole("menuitem", { name: "Pick a time …" }).click();
  const form = page.getByRole("form", { name: "Snooze until" });
  await form.getByLabel("Date").fill("2020-01-01");
  await form.getByText("That moment has passed.").waitFor();
  await form.getByLabel("Date").fill(`${nextYear}-07-01`);
  await form.getByLabel("Time").fill("8:15");
  await form.getByRole("button", { name: "Snooze" }).click();
  await until(
    "the server has that moment",
    async () => (await taskOf(user, task.id)).reminders?.[1]?.remind_at === `${nextYear}-07-01T12:15:00.000Z`,
  );
});

test("by the keyboard alone: the centre opens, tells why, opens a task, completes one and marks all as read", async (context) => {
  const user = await web.taskflow.client.register({ time_zone: noonZone() });
  const page = await open(context, user);
  const [one, two] = [await remindSoon(user, "One"), await remindSoon(user, "Two")];
  await bell(page, 2).waitFor();
  await bell(page, 2).focus();
  await page.keyboard.press("Enter");
  await centre(page).getByRole("heading", { name: "Today" }).waitFor();
  await hasKeyboard(centre(page));
  await entry(page, "One").getByRole("button", { name: "One", exact: true }).focus();
  await page.keyboard.press("Tab");
  await until("“Why?” is next", () => page.evaluate<boolean>(`document.activeElement.textContent === "Why?"`));
  await page.keyboard.press("Enter");
  const story = page.getByRole("dialog", { name: "Why was I reminded, or not?" });
  await story.getByRole("list", { name: "What happened" }).getByRole("listitem").first().waitFor();
  assert.deepEqual(await violations(page), []);
  await hasKeyboard(story);
  await page.keyboard.press("Escape");
  await gone(story);

  await page.goBack();
  await page.goto("/all?show=notifications");
  await hasKeyboard(centre(page));
  await entry(page, "Two").getByRole("button", { name: "Complete Two" }).press("Enter");
  await until("Two is done", async () => (await taskOf(user, two.id)).completed);
  await entry(page, "Two").getByText("Completed").waitFor();
  await entry(page, "One").getByRole("button", { name: "One", exact: true }).press("Enter");
  await detail(page).getByRole("textbox", { name: "Title" }).waitFor();
  await gone(centre(page));
  await page.waitForURL(({ searchParams }) => searchParams.get("task") === one.id);
  await untilRead(user);

  await remindSoon(user, "Three");
  await bell(page, 1).waitFor();
  await runCommand(page, "mark all", /^Mark all notifications as read/);
  await bell(page, 0).waitFor();
  await gone(notice(page, "Three"));
  await untilRead(user);
});

test("on a phone the bell leads to a page, from where a task is opened", async (context) => {
  const user = await web.taskflow.client.register();
  const page = await open(context, user, { device: "phone" });
  await remindSoon(user, "Call the landlord");
  await notice(page, "Call the landlord").waitFor();
  await bell(page, 1).tap();
  await page.getByRole("heading", { level: 1, name: "Notifications" }).waitFor();
  await page.getByText("1 unread", { exact: true }).waitFor();
  await entry(page, "Call the landlord").getByRole("button", { name: "Call the landlord", exact: true }).tap();
  await detail(page).getByRole("textbox", { name: "Title" }).waitFor();
  await page.goBack();
  await page.getByText("All read", { exact: true }).waitFor();
});

/** Has the first change of the preferences answered when the answer is called. */
const holdFirstChange = async (page: Page): Promise<() => Promise<void>> => {
  const held = Promise.withResolvers<void>();
  const change = page.waitForRequest((request) => request.method() === "PUT");
  await page.route(
    "**/api/v1/notification-preferences",
    async (route) => {
      const response = await route.fetch();
      await held.promise;
      await route.fulfill({ response });
    },
    { times: 1 },
  );
  return async () => {
    held.resolve();
    await (await (await change).response())?.finished();
  };
};

test("what is switched off is not told; the settings say so after a reload, and a test says what became of it", async (context) => {
  const user = await web.taskflow.client.register();
  const page = await open(context, user);
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Notification settings" }).click();
  const choice = (name: string): Locator => page.getByRole("switch", { name });
  const preferences = async (): Promise<NotificationPreferences> =>
    (await user.api<NotificationPreferences>("GET", "/notification-preferences")).body;
  await choice("Reminders: In the app").click();
  await choice("A task is completed: In the list").click();
  await until("the server knows", async () => {
    const { events } = await preferences();
    return events["task.reminder.triggered"]?.stream === false && events["task.completed"]?.inbox === true;
  });
  const answerFirst = await holdFirstChange(page);
  await choice("Quiet hours").click();
  await page.getByLabel("From").fill("23:15");
  await answerFirst();
  assert.equal(
    await page.getByLabel("From").inputValue(),
    "23:15",
    "the answer to the change before does not take it back",
  );
  await page.getByLabel("Until").fill("6");
  await page.getByLabel("Until").press("Tab");
  await until(
    "the quiet hours are kept",
    async () => JSON.stringify((await preferences()).quiet_hours) === JSON.stringify({ start: "23:15", end: "06:00" }),
  );
  await choice("Quiet hours").click();
  await choice("High priority only").click();
  await until(
    "these too",
    async () => (await preferences()).critical_only && (await preferences()).quiet_hours === null,
  );
  await page.reload();
  await choice("Reminders: In the app").waitFor();
  assert.deepEqual(
    await Promise.all(
      ["Reminders: In the app", "Reminders: In the list", "A task is completed: In the list", "High priority only"].map(
        (name) => choice(name).isChecked(),
      ),
    ),
    [false, true, true, true],
  );
  await choice("High priority only").click();
  await until("not any more", async () => !(await preferences()).critical_only);

  await remindSoon(user, "Quietly");
  await bell(page, 1).waitFor();
  assert.equal(await notices(page).count(), 0);
  await page.getByRole("button", { name: "Send a test: In the app" }).click();
  // A busy server answers before it has delivered.
  await page.getByText(/^(Delivered|Waits)/).waitFor();
  await notices(page).waitFor();
});

test("without a network the centre shows what was known last, and what is read there reaches the server later", async (context) => {
  const user = await web.taskflow.client.register();
  const page = await open(context, user, { expected: /ERR_INTERNET_DISCONNECTED/ });
  await remindSoon(user, "Before");
  await bell(page, 1).waitFor();
  await page.context().setOffline(true);
  await pill(page, /Offline/).waitFor();
  await bell(page, 1).click();
  await centre(page).getByText("Offline: this is what was known last.").waitFor();
  await entry(page, "Before").getByRole("button", { name: "Mark as read: Before" }).click();
  await page.keyboard.press("Escape");
  await bell(page, 0).waitFor();
  const task = await remindSoon(user, "Meanwhile", {}, 500);
  await until("it was given", async () => (await inbox(user)).notifications.some(({ task_id }) => task_id === task.id));
  assert.equal((await inbox(user)).unread, 2);
  await page.context().setOffline(false);
  await bell(page, 1).waitFor();
  await notice(page, "Meanwhile").waitFor();
  await until("what was read is read", async () => (await inbox(user)).unread === 1);
});

test("what was read is marked as unread again: it counts on every device, and also when the server hears of it later", async (context) => {
  const user = await web.taskflow.client.register();
  const expected = /ERR_INTERNET_DISCONNECTED/;
  const [here, there] = [await open(context, user, { expected }), await open(context, user)];
  await remindSoon(user, "Answer Noor");
  await bell(here, 1).click();
  await hasKeyboard(centre(here));
  await entry(here, "Answer Noor").getByRole("button", { name: "Mark as read: Answer Noor" }).press("Enter");
  await bell(there, 0).waitFor();
  const markUnread = entry(here, "Answer Noor").getByRole("button", { name: "Mark as unread: Answer Noor" });
  await until("the button keeps the keyboard", () => markUnread.evaluate((button) => button.matches(":focus")));
  assert.deepEqual(await violations(here), []);
  await here.keyboard.press("Enter");
  await bell(there, 1).waitFor();
  assert.equal((await inbox(user)).unread, 1);

  await entry(here, "Answer Noor").getByRole("button", { name: "Mark as read: Answer Noor" }).click();
  await untilRead(user);
  await bell(there, 0).waitFor();
  await here.context().setOffline(true);
  await centre(here).getByText("Offline: this is what was known last.").waitFor();
  await markUnread.click();
  await here.keyboard.press("Escape");
  await bell(here, 1).waitFor();
  await here.context().setOffline(false);
  await bell(there, 1).waitFor();
  assert.equal((await inbox(user)).unread, 1);
});

test("what was known is there before the network is, and signing out forgets it", async (context) => {
  const user = await web.taskflow.client.register();
  const page = await open(context, user, { expected: /ERR_INTERNET_DISCONNECTED/ });
  await remindSoon(user, "Known");
  await bell(page, 1).waitFor();
  await page.route("**/api/v1/**", (route) => route.abort("internetdisconnected"));
  await page.reload();
  await bell(page, 1).waitFor();
  await page.unroute("**/api/v1/**");
  await live(page);
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await until(
    "nothing is kept",
    async () =>
      !(await page.evaluate<string[]>("Object.keys(localStorage)")).some((key) => key.startsWith("taskflow.inbox")),
  );
});

/** Whose notifications the browser shows for the app, by their titles. */
const shownByBrowser = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(
    `navigator.serviceWorker.ready.then((worker) => worker.getNotifications()).then((shown) => shown.map(({ title }) => title))`,
  );

/** The browser's tests make every page believe it has the focus. */
const loseFocus = async (page: Page): Promise<void> => {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setFocusEmulationEnabled", { enabled: false });
  await until("the page is not looked at", () => page.evaluate<boolean>("!document.hasFocus()"));
};

test("outside of the window one tab tells, once, and only when the user is at none", async (context) => {
  const user = await web.taskflow.client.register();
  const first = await web.open(context, { user });
  await first.context().grantPermissions(["notifications"]);
  await first.goto("/all");
  await live(first);
  await first.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
  const second = await anotherTab(first);
  await remindSoon(user, "At the screen");
  await notice(second, "At the screen").waitFor();
  await notice(first, "At the screen").waitFor();

  const elsewhere = await first.context().newPage();
  await elsewhere.bringToFront();
  await loseFocus(first);
  await loseFocus(second);
  await remindSoon(user, "Away from it");
  await until("the browser shows it", async () => (await shownByBrowser(first)).length > 0);
  await notice(second, "Away from it").waitFor();
  assert.deepEqual(await shownByBrowser(first), ["Away from it"]);
  await notice(second, "Away from it").getByLabel("Dismiss").click();
  await until("what was seen goes away", async () => (await shownByBrowser(first)).length === 0);
});

test("the browser is asked on a click, never before; who declines is not offered it again", async (context) => {
  const user = await web.taskflow.client.register();
  await user.api("POST", "/tasks", {
    title: "Call",
    due_date: `${nextYear}-03-10T09:00`,
    reminders: [{ offset: "PT15M" }],
  });
  const page = await web.open(context, { user });
  await page.addInitScript(`{
    globalThis.asked = 0;
    const ask = Notification.requestPermission.bind(Notification);
    Notification.requestPermission = () => { globalThis.asked += 1; return ask(); };
    Object.defineProperty(Notification, "permission", { get: () => "default" });
  }`);
  const asked = (): Promise<number> => page.evaluate<number>("globalThis.asked");
  await page.goto("/all");
  await live(page);
  const openEditor = async (): Promise<Locator> => {
    await row(page, "Call").getByRole("link").focus();
    await page.keyboard.press("r");
    await page.getByRole("checkbox", { name: /15 minutes before/ }).waitFor();
    return page.getByText("Show reminders outside of this window too?");
  };
  await (await openEditor()).waitFor();
  assert.equal(await asked(), 0);
  await page.getByRole("button", { name: "Not now" }).click();
  await page.keyboard.press("Escape");
  await page.reload();
  assert.equal(await (await openEditor()).count(), 0);
  await page.goto("/settings/notifications");
  await page.getByRole("button", { name: "Allow notifications" }).click();
  await until("it is asked", async () => (await asked()) === 1);
});

test("a second of many is told as one", async (context) => {
  const user = await web.taskflow.client.register({ time_zone: noonZone() });
  const page = await open(context, user);
  // Ten are told one by one. With few more they are all given within that second, also by a busy server.
  await remindTogether(user, 12);
  await holdToast(page, "Show all");
  await bell(page, 12).waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await centre(page).getByRole("heading", { name: "Today" }).waitFor();
  await centre(page).getByRole("button", { name: "Mark all as read" }).click();
  await page.keyboard.press("Escape");
  await bell(page, 0).waitFor();
  await untilRead(user);
});
