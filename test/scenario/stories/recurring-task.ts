import assert from "node:assert/strict";
import type { TaskEvent } from "../../../src/contract/event.ts";
import type { Task, TaskList, WrittenTask } from "../../../src/contract/task.ts";
import { until } from "../../harness/until.ts";
import { openStream } from "../../stream/event-stream.ts";
import type { Story } from "../story.ts";

const [FIRST, SECOND, THIRD] = ["2999-03-01T09:00", "2999-03-02T09:00", "2999-03-03T09:00"] as const;

export const recurringTask: Story = {
  name: "a task that repeats has its next date when the open one is completed or skipped, and the dates before when it is reopened",
  async tell({ url, client }) {
    const user = await client.register({ time_zone: "Europe/Rome" });
    const screen = await openStream(url, { token: user.token, since: 0 });
    const { body: series } = await user.api<WrittenTask>("POST", "/tasks", {
      title: "Water plants",
      due_date: FIRST,
      recurrence_pattern: "daily",
    });
    const list = async (): Promise<Task[]> =>
      (await user.api<TaskList>("GET", `/tasks?parent_recurring_task_id=${series.id}&sort_by=due_date`)).body.tasks;
    const shows = (what: string, expected: readonly (readonly [string, string])[]): Promise<void> =>
      until(
        what,
        async () =>
          JSON.stringify((await list()).map((task) => [task.occurrence_date, task.status])) ===
          JSON.stringify(expected),
      );
    await shows("the first date", [[FIRST, "pending"]]);

    const { body: done } = await user.api<WrittenTask>("POST", `/tasks/${series.id}/complete`);
    assert.equal(done.next_occurrence_date, SECOND);
    await shows("the second date", [
      [FIRST, "completed"],
      [SECOND, "pending"],
    ]);
    const made = (await screen.received(5)).map(({ data }) => JSON.parse(data) as TaskEvent)[4];
    assert.deepEqual(
      [made?.event_type, made?.actor_kind, made?.task.occurrence_date],
      ["task.created", "system", SECOND],
    );

    await user.api("POST", `/tasks/${done.id}/reopen`);
    await shows("the first date again", [[FIRST, "pending"]]);
    await user.api("POST", `/tasks/${done.id}/complete`);
    await shows("the second date again", [
      [FIRST, "completed"],
      [SECOND, "pending"],
    ]);
    await user.api("POST", `/tasks/${series.id}/skip-occurrence`);
    await shows("the third date", [
      [FIRST, "completed"],
      [SECOND, "completed"],
      [THIRD, "pending"],
    ]);
    screen.cut();
  },
};
