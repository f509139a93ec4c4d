import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TaskFlowEvent } from "../../contract/event.ts";
import { bodyOf, digestOf } from "./words.ts";

const event = (fields: object): TaskFlowEvent =>
  ({ time_zone: "Europe/Rome", changes: {}, task: { due_date: null }, ...fields }) as unknown as TaskFlowEvent;
const reminder = (due_date: string | null, late_ms = 0): string =>
  bodyOf(
    event({
      event_type: "task.reminder.triggered",
      task: { due_date },
      scheduled_for: "2026-07-01T07:00:00.000Z",
      late_ms,
    }),
  );

describe("what a notification says", () => {
  it("of a reminder is when the task is due, on the user's clock", () => {
    assert.equal(reminder("2026-07-01"), "Due 1 Jul.");
    assert.equal(reminder("2026-07-01T09:05"), "Due 1 Jul, 09:05.");
    assert.equal(reminder("2026-07-01T09:00:00Z"), "Due 1 Jul, 11:00.");
    assert.equal(reminder(null), "Reminder for 1 Jul, 09:00.");
  });

  it("of a late one is how late it is, from a minute on", () => {
    assert.equal(reminder("2026-07-01", 59_999), "Due 1 Jul.");
    assert.equal(reminder("2026-07-01", 60_000), "Due 1 Jul. 1 min late.");
    assert.equal(reminder("2026-07-01", 9 * 3_600_000), "Due 1 Jul. 9 h late.");
  });

  it("of a change is what changed", () => {
    assert.equal(
      bodyOf(event({ event_type: "task.updated", changes: { title: {}, due_date: {} } })),
      "Changed: title, due date.",
    );
    assert.equal(bodyOf(event({ event_type: "task.deleted" })), "Moved to the trash.");
    assert.equal(
      bodyOf(event({ event_type: "task.deleted", purged_at: "2026-07-01T07:00:00.000Z" })),
      "Deleted for good.",
    );
  });

  it("of a digest is how many there are and what the first are", () => {
    assert.deepEqual(digestOf(["Pay rent", "Call mum"]), { title: "2 notifications", body: "Pay rent, Call mum." });
    assert.deepEqual(digestOf(["a", "b", "c", "d", "e"]), { title: "5 notifications", body: "a, b, c and 2 more." });
  });
});
