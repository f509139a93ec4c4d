import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { User } from "../../src/contract/account.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { Reminder, WrittenReminder } from "../../src/contract/reminder.ts";
import type { BulkAnswer, TaskList, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { moment } from "./past.ts";
import { content, createReminderClient, onlyOf, outcome, setSoon } from "./reminder-client.ts";

let taskflow: TaskFlow;
let user: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  user = await taskflow.client.register({ time_zone: "Europe/Rome" });
});
after(() => taskflow.stop());

const { addTask, readTask, list, patch, addReminder, undo } = createReminderClient(() => user);
const act = async (reminderId: string, command: "snooze" | "acknowledge", body?: object): Promise<WrittenReminder> => {
  const answer = await user.api<WrittenReminder>("POST", `/reminders/${reminderId}/${command}`, body);
  assert.ok(answer.status < 300, JSON.stringify(answer.body));
  return answer.body;
};

describe("a reminder", () => {
  it("is added before the due date, read with its task, and told by an event", async () => {
    const task = await addTask();
    const { undo: handle, warnings, ...reminder } = await addReminder(task.id, { offset: "15 minutes" });
    assert.match(handle ?? "", /^[\w-]+$/);
    assert.deepEqual(reminder, {
      id: reminder.id,
      task_id: task.id,
      user_id: user.userId,
      offset: "PT15M",
      remind_at: "2999-07-01T06:45:00.000Z",
      set_at: reminder.set_at,
      snoozed_from: null,
      acknowledged_at: null,
      status: "pending",
      cancelled_because: null,
      fired_at: null,
      late_ms: null,
    });
    assert.deepEqual(warnings, []);
    assert.deepEqual(await list(task.id), [reminder]);
    const read = await readTask(task.id);
    assert.deepEqual(
      [read.version, read.reminder_offset, content(read)],
      [2, "PT15M", [{ id: reminder.id, offset: "PT15M", remind_at: reminder.remind_at }]],
    );
    const { body } = await user.api<TaskList>("GET", "/tasks");
    assert.deepEqual(body.tasks.find(({ id }) => id === task.id)?.reminders, read.reminders);
    const event = (await taskflow.events(user.userId)).at(-1);
    assert.deepEqual(
      [event?.event_type, Object.keys(event?.changes ?? {}), event?.task.reminders],
      ["task.updated", ["reminders"], read.reminders],
    );
  });

  it("may be at an instant, in any zone or on the user's wall clock", async () => {
    const { id } = await addTask({ due_date: null });
    for (const [sent, remind_at] of [
      ["2999-01-01T12:00:00+01:00", "2999-01-01T11:00:00.000Z"],
      ["2999-07-01T12:00", "2999-07-01T10:00:00.000Z"],
    ] as const)
      assert.deepEqual(
        (({ offset, status, remind_at: at }) => [offset, status, at])(await addReminder(id, { remind_at: sent })),
        [null, "pending", remind_at],
      );
    assert.equal((await readTask(id)).reminder_offset, null);
  });

  it("for the same moment is there once", async () => {
    const { id } = await addTask();
    const first = await addReminder(id, { offset: "PT1H" });
    const again = await user.api<WrittenReminder>("POST", `/tasks/${id}/reminders`, { offset: "60 minutes" });
    assert.deepEqual([again.status, again.body.id, again.body.undo], [200, first.id, null]);
    await act(first.id, "acknowledge");
    const renewed = await user.api<WrittenReminder>("POST", `/tasks/${id}/reminders`, { offset: "PT1H" });
    assert.deepEqual(
      [renewed.body.id, renewed.body.status],
      [first.id, "pending"],
      "its user was done with it, and wants it again",
    );
  });

  it("is refused by the field that is wrong", async () => {
    const { id } = await addTask();
    const send = (body: object) => user.api<Problem>("POST", `/tasks/${id}/reminders`, body);
    for (const offset of ["soon", "-PT15M", "400 days", "", 15]) assertInvalid(await send({ offset }), "offset");
    for (const remind_at of ["soon", "2999-01-01", "2999-02-30T10:00"])
      assertInvalid(await send({ remind_at }), "remind_at");
    assertInvalid(await send({}), "offset");
    assertInvalid(await send({ offset: "PT15M", remind_at: "2999-01-01T10:00" }), "remind_at");
    assertInvalid(await send({ offset: "PT15M", urgent: true }), "urgent");
    assert.equal((await readTask(id)).version, 1);
  });

  it("for a moment that has passed is taken with a warning, and not given", async () => {
    const { id } = await addTask();
    const { warnings, ...reminder } = await addReminder(id, { remind_at: "2020-01-01T10:00:00Z" });
    assert.deepEqual([warnings, outcome(reminder)], [["reminder_in_past"], "cancelled: passed"]);
    assert.deepEqual((await addTask({ due_date: "2020-01-01", reminder_offset: "1 day" })).warnings.toSorted(), [
      "due_date_in_past",
      "reminder_in_past",
    ]);
  });

  it("waits for a due date", async () => {
    const { id, warnings } = await addTask({ due_date: null, reminders: [{ offset: "1 day" }] });
    assert.deepEqual(warnings, ["reminder_without_due_date"]);
    assert.deepEqual((await patch(id, { title: "still without" })).warnings, [], "it is no news");
    assert.deepEqual((await addReminder(id, { offset: "2 days" })).warnings, ["reminder_without_due_date"]);
    assert.deepEqual((await addReminder(id, { remind_at: "2999-01-01T10:00:00Z" })).warnings, []);
    await user.api("PATCH", `/tasks/${id}`, { reminders: [{ offset: "1 day" }] });
    assert.deepEqual((await list(id)).map(outcome), ["cancelled: no_due_date"]);
    await patch(id, { due_date: "2999-07-02T09:00" });
    const reminder = onlyOf(await list(id));
    assert.deepEqual([outcome(reminder), reminder.remind_at], ["pending", "2999-07-01T07:00:00.000Z"]);
  });

  it("of a task that is not there, or of nobody, is a 404", async () => {
    const trashed = await addTask({ reminder_offset: "PT15M" });
    const { id } = onlyOf(trashed.reminders);
    await user.api("DELETE", `/tasks/${trashed.id}`);
    for (const path of [
      `/tasks/${randomUUID()}/reminders`,
      `/tasks/${trashed.id}/reminders`,
      `/tasks/${trashed.id}/reminder`,
    ])
      assertRefused(await user.api<Problem>("GET", path), 404, "not_found");
    for (const other of [id, randomUUID(), "1"]) {
      assertRefused(await user.api<Problem>("PUT", `/reminders/${other}`, { offset: "PT1H" }), 404, "not_found");
      assertRefused(await user.api<Problem>("DELETE", `/reminders/${other}`), 404, "not_found");
      assertRefused(await user.api<Problem>("POST", `/reminders/${other}/snooze`, { minutes: 10 }), 404, "not_found");
      assertRefused(await user.api<Problem>("POST", `/reminders/${other}/acknowledge`), 404, "not_found");
    }
  });

  it("of another user is a 404 and stays", async () => {
    const stranger = await taskflow.client.register();
    const task = await addTask({ reminder_offset: "PT15M" });
    const { id } = onlyOf(task.reminders);
    for (const [method, path, body] of [
      ["GET", `/tasks/${task.id}/reminders`],
      ["POST", `/tasks/${task.id}/reminders`, { offset: "PT1H" }],
      ["GET", `/tasks/${task.id}/reminder`],
      ["PUT", `/tasks/${task.id}/reminder`, { offset: "PT1H" }],
      ["DELETE", `/tasks/${task.id}/reminder`],
      ["PUT", `/reminders/${id}`, { offset: "PT1H" }],
      ["DELETE", `/reminders/${id}`],
      ["POST", `/reminders/${id}/snooze`, { minutes: 10 }],
      ["POST", `/reminders/${id}/acknowledge`],
    ] as const)
      assertRefused(await stranger.api<Problem>(method, path, body), 404, "not_found");
    const own = await addTask({}, stranger);
    const { status } = await stranger.api("POST", `/tasks/${own.id}/reminders`, { offset: "PT1H", id });
    assert.equal(status, 201, "nobody is told that it is there");
    assert.deepEqual((await readTask(task.id)).reminders, task.reminders);
  });

  it("is given, and says so", async () => {
    const { id } = await setSoon((remind_at) => addTask({ reminders: [{ remind_at }] }));
    await until("the reminder to be sent", async () => outcome(onlyOf(await list(id))) === "sent");
    const given = onlyOf(await list(id));
    assert.ok(Date.parse(given.fired_at ?? "") >= Date.parse(given.remind_at ?? ""), "never early");
    assert.equal(typeof given.late_ms, "number");
    const snoozed = await act(given.id, "snooze", { minutes: 60 });
    assert.deepEqual((await list(id)).map(outcome), ["acknowledged", "pending"]);
    assert.deepEqual([snoozed.snoozed_from, onlyOf((await list(id)).slice(0, 1)).fired_at], [given.id, given.fired_at]);
  });
});

