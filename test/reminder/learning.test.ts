import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { createEventReader } from "../../src/adapters/bus/event-reader.ts";
import type { TaskEvent } from "../../src/contract/event.ts";
import type { TaskReminder } from "../../src/contract/reminder.ts";
import type { Service } from "../../src/ports.ts";
import {
  createReminderBench,
  idleTrigger,
  type ReminderBench,
  reminderAt,
  type ReminderEvent,
  reminderEvent,
  tell,
} from "./bench.ts";

const HOUR = 3_600_000;

let bench: ReminderBench;
let service: Service;
let other: Service;
let now: number;

before(async () => {
  bench = await createReminderBench();
  [service, other] = [bench.replica(idleTrigger), bench.replica(idleTrigger)];
  now = await bench.now();
});
after(() => bench.drop());

/** A new user's task, and its events. */
const newTask = async () => {
  const [userId, taskId] = [await bench.newUser(), uuidv7()];
  const event = (version: number, reminders: readonly TaskReminder[], more: Partial<ReminderEvent> = {}) =>
    reminderEvent({ userId, taskId, version, reminders, ...more });
  return {
    userId,
    taskId,
    event,
    statuses: () => bench.statuses(taskId),
    given: async () => (await bench.given(userId)).map(({ reminder, scheduled_for }) => [reminder.id, scheduled_for]),
  };
};

describe("what is to become of reminders", () => {
  it("follows from the task: why one is not to be given", async () => {
    const { event, statuses } = await newTask();
    const wanted = reminderAt(now + HOUR);
    const passed = reminderAt(now + HOUR, { set_at: new Date(now + 2 * HOUR).toISOString() });
    const undated = reminderAt(null, { offset: "PT1H" });
    const acknowledged = reminderAt(now + HOUR, { acknowledged_at: new Date(now).toISOString() });
    const reminders = [wanted, passed, undated, acknowledged];
    const others = {
      [passed.id]: "cancelled: passed",
      [undated.id]: "cancelled: no_due_date",
      [acknowledged.id]: "cancelled",
    };
    await tell(service, event(1, reminders));
    assert.deepEqual(await statuses(), { [wanted.id]: "pending", ...others });
    await tell(service, event(2, reminders, { type: "task.completed" }));
    assert.equal((await statuses())[wanted.id], "cancelled: completed");
    await tell(service, event(3, reminders));
    assert.deepEqual(await statuses(), { [wanted.id]: "pending", ...others }, "reopened");
    await tell(service, event(4, reminders, { type: "task.deleted" }));
    assert.equal((await statuses())[wanted.id], "cancelled: deleted");
    await tell(service, event(5, reminders), event(6, []));
    assert.equal((await statuses())[wanted.id], "cancelled: removed");
    await tell(service, event(7, reminders));
    assert.equal((await statuses())[wanted.id], "pending", "the removal was undone");
  });

  it("of a series is its occurrences' business", async () => {
    const { event, statuses } = await newTask();
    const reminder = reminderAt(now + HOUR);
    await tell(service, event(1, [reminder]), event(2, [reminder], { task: { recurrence_basis: "schedule" } }));
    assert.deepEqual(await statuses(), { [reminder.id]: "cancelled: removed" });
  });

  it("is the same in whatever order events come, twice, and to two replicas at once", async () => {
    const instants = [now + HOUR, now + 2 * HOUR, null] as const;
    const ids = [uuidv7(), uuidv7(), uuidv7()] as const;
    const version = fc.record({
      reminders: fc.uniqueArray(fc.record({ id: fc.constantFrom(...ids), at: fc.constantFrom(...instants) }), {
        selector: ({ id }) => id,
      }),
      type: fc.constantFrom("task.updated" as const, "task.completed" as const, "task.deleted" as const),
    });
    const order = fc.array(version, { minLength: 1, maxLength: 6 }).chain((versions) => {
      const places = versions.map((_, index) => index);
      return fc.record({
        versions: fc.constant(versions),
        told: fc.shuffledSubarray([...places, ...places], { minLength: places.length * 2 }),
        two: fc.boolean(),
      });
    });
    await fc.assert(
      fc.asyncProperty(order, async ({ versions, told, two }) => {
        const [inOrder, shuffled] = [await newTask(), await newTask()];
        const eventsOf = ({ event }: typeof inOrder): TaskEvent[] =>
          versions.map(({ reminders, type }, index) =>
            event(
              index + 1,
              reminders.map(({ id, at }) => reminderAt(at, { id })),
              { type },
            ),
          );
        await tell(service, ...eventsOf(inOrder));
        const events = eventsOf(shuffled);
        const each = told.map((place) => events[place]).filter((event) => event !== undefined);
        if (two) await Promise.all(each.map((event, index) => tell(index % 2 === 0 ? service : other, event)));
        else await tell(service, ...each);
        assert.deepEqual(await live(shuffled.taskId), await live(inOrder.taskId));
      }),
      { numRuns: 60 },
    );
  });

  /** What would be given, and for when: pending by the newest version of the task. */
  const live = async (taskId: string): Promise<readonly unknown[]> =>
    bench.database.prepared(
      "test-live",
      `SELECT s.reminder_id, s.remind_at FROM reminder_schedule s JOIN reminder_tasks t ON t.task_id = s.task_id AND t.version = s.task_version
       WHERE s.task_id = $1 AND s.status = 'pending' ORDER BY s.reminder_id`,
      [taskId],
    );

  it("is forgotten with its task, and not learned again from an older event", async () => {
    const { taskId, event, statuses } = await newTask();
    const reminder = reminderAt(now + HOUR);
    await tell(service, event(1, [reminder]));
    const purge = {
      ...event(3, [reminder], { type: "task.deleted" }),
      purged_at: new Date(now).toISOString(),
    } as TaskEvent;
    await tell(service, purge, event(2, [reminder]), purge);
    assert.deepEqual(await statuses(), {});
    const rows = await bench.database.prepared(
      "test-forgotten",
      "SELECT task, (SELECT count(*) FROM reminder_steps WHERE task_id = $1) AS steps FROM reminder_tasks WHERE task_id = $1",
      [taskId],
    );
    assert.deepEqual(rows, [{ task: null, steps: 0 }]);
  });

  it("is not kept of tasks that never had a reminder", async () => {
    const { taskId, event } = await newTask();
    await tell(service, { ...event(1, []), changes: { title: { old: "a", new: "b" } } });
    assert.deepEqual(
      await bench.database.prepared("test-kept", "SELECT FROM reminder_tasks WHERE task_id = $1", [taskId]),
      [],
    );
  });

  it("is a user's own, also where another one chose the same ids", async () => {
    const [mine, theirs] = [await newTask(), await newTask()];
    const reminder = reminderAt(now - HOUR);
    await tell(
      service,
      mine.event(1, [reminder]),
      theirs.event(1, [{ ...reminder, remind_at: new Date(now - 2 * HOUR).toISOString() }]),
      theirs.event(2, []),
    );
    await bench.fire();
    assert.deepEqual([await mine.given(), await theirs.given()], [[[reminder.id, reminder.remind_at]], []]);
  });
});

