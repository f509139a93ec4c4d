import assert from "node:assert/strict";
import { test } from "node:test";
import type { Notification, NotificationType } from "../../../src/contract/notification.ts";
import { clockAt } from "../time/due-date.ts";
import { groupNotifications } from "./grouping.ts";

const clock = clockAt(new Date("2027-03-10T08:40:00Z"), "America/New_York");
const notification = (
  id: string,
  created_at: string,
  type: NotificationType = "task.reminder.triggered",
): Notification => ({
  id,
  type,
  title: id,
  body: null,
  task_id: null,
  event_id: null,
  reminder_id: null,
  critical: false,
  count: 1,
  created_at,
  read_at: null,
});
const grouped = (...notifications: Notification[]) =>
  groupNotifications(notifications, clock).map(({ day, kinds }) => [
    day,
    kinds.map((group) => [group.kind, group.notifications.map(({ id }) => id)]),
  ]);

test("days are the user's: before five in the morning UTC it is yesterday in New York", () => {
  const groups = grouped(
    notification("now", "2027-03-10T08:39:00.000Z"),
    notification("night", "2027-03-10T04:59:00.000Z"),
    notification("old", "2027-03-09T04:59:00.000Z"),
    notification("older", "2026-03-09T04:59:00.000Z"),
  );
  assert.deepEqual(groups, [
    ["today", [["reminders", ["now"]]]],
    ["yesterday", [["reminders", ["night"]]]],
    ["earlier", [["reminders", ["old", "older"]]]],
  ]);
});

test("within a day reminders come first, and each kind keeps its order", () => {
  const at = "2027-03-10T08:39:00.000Z";
  const groups = grouped(
    notification("test", at, "test"),
    notification("changed", at, "task.updated"),
    notification("first", at),
    notification("digest", at, "digest"),
    notification("added", at, "task.created"),
    notification("second", at),
  );
  assert.deepEqual(groups, [
    [
      "today",
      [
        ["reminders", ["first", "second"]],
        ["summaries", ["digest"]],
        ["changes", ["changed", "added"]],
        ["tests", ["test"]],
      ],
    ],
  ]);
});

test("what is ahead of this device's clock is of today, and nothing is no group", () => {
  assert.deepEqual(grouped(notification("ahead", "2027-03-12T08:00:00.000Z")), [["today", [["reminders", ["ahead"]]]]]);
  assert.deepEqual(grouped(), []);
});
