import assert from "node:assert/strict";
import type { TaskEvent } from "../../../src/contract/event.ts";
import type { Problem } from "../../../src/contract/problem.ts";
import type { Task, WrittenTask } from "../../../src/contract/task.ts";
import { assertRefused } from "../../harness/refusal.ts";
import { openStream } from "../../stream/event-stream.ts";
import type { Story } from "../story.ts";

export const zoneMove: Story = {
  name: "a user who moves to another zone keeps the wall clock, and every screen learns the new instants",
  async tell({ url, client }) {
    const user = await client.register({ time_zone: "Europe/Rome" });
    const screen = await openStream(url, { token: user.token, since: 0 });
    const { body: task } = await user.api<WrittenTask>("POST", "/tasks", {
      title: "Call",
      due_date: "2999-07-01T09:00",
    });
    await user.api("POST", "/tasks", { title: "Launch", due_date: "2999-07-01T09:00:00Z" });
    await user.api("PATCH", "/auth/me", { time_zone: "America/New_York" });

    const { body: moved } = await user.api<Task>("GET", `/tasks/${task.id}`);
    assert.deepEqual(
      [moved.due_date, task.due_at, moved.due_at],
      ["2999-07-01T09:00", "2999-07-01T07:00:00.000Z", "2999-07-01T13:00:00.000Z"],
    );
    const events = (await screen.received(3)).map(({ data }) => JSON.parse(data) as TaskEvent);
    screen.cut();
    assert.deepEqual(
      [events[2]?.event_type, events[2]?.task_id, events[2]?.time_zone, events[2]?.task.due_at],
      ["task.updated", task.id, "America/New_York", moved.due_at],
    );
    assertRefused(await user.api<Problem>("PATCH", "/auth/me", { time_zone: "Mars/Olympus" }), 422, "validation");
  },
};
