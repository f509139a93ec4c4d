import assert from "node:assert/strict";
import { test } from "node:test";
import type { Notification } from "../../../src/contract/notification.ts";
import {
  emptyInbox,
  keptPart,
  missedBetween,
  unreadIds,
  withAllRead,
  withFirstPage,
  withMarkedHere,
  withOlderPage,
  withSent,
  type Inbox,
} from "./inbox.ts";

const notification = (number: number, read = false): Notification => ({
  id: `id-${number}`,
  type: "task.reminder.triggered",
  title: `Task ${number}`,
  body: null,
  task_id: `task-${number}`,
  event_id: null,
  reminder_id: `reminder-${number}`,
  critical: false,
  count: 1,
  created_at: `2027-03-10T08:${String(number).padStart(2, "0")}:00.000Z`,
  read_at: read ? "2027-03-10T09:00:00.000Z" : null,
});

const page = (numbers: readonly number[], unread = numbers.length, next_cursor: string | null = null) => ({
  notifications: numbers.map((number) => notification(number)),
  unread,
  next_cursor,
});
const inboxOf = (...numbers: readonly number[]): Inbox => withFirstPage(emptyInbox, page(numbers));
const ids = ({ notifications }: Inbox): string[] => notifications.map(({ id }) => id);

test("reading lowers the count once, and waits for the server", () => {
  const once = withMarkedHere(inboxOf(2, 1), ["id-1"], "read");
  assert.deepEqual([once.unread, once.marks, unreadIds(once)], [1, { "id-1": "read" }, ["id-2"]]);
  assert.equal(withMarkedHere(once, ["id-1"], "read"), once);
  assert.deepEqual(withSent(once, "id-1", "read").marks, {});
});

test("marked as unread it counts again, once, and the last mark is the one to send", () => {
  const read = withMarkedHere(inboxOf(2, 1), ["id-1"], "read");
  const again = withMarkedHere(read, ["id-1"], "unread");
  assert.deepEqual([again.unread, again.marks, unreadIds(again)], [2, { "id-1": "unread" }, ["id-2", "id-1"]]);
  assert.equal(withMarkedHere(again, ["id-1"], "unread"), again);
  assert.equal(withSent(again, "id-1", "read"), again, "what was sent before is not what was meant last");
  assert.deepEqual(
    unreadIds(withFirstPage(again, { notifications: [notification(1, true)], unread: 0, next_cursor: null })),
    ["id-1"],
  );
});

test("what is read before it is here is read when it comes", () => {
  const read = withMarkedHere(inboxOf(1), ["id-2"], "read");
  assert.deepEqual([read.unread, read.marks], [1, { "id-2": "read" }]);
  assert.equal(withMarkedHere(read, ["id-2"], "read"), read);
  assert.deepEqual(unreadIds(withFirstPage(read, page([2, 1]))), ["id-1"]);
});

test("a page that does not know yet what was read here shows it as read all the same", () => {
  const inbox = withFirstPage(withMarkedHere(inboxOf(2, 1), ["id-1"], "read"), page([3, 2, 1]));
  assert.deepEqual([inbox.unread, unreadIds(inbox)], [2, ["id-3", "id-2"]]);
});

test("the first page replaces what was known, so that what another device read is read here", () => {
  const inbox = withFirstPage(inboxOf(2, 1), {
    notifications: [notification(2, true), notification(1)],
    unread: 1,
    next_cursor: null,
  });
  assert.deepEqual(unreadIds(inbox), ["id-1"]);
});

test("older pages follow without repeats, and say where it goes on", () => {
  const first = withFirstPage(emptyInbox, page([4, 3], 9, "after-3"));
  const both = withOlderPage(first, page([3, 2, 1], 9, null));
  assert.deepEqual([ids(both), both.unread, both.nextCursor], [["id-4", "id-3", "id-2", "id-1"], 9, null]);
});

test("all read is none unread, also of those that are not here", () => {
  const inbox = withAllRead(withMarkedHere(withFirstPage(emptyInbox, page([2, 1], 70, "more")), ["id-1"], "read"));
  assert.deepEqual([inbox.unread, unreadIds(inbox), inbox.marks], [0, [], {}]);
});

test("missed is what is newer than all that was known and still unread", () => {
  const before = inboxOf(2, 1);
  const after = withFirstPage(before, {
    notifications: [notification(4), notification(3, true), notification(2)],
    unread: 2,
    next_cursor: null,
  });
  assert.deepEqual(
    missedBetween(before, after).map(({ id }) => id),
    ["id-4"],
  );
  assert.deepEqual(missedBetween(emptyInbox, after), [], "a device that knew nothing missed nothing");
});

test("the newest fifty are kept for the next start", () => {
  const inbox = inboxOf(...Array.from({ length: 59 }, (_, index) => 59 - index));
  assert.equal(keptPart(inbox).notifications.length, 50);
  assert.equal(keptPart(inbox).notifications[0]?.id, "id-59");
  assert.equal(keptPart(inbox).unread, 59);
});
