import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { ReminderList, ReminderTrace, WrittenReminder } from "../../src/contract/reminder.ts";
import type { WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { setSoon } from "./reminder-client.ts";

let taskflow: TaskFlow;

before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

const newUser = (): Promise<TestUser> => taskflow.client.register({ time_zone: "Europe/Rome" });
const list = async (user: TestUser, query = ""): Promise<ReminderList> =>
  (await user.api<ReminderList>("GET", `/reminders${query}`)).body;
const trace = async (user: TestUser, id: string): Promise<ReminderTrace> =>
  (await user.api<ReminderTrace>("GET", `/reminders/${id}/trace`)).body;
const addTask = async (user: TestUser, fields: object): Promise<WrittenTask> =>
  (await user.api<WrittenTask>("POST", "/tasks", { title: "Call", ...fields })).body;

/** Waits until the service has learned what the user did. */
const learned = (
  user: TestUser,
  what: string,
  condition: (reminders: ReminderList["reminders"]) => boolean,
): Promise<void> => until(what, async () => condition((await list(user)).reminders));

describe("the list of a user's reminders", () => {
  it("is by their instants, page by page, those without one last", async () => {
    const user = await newUser();
    const task = await addTask(user, {
      due_date: "2999-07-01T09:00",
      reminders: [{ offset: "PT1H" }, { offset: "P1D" }, { remind_at: "2999-01-01T00:00:00Z" }],
    });
    await addTask(user, { reminders: [{ offset: "PT1H" }] });
    await learned(user, "four reminders to be known", ({ length }) => length === 4);
    const { reminders, next_cursor } = await list(user);
    assert.equal(next_cursor, null);
    assert.deepEqual(
      reminders.map(({ remind_at }) => remind_at),
      ["2999-01-01T00:00:00.000Z", "2999-06-30T07:00:00.000Z", "2999-07-01T06:00:00.000Z", null],
    );
    assert.deepEqual(
      reminders.map(({ status, cancelled_because }) => [status, cancelled_because]),
      [
        ["pending", null],
        ["pending", null],
        ["pending", null],
        ["cancelled", "no_due_date"],
      ],
    );

    const pages: ReminderList[] = [];
    for (let cursor = ""; ;) {
      const page = await list(user, `?limit=1${cursor}`);
      pages.push(page);
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    assert.deepEqual(
      pages.flatMap((page) => page.reminders),
      reminders,
    );
    assert.deepEqual((await list(user, `?task_id=${task.id}`)).reminders, reminders.slice(0, 3));
    assert.deepEqual((await list(user, "?status=cancelled")).reminders, reminders.slice(3));
    assert.deepEqual((await list(user, "?status=pending&limit=2")).reminders, reminders.slice(0, 2));
  });

  it("is the user's own", async () => {
    const [user, stranger] = [await newUser(), await newUser()];
    await addTask(user, { due_date: "2999-07-01T09:00", reminder_offset: "15 minutes" });
    await learned(user, "it to be known", ({ length }) => length === 1);
    const [reminder] = (await list(user)).reminders;
    assert.deepEqual((await list(stranger)).reminders, []);
    for (const path of [`/reminders/${reminder?.id}`, `/reminders/${reminder?.id}/trace`])
      assertRefused(await stranger.api("GET", path), 404, "not_found");
    assert.equal((await user.api("GET", `/reminders/${reminder?.id}`)).status, 200);
  });

  it("refuses what is no query of it", async () => {
    const user = await newUser();
    for (const query of ["?limit=0", "?limit=101", "?status=late", "?task_id=1", "?colour=red"])
      assert.equal((await user.api("GET", `/reminders${query}`)).status, 422, query);
    assertRefused(await user.api("GET", "/reminders?cursor=bm9uZQ"), 400, "invalid_cursor");
    assertRefused(await user.api("GET", `/reminders/${randomUUID()}/trace`), 404, "not_found");
    assert.equal((await taskflow.client.api()("GET", "/reminders")).status, 401);
  });

  it("follows the user into another zone", async () => {
    const user = await newUser();
    await addTask(user, { due_date: "2999-07-01T09:00", reminder_offset: "1 hour" });
    await learned(user, "08:00 in Rome", ([one]) => one?.remind_at === "2999-07-01T06:00:00.000Z");
    assert.equal((await user.api("PATCH", "/auth/me", { time_zone: "America/New_York" })).status, 200);
    await learned(user, "08:00 in New York", ([one]) => one?.remind_at === "2999-07-01T12:00:00.000Z");
    const [reminder] = (await list(user)).reminders;
    const { steps, text } = await trace(user, reminder?.id ?? "");
    assert.deepEqual(
      steps.map(({ what, text: inWords }) => [what, inWords]),
      [
        ["planned", "Planned for 2999-07-01 02:00."],
        ["moved", "Moved to 2999-07-01 08:00."],
      ],
    );
    assert.equal(text, "You will be reminded at 2999-07-01 08:00.");
  });
});

describe("the trace of a reminder", () => {
  it("says by which events it was planned, moved and cancelled, and why it is not given", async () => {
    const user = await newUser();
    const task = await addTask(user, { due_date: "2999-07-01T09:00", reminder_offset: "1 hour" });
    await user.api("PATCH", `/tasks/${task.id}`, { due_date: "2999-07-02T09:00" });
    await user.api("POST", `/tasks/${task.id}/complete`);
    await user.api("POST", `/tasks/${task.id}/reopen`);
    await user.api("DELETE", `/tasks/${task.id}`);
    await learned(user, "the deletion to be known", ([one]) => one?.cancelled_because === "deleted");
    const [reminder] = (await list(user)).reminders;
    const { steps, text } = await trace(user, reminder?.id ?? "");
    const events = await taskflow.events(user.userId);
    assert.deepEqual(
      steps.map(({ what, event_id }) => [what, event_id]),
      ["planned", "moved", "cancelled", "planned", "cancelled"].map((what, index) => [what, events[index]?.event_id]),
    );
    assert.match(text, /^You are not reminded, because the task was deleted at \d{4}-/);
  });

  it("says when it was given, and where", async () => {
    const user = await newUser();
    const task = await addTask(user, { title: "Call the bank", priority: "high" });
    const planned = await setSoon(
      async (remind_at) => (await user.api<WrittenReminder>("POST", `/tasks/${task.id}/reminders`, { remind_at })).body,
    );
    const becomes = (expected: string) =>
      learned(user, `it to be ${expected}`, (reminders) =>
        reminders.some(({ id, status }) => id === planned.id && status === expected),
      );
    await becomes("sent");
    await until("it to be delivered", async () =>
      (await trace(user, planned.id)).steps.some(({ what }) => what === "delivered"),
    );
    const { reminder, steps, text } = await trace(user, planned.id);
    assert.ok(
      reminder.fired_at !== null && reminder.late_ms !== null && reminder.fired_at >= (reminder.remind_at ?? ""),
    );
    assert.deepEqual(
      steps.slice(0, 2).map(({ what }) => what),
      ["planned", "fired"],
    );
    assert.match(text, /^You were reminded at .*in the inbox/);
    assert.equal((await user.api("POST", `/reminders/${planned.id}/acknowledge`)).status, 200);
    await becomes("acknowledged");
    const acknowledged = await trace(user, planned.id);
    assert.equal(acknowledged.reminder.fired_at, reminder.fired_at);
    assert.match(acknowledged.text, /You acknowledged it at/);
  });
});