describe("a reminder and its task", () => {
  it("move together", async () => {
    const task = await addTask({ reminders: [{ offset: "1 day" }, { remind_at: "2999-01-01T10:00:00Z" }] });
    await moment();
    await patch(task.id, { due_date: "2999-07-05T10:00" });
    assert.deepEqual(
      (await list(task.id)).map(({ remind_at }) => remind_at),
      ["2999-07-04T08:00:00.000Z", "2999-01-01T10:00:00.000Z"],
    );
    const [moved, kept] = await list(task.id);
    assert.ok((moved?.set_at ?? "") > (kept?.set_at ?? ""), "one that is for another moment is set anew");
  });

  it("comes back for another moment when its user was done with it", async () => {
    const task = await addTask({ reminder_offset: "PT15M" });
    await act(onlyOf(task.reminders).id, "acknowledge");
    await patch(task.id, { title: "Call again" });
    assert.equal(onlyOf(await list(task.id)).status, "acknowledged");
    await patch(task.id, { due_date: "2999-07-02T09:00" });
    assert.equal(onlyOf(await list(task.id)).status, "pending");
  });

  it("end and come back together", async () => {
    const task = await addTask({ reminder_offset: "PT15M" });
    const only = async (): Promise<Reminder> => onlyOf(await list(task.id));
    const { set_at } = await only();
    await user.api("POST", `/tasks/${task.id}/complete`);
    assert.deepEqual([outcome(await only()), (await only()).set_at], ["cancelled: completed", set_at]);
    await moment();
    await user.api("POST", `/tasks/${task.id}/reopen`);
    const reopened = await only();
    assert.equal(outcome(reopened), "pending");
    assert.ok(reopened.set_at > set_at, "set anew, so that a moment that has passed meanwhile stays passed");
    await user.api("DELETE", `/tasks/${task.id}`);
    await moment();
    await user.api("POST", `/tasks/${task.id}/restore`);
    assert.ok((await only()).set_at > reopened.set_at);
  });

  it("follow the user's zone and all-day hour, each in one write with an event a task", async () => {
    const other = await taskflow.client.register({ time_zone: "Europe/Rome" });
    const reminder_offset = "1 hour";
    for (const [title, due_date] of Object.entries({
      day: "2999-07-01",
      clock: "2999-07-01T12:00",
      instant: "2999-07-01T12:00:00Z",
    }))
      await addTask({ title, due_date, reminder_offset }, other);
    await addTask({ title: "bare", due_date: "2999-07-01" }, other);
    const instants = async () =>
      Object.fromEntries(
        (await other.api<TaskList>("GET", "/tasks")).body.tasks.map((task) => [
          task.title,
          task.reminders?.[0]?.remind_at?.slice(0, 16),
        ]),
      );
    assert.deepEqual(await instants(), {
      day: "2999-07-01T06:00",
      clock: "2999-07-01T09:00",
      instant: "2999-07-01T11:00",
      bare: undefined,
    });

    const { body } = await other.api<User>("PATCH", "/auth/me", { all_day_hour: 18 });
    assert.equal(body.all_day_hour, 18);
    assert.equal((await instants())["day"], "2999-07-01T15:00");
    const hour = (await taskflow.events(other.userId)).slice(4);
    assert.deepEqual(
      hour.map(({ event_type, task, changes }) => [event_type, task.title, Object.keys(changes)]),
      [["task.updated", "day", ["reminders", "all_day_hour"]]],
    );

    assert.equal(
      (await other.api<User>("PATCH", "/auth/me", { time_zone: "America/New_York", all_day_hour: 8 })).body
        .all_day_hour,
      8,
    );
    assert.deepEqual(await instants(), {
      day: "2999-07-01T11:00",
      clock: "2999-07-01T15:00",
      instant: "2999-07-01T11:00",
      bare: undefined,
    });
    const both = (await taskflow.events(other.userId)).slice(5);
    assert.deepEqual(both.map(({ task, changes }) => [task.title, Object.keys(changes)]).toSorted(), [
      ["bare", ["due_at", "time_zone", "all_day_hour"]],
      ["clock", ["due_at", "reminders", "time_zone", "all_day_hour"]],
      ["day", ["due_at", "reminders", "time_zone", "all_day_hour"]],
    ]);
    const late = await addTask({ due_date: "2999-07-01", reminder_offset: "PT0S" }, other);
    assert.equal(
      onlyOf(late.reminders).remind_at,
      "2999-07-01T12:00:00.000Z",
      "a new task is reminded of at the new hour",
    );
  });

  it("keep the hour whatever crosses its change", async () => {
    const other = await taskflow.client.register();
    const writes = [7, 8, 9, 10].flatMap((all_day_hour) => [
      other.api("PATCH", "/auth/me", { all_day_hour }),
      addTask({ due_date: "2999-07-01", reminder_offset: "PT0S" }, other),
    ]);
    await Promise.all(writes);
    const { all_day_hour } = (await other.api<User>("GET", "/auth/me")).body;
    const { tasks } = (await other.api<TaskList>("GET", "/tasks")).body;
    assert.deepEqual(
      new Set(tasks.map(({ reminders }) => onlyOf(reminders).remind_at)),
      new Set([`2999-07-01T${String(all_day_hour).padStart(2, "0")}:00:00.000Z`]),
    );
  });
});

