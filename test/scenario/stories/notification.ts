import assert from "node:assert/strict";
import type { Notification, NotificationList } from "../../../src/contract/notification.ts";
import type { WrittenTask } from "../../../src/contract/task.ts";
import { until } from "../../harness/until.ts";
import { openStream } from "../../stream/event-stream.ts";
import { openWebSocket } from "../../stream/web-socket-stream.ts";
import type { Story } from "../story.ts";

/** Longer than the request takes that sets it, on a busy machine too, or it would be of the past. */
const SOON_MS = 10_000;

export const notification: Story = {
  name: "what a user is told is on every device, in the inbox, and gone from both when it was read",
  async tell({ url, client }) {
    const user = await client.register();
    const devices = [
      await openStream(url, user),
      await openWebSocket(url, { token: user.token, path: `/api/ws/${user.userId}` }),
    ];
    await Promise.all(devices.map((device) => device.received(1)));
    await user.api("PUT", "/notification-preferences", { events: { "task.completed": { inbox: true, stream: true } } });
    const { body: task } = await user.api<WrittenTask>("POST", "/tasks", {
      title: "Call mum",
      reminders: [{ remind_at: new Date(Date.now() + SOON_MS).toISOString() }],
    });
    for (const { events } of devices)
      await until("the reminder to be told", () => told(events).some(({ type }) => type === "task.reminder.triggered"));
    await user.api("POST", `/tasks/${task.id}/complete`);
    for (const { events } of devices) {
      await until("its completion to be told", () => told(events).length >= 2);
      assert.deepEqual(
        told(events).map(({ type, title }) => [type, title]),
        [
          ["task.reminder.triggered", "Call mum"],
          ["task.completed", "Call mum"],
        ],
      );
    }

    const { body: inbox } = await user.api<NotificationList>("GET", "/notifications?status=unread");
    assert.deepEqual(
      [inbox.unread, inbox.notifications.map(({ type }) => type)],
      [2, ["task.completed", "task.reminder.triggered"]],
    );
    await user.api("POST", "/notifications/read-all");
    for (const device of devices) {
      await until(
        "nothing to be unread",
        () => device.events.findLast(({ event }) => event === "inbox")?.data === '{"unread":0}',
      );
      device.cut();
    }
  },
};

const told = (events: readonly { event?: string | undefined; data: string }[]): Notification[] =>
  events.filter(({ event }) => event === "notification").map(({ data }) => JSON.parse(data) as Notification);
