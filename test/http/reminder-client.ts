import assert from "node:assert/strict";
import type { Reminder, TaskReminders, WrittenReminder } from "../../src/contract/reminder.ts";
import type { Task, UndoAnswer, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";

/** What tests of reminders ask of the API; each fails when it is refused. */
export const createReminderClient = (user: () => TestUser) => ({
  async addTask(fields: object = {}, by = user()): Promise<WrittenTask> {
    const { status, body } = await by.api<WrittenTask>("POST", "/tasks", {
      title: "Call",
      due_date: "2999-07-01T09:00",
      ...fields,
    });
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  },
  readTask: async (id: string): Promise<Task> => (await user().api<Task>("GET", `/tasks/${id}`)).body,
  list: async (taskId: string): Promise<Reminder[]> =>
    (await user().api<TaskReminders>("GET", `/tasks/${taskId}/reminders`)).body.reminders,
  async patch(id: string, fields: object, scope = ""): Promise<WrittenTask> {
    const { status, body } = await user().api<WrittenTask>("PATCH", `/tasks/${id}${scope}`, fields);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  },
  async addReminder(taskId: string, reminder: object): Promise<WrittenReminder> {
    const { status, body } = await user().api<WrittenReminder>("POST", `/tasks/${taskId}/reminders`, reminder);
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  },
  undo: async (handle: string | null): Promise<void> =>
    assert.equal((await user().api<UndoAnswer>("POST", `/undo/${handle ?? ""}`)).status, 200),
});

/**
 * Sets a reminder for a moment that is near, and for a later one where a busy machine let it pass before it was set.
 */
export const setSoon = async <Written extends Pick<WrittenTask, "warnings">>(
  set: (remindAt: string) => Promise<Written>,
): Promise<Written> => {
  for (let ms = 1_000; ; ms *= 2) {
    const written = await set(new Date(Date.now() + ms).toISOString());
    if (!written.warnings.includes("reminder_in_past")) return written;
  }
};

/** What a task's reminders are, without when they came to be. */
export const content = ({ reminders = [] }: Pick<Task, "reminders">) =>
  reminders.map(({ id, offset, remind_at }) => ({ id, offset, remind_at }));

/** The status of a reminder, with the reason where there is one. */
export const outcome = ({ status, cancelled_because }: Reminder): string =>
  cancelled_because === null ? status : `${status}: ${cancelled_because}`;

export const onlyOf = <T>(items: readonly T[] | undefined): T => {
  assert.equal(items?.length, 1, JSON.stringify(items));
  return items[0] as T;
};
