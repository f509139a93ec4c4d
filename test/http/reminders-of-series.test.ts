import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { v5 as uuidv5 } from "uuid";
import type { Problem } from "../../src/contract/problem.ts";
import type { TaskReminder } from "../../src/contract/reminder.ts";
import type { Task, TaskList, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { content, createReminderClient, onlyOf, outcome } from "./reminder-client.ts";

let taskflow: TaskFlow;
let user: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  user = await taskflow.client.register({ time_zone: "Europe/Rome" });
});
after(() => taskflow.stop());

const { addTask, readTask, list, patch, addReminder, undo } = createReminderClient(() => user);

describe("a series", () => {
  const occurrences = async (seriesId: string, status = "pending"): Promise<Task[]> =>
    (await user.api<TaskList>("GET", `/tasks?parent_recurring_task_id=${seriesId}&status=${status}&sort_by=due_date`))
      .body.tasks;
  const openOf = async (seriesId: string): Promise<Task> => onlyOf(await occurrences(seriesId));
  const addSeries = (reminders: object[]): Promise<WrittenTask> => addTask({ recurrence_pattern: "daily", reminders });
  const idIn = (occurrence: Task, reminder: TaskReminder | undefined): string =>
    uuidv5(reminder?.id ?? "", occurrence.id);

  it("hands its offsets down to each occurrence, under ids that follow from both", async () => {
    const series = await addSeries([{ offset: "PT15M" }, { offset: "1 day" }]);
    assert.deepEqual(
      series.reminders?.map(({ remind_at }) => remind_at),
      [null, null],
      "it is not reminded of itself",
    );
    const first = await openOf(series.id);
    assert.deepEqual(content(first), [
      { id: idIn(first, series.reminders?.[0]), offset: "PT15M", remind_at: "2999-07-01T06:45:00.000Z" },
      { id: idIn(first, series.reminders?.[1]), offset: "P1D", remind_at: "2999-06-30T07:00:00.000Z" },
    ]);
    await user.api("POST", `/tasks/${first.id}/complete`);
    await until("the next occurrence", async () => (await occurrences(series.id)).length === 1);
    const next = await openOf(series.id);
    assert.deepEqual(content(next)[0], {
      id: idIn(next, series.reminders?.[0]),
      offset: "PT15M",
      remind_at: "2999-07-02T06:45:00.000Z",
    });
    assert.deepEqual((await list(series.id)).map(outcome), ["pending", "pending"]);
  });

  it("that is edited changes the open occurrence that is reminded of as it said", async () => {
    const series = await addSeries([{ offset: "PT15M" }]);
    const before = await openOf(series.id);
    await user.api("POST", `/tasks/${series.id}/reminders`, { offset: "1 hour" });
    const added = await openOf(series.id);
    assert.deepEqual([added.reminders?.[0], added.reminders?.[1]?.offset], [before.reminders?.[0], "PT1H"]);
    await patch(series.id, { reminder_offset: "1 day" });
    assert.deepEqual(
      (await openOf(series.id)).reminders?.map(({ offset }) => offset),
      ["P1D", "PT1H"],
    );
    const all = await patch(
      (await openOf(series.id)).id,
      { reminders: [{ ...added.reminders?.[0], offset: "P2D" }] },
      "?scope=all",
    );
    assert.deepEqual(
      (await openOf(series.id)).reminders?.map(({ offset }) => offset),
      ["P2D"],
    );
    await undo(all.undo);
    assert.deepEqual(
      (await openOf(series.id)).reminders?.map(({ offset }) => offset),
      ["P1D", "PT1H"],
    );
  });

  it("leaves an occurrence alone that is reminded of in its own way", async () => {
    const series = await addSeries([{ offset: "PT15M" }]);
    await patch((await openOf(series.id)).id, { reminder_offset: "2 hours" });
    await patch(series.id, { reminder_offset: "1 day" });
    assert.equal((await openOf(series.id)).reminder_offset, "PT2H");
  });

  it("takes its own reminders as they were read, whatever occurrences they are for", async () => {
    const series = await addSeries([{ offset: "PT15M" }]);
    const { id } = await openOf(series.id);
    const sent = { reminders: [...(series.reminders ?? []), { offset: "1 hour" }] };
    const answers = [
      await patch(series.id, sent, "?scope=this"),
      await patch(series.id, sent),
      await patch(id, { reminders: (await readTask(id)).reminders }, "?scope=all"),
    ];
    assert.deepEqual(
      answers.map(({ reminders }) => reminders?.map(({ offset }) => offset)),
      [
        ["PT15M", "PT1H"],
        ["PT15M", "PT1H"],
        ["PT15M", "PT1H"],
      ],
    );
    assert.deepEqual(
      content(await openOf(series.id)).map(({ offset }) => offset),
      ["PT15M", "PT1H"],
    );
  });

  it("gives a reminder at an instant to the occurrence that is open", async () => {
    const at = "2999-01-01T10:00:00.000Z";
    const series = await addSeries([{ offset: "PT15M" }, { remind_at: at }]);
    const shown = async () => (await openOf(series.id)).reminders?.map(({ offset, remind_at }) => offset ?? remind_at);
    assert.deepEqual([series.reminders?.map(({ offset }) => offset), await shown()], [["PT15M"], ["PT15M", at]]);
    const added = await addReminder(series.id, { remind_at: "2999-01-02T10:00:00Z" });
    assert.equal(added.task_id, (await openOf(series.id)).id);
    assert.deepEqual(await shown(), ["PT15M", at, "2999-01-02T10:00:00.000Z"]);
    await patch(series.id, { reminder_offset: "1 hour" });
    assert.deepEqual(await shown(), ["PT1H", at, "2999-01-02T10:00:00.000Z"]);
  });

  it("that a task becomes keeps what it was reminded of by", async () => {
    const task = await addTask({ reminders: [{ offset: "PT15M" }, { remind_at: "2999-01-01T10:00:00Z" }] });
    const made = await patch(task.id, { recurrence_pattern: "weekly" });
    assert.deepEqual(
      (await openOf(task.id)).reminders?.map(({ remind_at }) => remind_at),
      ["2999-07-01T06:45:00.000Z", "2999-01-01T10:00:00.000Z"],
    );
    await undo(made.undo);
    assert.deepEqual(content(await readTask(task.id)), content(task));
  });

  it("goes on from an occurrence with that one's reminders", async () => {
    const series = await addSeries([{ offset: "PT15M" }]);
    await user.api("POST", `/tasks/${(await openOf(series.id)).id}/complete`);
    await until("the next occurrence", async () => (await occurrences(series.id)).length === 1);
    const following = await patch((await openOf(series.id)).id, { title: "from here" }, "?scope=following");
    assert.notEqual(following.id, series.id);
    assert.deepEqual(
      (await openOf(following.id)).reminders?.map(({ offset, remind_at }) => [offset, remind_at]),
      [["PT15M", "2999-07-02T06:45:00.000Z"]],
    );
  });

  it("is not snoozed or acknowledged itself", async () => {
    const { id } = onlyOf((await addSeries([{ offset: "PT15M" }])).reminders);
    assertRefused(await user.api<Problem>("POST", `/reminders/${id}/snooze`, { minutes: 5 }), 409, "conflict");
    assertRefused(await user.api<Problem>("POST", `/reminders/${id}/acknowledge`), 409, "conflict");
  });

  it("takes an occurrence back that only has what it handed down", async () => {
    const series = await addSeries([{ offset: "PT15M" }]);
    const first = await openOf(series.id);
    await user.api("POST", `/tasks/${first.id}/complete`);
    await until("the next occurrence", async () => (await occurrences(series.id)).length === 1);
    await user.api("POST", `/tasks/${first.id}/reopen`);
    assert.equal((await openOf(series.id)).id, first.id);
    await user.api("POST", `/tasks/${first.id}/complete`);
    await until("it to come back", async () => (await occurrences(series.id)).length === 1);
    assert.deepEqual(
      (await openOf(series.id)).reminders?.map(({ remind_at }) => remind_at),
      ["2999-07-02T06:45:00.000Z"],
    );
  });
});