describe("the reminders of a task as a whole", () => {
  it("are written with a new task and by a patch, where what is the same keeps its id", async () => {
    const id = randomUUID();
    const task = await addTask({
      reminders: [
        { offset: "15 minutes", id },
        { offset: "1 day" },
        { remind_at: "2999-01-01T10:00:00Z" },
        { offset: "PT15M" },
      ],
    });
    const [first, day, instant, ...others] = task.reminders ?? [];
    assert.deepEqual(
      [first?.id, day?.offset, instant?.remind_at, others, task.reminder_offset],
      [id, "P1D", "2999-01-01T10:00:00.000Z", [], "PT15M"],
    );
    const patched = await patch(task.id, {
      reminders: [{ remind_at: "2999-01-01T11:00+01:00" }, { offset: "1 hour" }, { offset: "15 min" }],
    });
    assert.deepEqual([patched.reminders?.[0], patched.reminders?.[2]], [instant, first]);
    assert.deepEqual([patched.reminders?.[1]?.offset, patched.reminder_offset], ["PT1H", "PT1H"]);
    const changed = await patch(task.id, { reminders: [{ id, offset: "2 hours" }] });
    assert.deepEqual(content(changed), [{ id, offset: "PT2H", remind_at: "2999-07-01T05:00:00.000Z" }]);
    for (const none of [[], null]) assert.deepEqual((await patch(task.id, { reminders: none })).reminders, []);
  });

  it("sent back as they were read change nothing", async () => {
    const {
      undo: _undo,
      warnings: _warnings,
      ...task
    } = await addTask({ reminders: [{ offset: "15 minutes" }, { remind_at: "2999-01-01T10:00:00Z" }] });
    for (const method of ["PUT", "PATCH"]) {
      const { body } = await user.api<WrittenTask>(method, `/tasks/${task.id}`, task);
      assert.deepEqual([body.version, body.undo], [1, null]);
    }
    const renamed = await patch(task.id, { ...task, reminders: task.reminders?.slice(1) });
    assert.deepEqual(
      renamed.reminders,
      task.reminders?.slice(1),
      "the short form that came along is the one that was read",
    );
  });

  it("are refused by the place of the one that is wrong", async () => {
    const { id } = await addTask();
    assertInvalid(
      await user.api<Problem>("PATCH", `/tasks/${id}`, { reminders: [{ offset: "PT1H" }, { offset: "soon" }] }),
      "reminders.1.offset",
    );
    assertInvalid(await user.api<Problem>("PATCH", `/tasks/${id}`, { reminders: [{}] }), "reminders.0.offset");
    assertInvalid(await user.api<Problem>("PATCH", `/tasks/${id}`, { reminder_offset: "P2Y" }), "reminder_offset");
    const operations = [
      { op: "create", task: { title: "x" } },
      { op: "update", id, patch: { reminders: [{ remind_at: "never" }] } },
    ];
    assertInvalid(await user.api<Problem>("POST", "/tasks/bulk", { operations }), "operations.1.reminders.0.remind_at");
    assertRefused(
      await user.api<Problem>("PATCH", `/tasks/${id}`, {
        reminders: Array.from({ length: 101 }, (_, index) => ({ offset: `PT${index}M` })),
      }),
      422,
      "validation",
    );
  });

  it("have ids that no other task's have", async () => {
    const [one, other] = [await addTask({ reminder_offset: "PT15M" }), await addTask()];
    const { id } = onlyOf(one.reminders);
    assertRefused(
      await user.api<Problem>("PATCH", `/tasks/${other.id}`, { reminders: [{ id, offset: "PT1H" }] }),
      409,
      "conflict",
    );
    const twice = randomUUID();
    const create = { op: "create", task: { title: "x", reminders: [{ id: twice, offset: "PT1H" }] } };
    assertRefused(await user.api<Problem>("POST", "/tasks/bulk", { operations: [create, create] }), 409, "conflict");
  });
});