describe("a reminder that is given", () => {
  it("is a valid event in the user's sequence, and on its way", async () => {
    const { userId, taskId, event } = await newTask();
    const reminder = reminderAt(now - HOUR, { offset: "PT1H" });
    const told = event(1, [reminder], { task: { title: "Café “ÿ” \u{1F600}", priority: "high" } });
    await tell(service, told);
    await bench.fire();
    const [given] = await bench.given(userId);
    assert.ok(given !== undefined);
    assert.deepEqual(createEventReader()(given), { event: given });
    assert.deepEqual(given.task, told.task);
    const { actor_id, actor_kind, task_id, sequence, time_zone } = given;
    assert.deepEqual(
      { actor_id, actor_kind, task_id, sequence, time_zone },
      { actor_id: "reminder-service", actor_kind: "system", task_id: taskId, sequence: 1, time_zone: told.time_zone },
    );
    assert.deepEqual(given.reminder, {
      id: reminder.id,
      offset: "PT1H",
      scheduled_for: reminder.remind_at,
      fired_at: given.fired_at,
      late_ms: given.late_ms,
    });
    assert.ok(given.late_ms >= HOUR);
    const outbox = await bench.database.prepared(
      "test-outbox",
      "SELECT producer, sequence FROM outbox WHERE user_id = $1",
      [userId],
    );
    assert.deepEqual(outbox, [{ producer: "reminder-service", sequence: 1 }]);
  });

  it("is known as given for ever, also when its date was moved away and back, or taken away", async () => {
    const { taskId, event, statuses, given } = await newTask();
    const reminder = reminderAt(now - HOUR, { offset: "PT1H" });
    await tell(service, event(1, [reminder]));
    await bench.fire();
    const read = async () => {
      const [row] = await bench.database.prepared<{ fired_at: Date | null; late_ms: number | null }>(
        "test-fired",
        "SELECT fired_at, late_ms, event_id, cancelled_because FROM reminder_schedule WHERE task_id = $1",
        [taskId],
      );
      return row;
    };
    const first = await read();
    assert.ok(first?.fired_at);
    const set = (version: number, at: number | null) =>
      event(version, [reminderAt(at, { id: reminder.id, offset: "PT1H", set_at: new Date(now).toISOString() })]);
    await tell(service, set(2, now + HOUR));
    assert.deepEqual(await statuses(), { [reminder.id]: "pending" });
    await tell(service, set(3, now - HOUR));
    assert.deepEqual(await statuses(), { [reminder.id]: "sent" });
    assert.deepEqual(await read(), first);
    await tell(service, set(4, null), set(5, now - HOUR));
    assert.deepEqual([await statuses(), await read()], [{ [reminder.id]: "sent" }, first]);
    await tell(service, set(6, now - 2 * HOUR));
    assert.deepEqual(await statuses(), { [reminder.id]: "cancelled: passed" }, "for that moment it never was");
    await bench.fire();
    assert.equal((await given()).length, 1);
  });

  it("says when it was learned of too late, and not when its task changed otherwise", async () => {
    const { event } = await newTask();
    // Each replica is there before it comes due.
    await bench.fire();
    await bench.fire();
    const [late, edited] = [reminderAt(now - HOUR), reminderAt(await bench.now())];
    await tell(service, event(1, [late, edited]));
    // As if it had been learned in time.
    await bench.database.prepared(
      "test-in-time",
      "UPDATE reminder_schedule SET planned_at = remind_at - interval '1 hour' WHERE reminder_id = $1",
      [edited.id],
    );
    await tell(service, event(2, [late, edited], { task: { title: "another title" } }));
    await bench.fire();
    assert.deepEqual([await bench.whyLate(late.id), await bench.whyLate(edited.id)], ["learned_late", null]);
  });

  it("stays given for its instant, whatever becomes of the task, and is given again for another one", async () => {
    const { event, statuses, given } = await newTask();
    const reminder = reminderAt(now - HOUR);
    await tell(service, event(1, [reminder]));
    await bench.fire();
    await tell(
      service,
      event(2, [reminder], { type: "task.completed" }),
      event(3, [reminder]),
      event(4, []),
      event(5, [reminder]),
    );
    assert.deepEqual(await statuses(), { [reminder.id]: "sent" });
    await bench.fire();
    assert.deepEqual(await given(), [[reminder.id, reminder.remind_at]]);
    const moved = { ...reminder, remind_at: new Date(now - 1_000).toISOString() };
    await tell(service, event(6, [moved]));
    await bench.fire();
    assert.deepEqual(await given(), [
      [reminder.id, reminder.remind_at],
      [moved.id, moved.remind_at],
    ]);
  });

  it("is of an account that is open, or ends", async () => {
    const { userId, event, statuses } = await newTask();
    const reminder = reminderAt(now - HOUR);
    await tell(service, event(1, [reminder]));
    await bench.database.prepared("test-close", "DELETE FROM event_heads WHERE user_id = $1", [userId]);
    await bench.fire();
    assert.deepEqual([await statuses(), await bench.given(userId)], [{ [reminder.id]: "cancelled: deleted" }, []]);
  });

  it("is one that its task still has: what a statement at the same time did not see ends when it is due", async () => {
    const { userId, taskId, event, statuses } = await newTask();
    const [kept, unseen] = [reminderAt(now - HOUR), reminderAt(now - HOUR)];
    await tell(service, event(1, [kept, unseen]), event(2, [kept]));
    await bench.database.prepared(
      "test-unseen",
      "UPDATE reminder_schedule SET status = 'pending', cancelled_because = NULL WHERE task_id = $1 AND reminder_id = $2",
      [taskId, unseen.id],
    );
    await bench.fire();
    assert.deepEqual(await statuses(), { [kept.id]: "sent", [unseen.id]: "cancelled: removed" });
    assert.equal((await bench.given(userId)).length, 1);
  });

  it("is given once for each instant, also when it is moved in the millisecond in which it is given", async () => {
    for (let round = 0; round < 60; round += 1) {
      const { event, given, statuses } = await newTask();
      const reminder = reminderAt(now - HOUR);
      const moved = { ...reminder, remind_at: new Date(now - 1_000).toISOString() };
      await tell(service, event(1, [reminder]));
      await Promise.all(
        round % 2 === 0
          ? [bench.fire(), tell(other, event(2, [moved])), bench.fire()]
          : [tell(other, event(2, [moved])), bench.fire(), bench.fire()],
      );
      await bench.fire();
      const events = await given();
      assert.deepEqual(events.at(-1), [moved.id, moved.remind_at]);
      assert.equal(new Set(events.map(String)).size, events.length, "each instant once");
      assert.deepEqual(await statuses(), { [reminder.id]: "sent" });
    }
  });
});
