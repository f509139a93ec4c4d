import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { NotificationDelivery } from "../../contract/notification.ts";
import type { Reminder } from "../../contract/reminder.ts";
import { type RecordedStep, traceOf, type Traced } from "./trace.ts";

const context = { now: Date.parse("2026-03-02T12:00:00.000Z"), zone: "Europe/Rome" };
const reminder: Reminder = {
  id: "r",
  offset: "PT1H",
  remind_at: "2026-03-02T08:00:00.000Z",
  set_at: "2026-03-01T09:00:00.000Z",
  snoozed_from: null,
  acknowledged_at: null,
  task_id: "t",
  user_id: "u",
  status: "sent",
  cancelled_because: null,
  fired_at: "2026-03-02T08:00:00.007Z",
  late_ms: 7,
};
const step = (what: RecordedStep["what"], at: string, more: Partial<RecordedStep> = {}): RecordedStep => ({
  at,
  what,
  event_id: null,
  remind_at: null,
  because: null,
  late_ms: null,
  ...more,
});
const planned = step("planned", "2026-03-01T09:00:00.000Z", { event_id: "e1", remind_at: "2026-03-02T08:00:00.000Z" });
const fired = step("fired", "2026-03-02T08:00:00.007Z", {
  event_id: "e2",
  remind_at: "2026-03-02T08:00:00.000Z",
  late_ms: 7,
});
const delivery = (
  channel: NotificationDelivery["channel"],
  more: Partial<NotificationDelivery> = {},
): NotificationDelivery => ({
  id: "d",
  notification_id: "n",
  event_id: "e2",
  channel,
  status: "delivered",
  reason: null,
  attempts: 1,
  due_at: "2026-03-02T08:00:00.010Z",
  created_at: "2026-03-02T08:00:00.010Z",
  finished_at: "2026-03-02T08:00:00.012Z",
  ...more,
});

const trace = (traced: Partial<Traced>) =>
  traceOf({ reminder, steps: [planned, fired], deliveries: [], ...traced }, context);
const text = (traced: Partial<Traced>): string => trace(traced).text;

