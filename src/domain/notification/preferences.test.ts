import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventTypes } from "../../contract/event.ts";
import { channels } from "../../contract/notification.ts";
import { choicesOf, isWanted, noPreferences, preferencesOf } from "./preferences.ts";

describe("preferences", () => {
  it("of a user who has chosen nothing are whole: reminders by every way there is, and nothing else", () => {
    const { events, quiet_hours, critical_only } = preferencesOf(noPreferences);
    assert.deepEqual([quiet_hours, critical_only], [null, false]);
    assert.deepEqual(Object.keys(events), [...eventTypes]);
    for (const type of eventTypes)
      assert.deepEqual(
        events[type],
        Object.fromEntries(channels.map((channel) => [channel, type === "task.reminder.triggered"])),
        type,
      );
  });

  it("change only where something was sent", () => {
    const choices = choicesOf({ "task.completed": { inbox: true }, "task.reminder.triggered": { email: false } });
    const stored = { ...noPreferences, choices };
    assert.equal(isWanted(stored, "task.completed", "inbox"), true);
    assert.equal(isWanted(stored, "task.completed", "stream"), false);
    assert.equal(isWanted(stored, "task.reminder.triggered", "email"), false);
    assert.equal(isWanted(stored, "task.reminder.triggered", "stream"), true);
  });
});