describe("the short form", () => {
  const short = (method: string, taskId: string, body?: object) =>
    user.api<WrittenReminder>(method, `/tasks/${taskId}/reminder`, body);

  it("makes, changes and removes the first reminder before the due date", async () => {
    const { id } = await addTask({ reminders: [{ remind_at: "2999-01-01T10:00:00Z" }] });
    assertRefused(await user.api<Problem>("GET", `/tasks/${id}/reminder`), 404, "not_found");
    const made = await short("POST", id, { offset: "1 hour" });
    assert.deepEqual([made.status, made.body.offset], [201, "PT1H"]);
    const changed = await short("PUT", id, { reminder_offset: "1 week" });
    assert.deepEqual([changed.status, changed.body.id, changed.body.offset], [200, made.body.id, "P1W"]);
    assert.equal((await short("GET", id)).body.remind_at, "2999-06-24T07:00:00.000Z");
    const removed = await short("DELETE", id);
    assert.equal(removed.status, 204);
    assert.deepEqual(
      (await list(id)).map(({ offset }) => offset),
      [null],
    );
    await undo(removed.headers.get("undo"));
    assert.equal((await short("GET", id)).body.id, made.body.id);
    assertInvalid(await user.api<Problem>("PUT", `/tasks/${id}/reminder`, {}), "offset");
    assertInvalid(await user.api<Problem>("POST", `/tasks/${id}/reminder`, { offset: "soon" }), "offset");
  });

  it("is a field of the task too", async () => {
    const task = await addTask({ reminder_offset: "1 hour" });
    const { id } = onlyOf(task.reminders);
    const changed = await patch(task.id, { reminder_offset: "15 minutes" });
    assert.deepEqual([changed.reminder_offset, onlyOf(changed.reminders).id], ["PT15M", id]);
    assert.equal((await patch(task.id, { reminder_offset: "PT15M" })).undo, null);
    const { body } = await user.api<BulkAnswer>("POST", "/tasks/bulk", {
      operations: [{ op: "update", id: task.id, patch: { reminder_offset: null } }],
    });
    assert.deepEqual([body.tasks[0]?.reminders, body.tasks[0]?.reminder_offset], [[], null]);
  });
});