describe("why a reminder was given or not", () => {
  it("was given, when and where", () => {
    assert.equal(text({}), "You were reminded at 2026-03-02 09:00, on time.");
    assert.equal(
      text({ deliveries: [delivery("stream"), delivery("inbox")] }),
      "You were reminded at 2026-03-02 09:00, on time, on open screens and in the inbox.",
    );
    assert.equal(
      text({ deliveries: [delivery("stream", { status: "suppressed" }), delivery("inbox", { status: "pending" })] }),
      "You were reminded at 2026-03-02 09:00, on time; no channel has delivered it yet.",
    );
    assert.equal(
      text({ deliveries: [delivery("stream", { status: "suppressed" })] }),
      "You were reminded at 2026-03-02 09:00, on time; but no channel delivered it.",
    );
    assert.equal(
      text({ deliveries: [delivery("stream", { event_id: "e0" })] }),
      "You were reminded at 2026-03-02 09:00, on time.",
      "another time it was given is not this one",
    );
  });

  const late = (late_ms: number, because: string | null): string =>
    text({ reminder: { ...reminder, late_ms }, steps: [planned, { ...fired, late_ms, because }] });

  it("was given late, by how much and why", () => {
    assert.equal(late(999, "learned_late"), "You were reminded at 2026-03-02 09:00, on time.");
    assert.equal(late(1_000, null), "You were reminded at 2026-03-02 09:00, 1 s late.");
    assert.equal(
      late(119_999, "was_down"),
      "You were reminded at 2026-03-02 09:00, 119 s late, because reminders were not running at its time.",
    );
    assert.equal(
      late(120_000, "learned_late"),
      "You were reminded at 2026-03-02 09:00, 2 min late, because it was learned of after its time.",
    );
    assert.equal(late(3 * 3_600_000, null), "You were reminded at 2026-03-02 09:00, 3 h late.");
    assert.equal(late(50 * 3_600_000, null), "You were reminded at 2026-03-02 09:00, 2 days late.");
  });

  const pending: Reminder = { ...reminder, status: "pending", fired_at: null, late_ms: null };

  it("is to come, or about to be given", () => {
    assert.equal(
      text({ reminder: { ...pending, remind_at: "2026-03-02T12:00:01.000Z" }, steps: [planned] }),
      "You will be reminded at 2026-03-02 13:00:01.",
    );
    assert.equal(
      text({ reminder: pending, steps: [planned] }),
      "It has been due since 2026-03-02 09:00 and is about to be given.",
    );
  });

  const cancelled = (because: Reminder["cancelled_because"]): string =>
    text({
      reminder: { ...pending, status: "cancelled", cancelled_because: because },
      steps: [planned, step("cancelled", "2026-03-02T07:30:00.000Z", { because })],
    });

  it("was cancelled, and why", () => {
    assert.equal(cancelled("completed"), "You are not reminded, because the task was completed at 2026-03-02 08:30.");
    assert.equal(cancelled("deleted"), "You are not reminded, because the task was deleted at 2026-03-02 08:30.");
    assert.equal(
      cancelled("removed"),
      "You are not reminded, because it was removed from the task at 2026-03-02 08:30.",
    );
    assert.match(cancelled("passed"), /its time had passed when it was set/);
    assert.match(cancelled("no_due_date"), /the task has no due date/);
  });

  it("was given also when its date was moved since, or moved and moved back", () => {
    const given = "You were reminded at 2026-03-02 09:00, on time.";
    const moved = step("moved", "2026-03-02T10:00:00.000Z", { remind_at: "2026-03-03T08:00:00.000Z" });
    const toCome: Reminder = { ...pending, remind_at: "2026-03-03T08:00:00.000Z" };
    assert.equal(
      text({ reminder: toCome, steps: [planned, fired, moved] }),
      `${given} You will be reminded again at 2026-03-03 09:00.`,
    );
    const undated: Reminder = { ...pending, remind_at: null, status: "cancelled", cancelled_because: "no_due_date" };
    assert.equal(
      text({ reminder: undated, steps: [planned, fired] }),
      `${given} You are not reminded again, because the task has no due date.`,
    );
    const back = step("moved", "2026-03-02T11:00:00.000Z", { remind_at: "2026-03-02T08:00:00.000Z" });
    assert.equal(text({ steps: [planned, fired, moved, back] }), given);
  });

  it("was acknowledged or put off, given or not", () => {
    const acknowledged: Reminder = { ...reminder, status: "acknowledged", acknowledged_at: "2026-03-02T08:05:00.000Z" };
    const done = step("acknowledged", "2026-03-02T08:05:00.000Z");
    assert.equal(
      text({ reminder: acknowledged, steps: [planned, fired, done] }),
      "You were reminded at 2026-03-02 09:00, on time. You acknowledged it at 2026-03-02 09:05.",
    );
    assert.equal(
      text({ reminder: { ...acknowledged, fired_at: null, late_ms: null }, steps: [planned, done] }),
      "You acknowledged it at 2026-03-02 09:05, before it was given.",
    );
    const putOff = step("snoozed", "2026-03-02T08:05:00.000Z", { remind_at: "2026-03-02T09:00:00.000Z" });
    assert.equal(
      text({ reminder: acknowledged, steps: [planned, fired, done, putOff] }),
      "You were reminded at 2026-03-02 09:00, on time. You put it off to 2026-03-02 10:00.",
    );
  });
});

describe("the steps of a reminder", () => {
  it("are in order, the deliveries among them", () => {
    const moved = step("moved", "2026-03-01T10:00:00.000Z", { event_id: "e3", remind_at: "2026-03-02T08:00:00.000Z" });
    const seen = step("acknowledged", "2026-03-02T08:01:00.000Z");
    const deliveries = [
      delivery("stream", { reason: "2 streams" }),
      delivery("email", {
        status: "failed",
        attempts: 3,
        reason: "the server does not answer",
        finished_at: "2026-03-02T08:09:00.000Z",
      }),
    ];
    const { steps } = trace({ steps: [planned, moved, fired, seen], deliveries });
    assert.deepEqual(
      steps.map(({ what, text: inWords, channel, event_id }) => [what, inWords, channel, event_id]),
      [
        ["planned", "Planned for 2026-03-02 09:00.", null, "e1"],
        ["moved", "Moved to 2026-03-02 09:00.", null, "e3"],
        ["fired", "Given on time.", null, "e2"],
        ["delivered", "Delivered on open screens: 2 streams.", "stream", "e2"],
        ["acknowledged", "Acknowledged.", null, null],
        ["failed", "Not delivered by e-mail after 3 tries: the server does not answer.", "email", "e2"],
      ],
    );
  });

  it("say what was put off, and until when", () => {
    const quiet = delivery("inbox", {
      status: "pending",
      reason: "quiet hours",
      due_at: "2026-03-03T06:00:00.000Z",
      finished_at: null,
    });
    assert.deepEqual(trace({ deliveries: [quiet] }).steps.at(-1), {
      at: quiet.created_at,
      what: "deferred",
      text: "To be delivered in the inbox at 2026-03-03 07:00: quiet hours.",
      event_id: "e2",
      channel: "inbox",
    });
  });
});
