import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { v5 as uuidv5 } from "uuid";
import type { Problem } from "../../src/contract/problem.ts";
import type { TaskList, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";

let taskflow: TaskFlow;

before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

const addTask = async (fields: object, by: TestUser): Promise<WrittenTask> => {
  const { status, body } = await by.api<WrittenTask>("POST", "/tasks", {
    title: "Call",
    due_date: "2999-07-01T09:00",
    ...fields,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
};

describe("the limit of pending reminders", () => {
  const fill = async (by: TestUser, count: number): Promise<WrittenTask[]> =>
    Promise.all(
      Array.from({ length: count / 10 }, () =>
        addTask({ reminders: Array.from({ length: 10 }, (_, hour) => ({ offset: `PT${hour}H` })) }, by),
      ),
    );

  it("is exact, however many writes come at once", async () => {
    const busy = await taskflow.client.register();
    await fill(busy, 90);
    const answers = await Promise.all(
      Array.from({ length: 25 }, () =>
        busy.api<Problem>("POST", "/tasks", { title: "x", due_date: "2999-07-01", reminder_offset: "PT1H" }),
      ),
    );
    const taken = answers.filter(({ status }) => status === 201);
    assert.equal(taken.length, 10);
    for (const answer of answers.filter(({ status }) => status !== 201)) assertRefused(answer, 422, "reminder_limit");
  });

  it("holds for every way to have one more", async () => {
    const full = await taskflow.client.register();
    const [task, ...others] = await fill(full, 100);
    const closed = others[0]?.id ?? "";
    const tryAll = async (): Promise<void> => {
      for (const [method, path, body] of [
        ["POST", "/tasks", { title: "x", due_date: "2999-07-01", reminder_offset: "PT1H" }],
        ["POST", `/tasks/${task?.id}/reminders`, { offset: "PT30M" }],
        ["PATCH", `/tasks/${task?.id}`, { reminders: [...(task?.reminders ?? []), { offset: "PT31M" }] }],
        ["PUT", `/tasks/${undated.id}`, { due_date: "2999-07-01" }],
        [
          "POST",
          "/tasks/bulk",
          { operations: [{ op: "create", task: { title: "x", due_date: "2999-07-01", reminder_offset: "PT1H" } }] },
        ],
      ] as const)
        assertRefused(await full.api<Problem>(method, path, body), 422, "reminder_limit");
    };
    const undated = await addTask({ due_date: null, reminder_offset: "PT1H" }, full);
    await tryAll();
    const completed = await full.api<WrittenTask>("POST", `/tasks/${closed}/complete`);
    await fill(full, 10);
    await tryAll();
    assertRefused(await full.api<Problem>("POST", `/tasks/${closed}/reopen`), 422, "reminder_limit");
    assertRefused(await full.api<Problem>("POST", `/undo/${completed.body.undo}`), 422, "reminder_limit");
  });

  it("leaves out what is not to come", async () => {
    const other = await taskflow.client.register();
    const [task, moved] = await fill(other, 100);
    const [first] = task?.reminders ?? [];
    await addTask({ reminders: [{ remind_at: "2020-01-01T10:00:00Z" }] }, other);
    await addTask({ due_date: null, reminder_offset: "PT1H" }, other);
    assert.equal(
      (await other.api("POST", `/reminders/${first?.id}/snooze`, { minutes: 60 })).status,
      201,
      "one for one",
    );
    assert.equal((await other.api("PATCH", `/tasks/${moved?.id}`, { due_date: "2999-08-01T09:00" })).status, 200);
    assert.equal((await other.api("POST", `/tasks/${task?.id}/complete`)).status, 200);
    await fill(other, 10);
  });

  it("does not keep a series from going on", async () => {
    const other = await taskflow.client.register();
    await fill(other, 90);
    const series = await addTask(
      { recurrence_pattern: "daily", reminders: Array.from({ length: 10 }, (_, hour) => ({ offset: `PT${hour}H` })) },
      other,
    );
    const occurrence = uuidv5("2999-07-01T09:00", series.id);
    assert.equal((await other.api("POST", `/tasks/${occurrence}/complete`)).status, 200);
    await until(
      "the next occurrence",
      async () =>
        (await other.api<TaskList>("GET", `/tasks?parent_recurring_task_id=${series.id}&status=pending`)).body.total ===
        1,
    );
    await addTask({}, other);
  });
});