describe("changing and removing a reminder", () => {
  it("moves it and keeps its id", async () => {
    const { id } = onlyOf((await addTask({ reminder_offset: "PT15M" })).reminders);
    const changed = await user.api<WrittenReminder>("PUT", `/reminders/${id}`, { offset: "1 day" });
    assert.deepEqual([changed.status, changed.body.id, changed.body.remind_at], [200, id, "2999-06-30T07:00:00.000Z"]);
    const { body } = await user.api<WrittenReminder>("PUT", `/reminders/${id}`, { remind_at: "2999-01-01T10:00:00Z" });
    assert.deepEqual([body.offset, body.remind_at], [null, "2999-01-01T10:00:00.000Z"]);
    assertInvalid(await user.api<Problem>("PUT", `/reminders/${id}`, { offset: "soon" }), "offset");
  });

  it("is refused for a moment that has another one", async () => {
    const [, second] = (await addTask({ reminders: [{ offset: "PT15M" }, { offset: "PT1H" }] })).reminders ?? [];
    assertRefused(
      await user.api<Problem>("PUT", `/reminders/${second?.id}`, { offset: "15 minutes" }),
      409,
      "conflict",
    );
  });

  it("takes it away and gives it back by undo", async () => {
    const task = await addTask({ reminders: [{ offset: "PT15M" }, { offset: "PT1H" }] });
    const [first, second] = content(task);
    const removed = await user.api("DELETE", `/reminders/${first?.id}`);
    assert.equal(removed.status, 204);
    assert.deepEqual(content(await readTask(task.id)), [second]);
    await undo(removed.headers.get("undo"));
    assert.deepEqual(content(await readTask(task.id)), [first, second]);
  });
});

