import assert from "node:assert/strict";
import type { TaskEvent } from "../../../src/contract/event.ts";
import type { TaskList, UndoAnswer, WrittenTask } from "../../../src/contract/task.ts";
import { openStream } from "../../stream/event-stream.ts";
import type { Story } from "../story.ts";

export const secondScreen: Story = {
  name: "a second screen sees a task added, edited, completed, undone, deleted and restored, in this order",
  async tell({ url, client }) {
    const user = await client.register({ time_zone: "Europe/Rome" });
    const screen = await openStream(url, { token: user.token, since: 0 });
    const { body: task } = await user.api<WrittenTask>("POST", "/tasks", { title: "Pay rent", due_date: "2999-03-01" });
    await user.api("PATCH", `/tasks/${task.id}`, { title: "Pay the rent", priority: "high" });
    const { body: done } = await user.api<WrittenTask>("POST", `/tasks/${task.id}/complete`);
    assert.equal((await user.api<UndoAnswer>("POST", `/undo/${done.undo}`)).status, 200);
    assert.equal((await user.api("DELETE", `/tasks/${task.id}`)).status, 204);
    await user.api("POST", `/tasks/${task.id}/restore`);

    const frames = await screen.received(6);
    screen.cut();
    assert.deepEqual(
      frames.map(({ id }) => id),
      ["1", "2", "3", "4", "5", "6"],
    );
    assert.deepEqual(
      frames.map(({ event }) => event),
      ["task.created", "task.updated", "task.completed", "task.updated", "task.deleted", "task.updated"],
    );
    const seen = frames.map(({ data }) => JSON.parse(data) as TaskEvent);
    assert.deepEqual(
      seen.map((event) => event.task.status),
      ["pending", "pending", "completed", "pending", "pending", "pending"],
    );
    assert.deepEqual(seen[1]?.changes["title"], { old: "Pay rent", new: "Pay the rent" });

    const { body: list } = await user.api<TaskList>("GET", "/tasks?status=pending");
    assert.deepEqual([list.total, list.tasks[0]?.title, list.tasks[0]?.due_date], [1, "Pay the rent", "2999-03-01"]);
    assert.deepEqual(list.tasks[0], seen[5]?.task, "the last event holds the task as it is");
  },
};
