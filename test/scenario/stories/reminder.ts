import assert from "node:assert/strict";
import type { ReminderTriggered } from "../../../src/contract/event.ts";
import type { ReminderList, ReminderTrace, WrittenReminder } from "../../../src/contract/reminder.ts";
import type { WrittenTask } from "../../../src/contract/task.ts";
import { until } from "../../harness/until.ts";
import { type EventStream, openStream } from "../../stream/event-stream.ts";
import type { Story } from "../story.ts";

/** Longer than the request takes that sets it, on a busy machine too, or it would be of the past. */
const SOON_MS = 10_000;

export const reminder: Story = {
  name: "a reminder arrives on an open screen at its time, and can be put off, and says why it was given",
  async tell({ url, client }) {
    const user = await client.register({ time_zone: "Europe/Rome" });
    const screen = await openStream(url, { token: user.token, since: 0 });
    const { body: task } = await user.api<WrittenTask>("POST", "/tasks", { title: "Call the bank", priority: "high" });
    const { body: planned } = await user.api<WrittenReminder>("POST", `/tasks/${task.id}/reminders`, {
      remind_at: new Date(Date.now() + SOON_MS).toISOString(),
    });

    const [given] = await remindersOn(screen, 1);
    assert.ok(given !== undefined);
    assert.deepEqual(
      [given.reminder.id, given.task_id, given.task.title, given.scheduled_for],
      [planned.id, task.id, "Call the bank", planned.remind_at],
    );
    assert.deepEqual(
      [given.sequence, given.actor_kind, given.changes, given.time_zone],
      [3, "system", {}, "Europe/Rome"],
    );
    assert.ok(given.late_ms >= 0 && given.fired_at >= given.scheduled_for);

    const { body: again } = await user.api<WrittenReminder>("POST", `/reminders/${planned.id}/snooze`, {
      until: new Date(Date.now() + SOON_MS).toISOString(),
    });
    const [, second] = await remindersOn(screen, 2);
    screen.cut();
    assert.equal(second?.reminder.id, again.id);

    const { body: list } = await user.api<ReminderList>("GET", "/reminders");
    assert.deepEqual(
      list.reminders.map(({ id, status }) => [id, status]),
      [
        [planned.id, "acknowledged"],
        [again.id, "sent"],
      ],
    );
    let trace: ReminderTrace | undefined;
    await until("what became of it to be known", async () => {
      trace = (await user.api<ReminderTrace>("GET", `/reminders/${planned.id}/trace`)).body;
      return trace.steps.some(({ what }) => what === "delivered");
    });
    assert.deepEqual(
      trace?.steps.filter(({ channel }) => channel === null).map(({ what }) => what),
      ["planned", "fired", "snoozed"],
    );
    assert.match(trace?.text ?? "", /^You were reminded at .*in the inbox/);
  },
};

/** The first so many reminders that come to a screen. */
export const remindersOn = async (screen: EventStream, count: number): Promise<readonly ReminderTriggered[]> => {
  for (let frames = 1; ; frames += 1) {
    const found = (await screen.received(frames)).filter(({ event }) => event === "task.reminder.triggered");
    if (found.length >= count) return found.map(({ data }) => JSON.parse(data) as ReminderTriggered);
  }
};