describe("snooze", () => {
  it("acknowledges a reminder and puts a new one in its place, until an instant or for minutes", async () => {
    const task = await addTask({ reminder_offset: "PT15M" });
    const { id } = onlyOf(task.reminders);
    const snoozed = await act(id, "snooze", { until: "2999-07-01T12:00" });
    assert.deepEqual(
      [snoozed.snoozed_from, snoozed.remind_at, snoozed.status, snoozed.offset],
      [id, "2999-07-01T10:00:00.000Z", "pending", null],
    );
    assert.deepEqual(
      (await list(task.id)).map((reminder) => [reminder.id, reminder.status]),
      [
        [id, "acknowledged"],
        [snoozed.id, "pending"],
      ],
    );
    await act(snoozed.id, "snooze", { minutes: 10 });
    assert.deepEqual(
      (await list(task.id)).map(({ status }) => status),
      ["acknowledged", "acknowledged", "pending"],
    );
  });

  it("for minutes counts from now", async () => {
    const { id } = onlyOf((await addTask({ reminder_offset: "PT15M" })).reminders);
    const earliest = Date.now() + 10 * 60_000;
    const at = Date.parse((await act(id, "snooze", { minutes: 10 })).remind_at ?? "");
    assert.ok(at >= earliest && at <= Date.now() + 10 * 60_000);
  });

  it("again takes the place of the snooze before", async () => {
    const task = await addTask({ reminder_offset: "PT15M" });
    const { id } = onlyOf(task.reminders);
    await act(id, "snooze", { until: "2999-07-01T12:00" });
    await act(id, "snooze", { until: "2999-07-01T13:00" });
    assert.deepEqual(
      (await list(task.id)).filter(({ status }) => status === "pending").map(({ remind_at }) => remind_at),
      ["2999-07-01T11:00:00.000Z"],
    );
  });

  it("keeps the last few of many", async () => {
    const task = await addTask({ reminder_offset: "PT15M" });
    let { id } = onlyOf(task.reminders);
    for (let hour = 10; hour < 24; hour += 1) ({ id } = await act(id, "snooze", { until: `2999-07-01T${hour}:00` }));
    const reminders = await list(task.id);
    assert.equal(reminders.length, 12, "the first, the ten before the last, and the last");
    assert.deepEqual([reminders[0]?.offset, reminders.at(-1)?.id], ["PT15M", id]);
  });

  it("is refused into the past, to no or to two moments, and for what is not open", async () => {
    const task = await addTask({ reminder_offset: "PT15M" });
    const { id } = onlyOf(task.reminders);
    const snooze = (body: object) => user.api<Problem>("POST", `/reminders/${id}/snooze`, body);
    for (const body of [
      { until: "2020-01-01T10:00:00Z" },
      { until: "soon" },
      {},
      { until: "2999-01-01T10:00", minutes: 5 },
    ])
      assertInvalid(await snooze(body), "until");
    assertInvalid(await snooze({ minutes: 0 }), "minutes");
    await user.api("POST", `/tasks/${task.id}/complete`);
    assertRefused(await snooze({ minutes: 5 }), 409, "conflict");
  });

  it("is taken back as one", async () => {
    const task = await addTask({ reminder_offset: "PT15M" });
    const { undo: handle } = await act(onlyOf(task.reminders).id, "snooze", { minutes: 5 });
    await undo(handle);
    assert.deepEqual((await readTask(task.id)).reminders, task.reminders);
  });
});

