import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Changes, EventType } from "../../contract/event.ts";
import { inWords } from "./words.ts";

const say = (event_type: EventType, changes: Changes = {}) => inWords({ event_type, task_title: "Pay rent", changes });

describe("an entry in words", () => {
  it("names what happened to the task", () => {
    assert.equal(say("task.created", { title: { old: null, new: "Pay rent" } }), "Added “Pay rent”");
    assert.equal(
      say("task.created", { parent_recurring_task_id: { old: null, new: "x" } }),
      "Added the next “Pay rent” of its series",
    );
    assert.equal(say("task.completed", { status: { old: "pending", new: "completed" } }), "Completed “Pay rent”");
    assert.equal(
      say("task.deleted", { deleted_at: { old: null, new: "2026-03-01T09:00:00.000Z" } }),
      "Moved “Pay rent” to the trash",
    );
    assert.equal(say("task.deleted"), "Removed “Pay rent” for good");
    assert.equal(
      say("task.updated", { deleted_at: { old: "2026-03-01T09:00:00.000Z", new: null } }),
      "Brought “Pay rent” back from the trash",
    );
    assert.equal(say("task.updated", { occurrence_outcome: { old: null, new: "skipped" } }), "Skipped “Pay rent”");
    assert.equal(say("task.reminder.triggered"), "Reminded of “Pay rent”");
    assert.equal(inWords({ event_type: "task.completed", task_title: "", changes: {} }), "Completed an erased task");
  });

  it("names where the user moved, for what follows their clock", () => {
    const due_at = { old: "2026-03-01T09:00:00.000Z", new: "2026-03-01T10:00:00.000Z" };
    assert.equal(
      say("task.updated", { due_at, time_zone: { old: "Europe/Berlin", new: "America/New_York" } }),
      "Moved to New York: “Pay rent” follows",
    );
    assert.equal(
      say("task.updated", { all_day_hour: { old: 9, new: 8 } }),
      "Moved all-day reminders to 08:00: “Pay rent” follows",
    );
  });

  it("says of each changed field what it was and what it is", () => {
    const changes = {
      priority: { old: "medium", new: "high" },
      due_date: { old: null, new: "2026-03-01T09:00" },
      due_at: { old: null, new: "2026-03-01T09:00:00.000Z" },
    };
    assert.equal(
      say("task.updated", changes),
      "Changed “Pay rent”: priority from medium to high, due date set to 2026-03-01 09:00",
    );
    assert.equal(
      say("task.updated", { due_date: { old: "2026-03-01", new: null } }),
      "Changed “Pay rent”: due date 2026-03-01 removed",
    );
    assert.equal(
      say("task.updated", { tags: { old: [], new: ["home", "money"] } }),
      "Changed “Pay rent”: tags set to home, money",
    );
  });

  it("says what was done to reminders, and not that they moved with the due date", () => {
    const reminder = (id: string, fields: object = {}) => ({
      id,
      offset: "PT15M",
      remind_at: null,
      set_at: "2026-03-01T09:00:00.000Z",
      snoozed_from: null,
      acknowledged_at: null,
      ...fields,
    });
    const told = (old: unknown, now: unknown) => say("task.updated", { reminders: { old, new: now } });
    assert.equal(told(null, [reminder("a")]), "Changed “Pay rent”: reminder added");
    assert.equal(told([reminder("a"), reminder("b")], [reminder("b")]), "Changed “Pay rent”: reminder removed");
    assert.equal(
      told([reminder("a")], [reminder("a"), reminder("b", { snoozed_from: "a", offset: null })]),
      "Changed “Pay rent”: reminder snoozed",
    );
    assert.equal(
      told([reminder("a")], [reminder("a", { acknowledged_at: "2026-03-01T09:00:00.000Z" })]),
      "Changed “Pay rent”: reminder acknowledged",
    );
    assert.equal(told([reminder("a")], [reminder("a", { offset: "PT1H" })]), "Changed “Pay rent”: reminder changed");
    assert.equal(
      told([reminder("a")], [reminder("a", { remind_at: "2026-03-02T09:00:00.000Z" })]),
      "Updated “Pay rent”",
    );
  });

  it("does not quote a description", () => {
    assert.equal(
      say("task.updated", { description: { old: null, new: "long" } }),
      "Changed “Pay rent”: description added",
    );
    assert.equal(
      say("task.updated", { description: { old: "a", new: "b" } }),
      "Changed “Pay rent”: description rewritten",
    );
    assert.equal(
      say("task.updated", { description: { old: "a", new: null } }),
      "Changed “Pay rent”: description removed",
    );
  });

  it("tells a reopened task from a changed one", () => {
    const reopened = {
      status: { old: "completed", new: "pending" },
      completed_at: { old: "2026-03-01T09:00:00.000Z", new: null },
    };
    assert.equal(say("task.updated", reopened), "Reopened “Pay rent”");
    assert.equal(
      say("task.updated", { ...reopened, priority: { old: "low", new: "high" } }),
      "Reopened and changed “Pay rent”: priority from low to high",
    );
  });

  it("stays a sentence: what only follows is left out, what is long is cut between characters", () => {
    assert.equal(say("task.updated", { due_at: { old: null, new: "2026-03-01T09:00:00.000Z" } }), "Updated “Pay rent”");
    const text = say("task.updated", { title: { old: "a", new: "😀".repeat(200) } });
    assert.ok(text.endsWith("😀…") && text.isWellFormed());
  });
});