describe("acknowledging", () => {
  it("is safe to repeat, and can be taken back", async () => {
    const task = await addTask({ reminder_offset: "PT15M" });
    const { id } = onlyOf(task.reminders);
    const done = await act(id, "acknowledge");
    assert.equal(done.status, "acknowledged");
    const again = await act(id, "acknowledge");
    assert.deepEqual([again.acknowledged_at, again.undo], [done.acknowledged_at, null]);
    await undo(done.undo);
    assert.equal(onlyOf(await list(task.id)).status, "pending");
  });
});

describe("If-Match", () => {
  it("of the task's version is let through, and the list of reminders says which it is", async () => {
    const { id } = await addTask();
    const { headers } = await user.api("GET", `/tasks/${id}/reminders`);
    assert.equal(headers.get("etag"), '"1"');
    assert.equal(
      (await user.api("POST", `/tasks/${id}/reminders`, { offset: "PT1H" }, { "if-match": '"1"' })).status,
      201,
    );
    assert.equal((await user.api("GET", `/tasks/${id}/reminders`)).headers.get("etag"), '"2"');
  });

  it("of another version is a 412 with the task as it is, by every write", async () => {
    const { id } = await addTask();
    const reminder = await addReminder(id, { offset: "PT1H" });
    const task = await readTask(id);
    const writes = [
      ["POST", `/tasks/${id}/reminders`, { offset: "PT2H" }],
      ["POST", `/tasks/${id}/reminder`, { offset: "PT2H" }],
      ["PUT", `/tasks/${id}/reminder`, { offset: "PT2H" }],
      ["DELETE", `/tasks/${id}/reminder`],
      ["PUT", `/reminders/${reminder.id}`, { offset: "PT2H" }],
      ["DELETE", `/reminders/${reminder.id}`],
      ["POST", `/reminders/${reminder.id}/snooze`, { minutes: 5 }],
      ["POST", `/reminders/${reminder.id}/acknowledge`],
    ] as const;
    for (const [method, path, body] of writes) {
      const problem = assertRefused(
        await user.api<Problem>(method, path, body, { "if-match": '"1"' }),
        412,
        "version_mismatch",
      );
      assert.deepEqual(problem["task" as keyof Problem], task, `${method} ${path}`);
    }
    assert.deepEqual(await readTask(id), task);
  });

  it("that is no version names the header", async () => {
    const { id } = await addTask();
    assertInvalid(
      await user.api<Problem>("POST", `/tasks/${id}/reminders`, { offset: "PT1H" }, { "if-match": '"x"' }),
      "If-Match",
    );
  });
});

describe("an idempotency key", () => {
  it("of a reminder answers what it answered first", async () => {
    const task = await addTask();
    const key = { "idempotency-key": randomUUID() };
    const send = (body: object) => user.api<WrittenReminder>("POST", `/tasks/${task.id}/reminders`, body, key);
    const [first, second] = [await send({ offset: "PT1H" }), await send({ offset: "PT1H" })];
    assert.deepEqual([second.status, second.body], [first.status, first.body]);
    assertRefused((await send({ offset: "PT2H" })) as never, 422, "idempotency_key_reused");
    const snoozes = await Promise.all(
      [1, 2].map(() =>
        user.api<WrittenReminder>(
          "POST",
          `/reminders/${first.body.id}/snooze`,
          { minutes: 5 },
          { "idempotency-key": "snooze" },
        ),
      ),
    );
    assert.equal(new Set(snoozes.map(({ body }) => body.id)).size, 1);
    assert.equal((await list(task.id)).length, 2);
  });
});
