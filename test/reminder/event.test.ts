import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { v7 as uuidv7 } from "uuid";
import { createEventReader } from "../../src/adapters/bus/event-reader.ts";
import { ReminderTriggered } from "../../src/contract/event.ts";
import { createReminderBench, idleTrigger, reminderAt, reminderEvent, type ReminderBench, tell } from "./bench.ts";

let bench: ReminderBench;
before(async () => {
  bench = await createReminderBench();
});
after(() => bench.drop());

describe("what the database tells of a reminder", () => {
  it("is an event of the contract, with its fields and no other, and waits for the relay in the order of the instants", async () => {
    const service = bench.replica(idleTrigger);
    const userId = await bench.newUser();
    const now = await bench.now();
    const [later, earlier] = [reminderAt(now - 1_000), reminderAt(now - 5_000)];
    for (const reminder of [later, earlier])
      await tell(service, reminderEvent({ userId, taskId: uuidv7(), version: 1, reminders: [reminder] }));
    await bench.fire();
    const given = await bench.given(userId);
    assert.deepEqual(
      given.map(({ reminder, sequence }) => [reminder.id, sequence]),
      [
        [earlier.id, 1],
        [later.id, 2],
      ],
    );
    const readEvent = createEventReader();
    for (const event of given) {
      assert.deepEqual(readEvent(event), { event });
      assert.deepEqual(Object.keys(event).toSorted(), Object.keys(ReminderTriggered.properties).toSorted());
      const { reminder, scheduled_for, fired_at, late_ms } = event;
      const { id, offset } = reminder;
      assert.deepEqual(reminder, { id, offset, scheduled_for, fired_at, late_ms });
      assert.equal(Date.parse(fired_at) - Date.parse(scheduled_for), late_ms);
    }
    const waiting = await bench.database.prepared<{ sequence: number; producer: string }>(
      "test-waiting",
      "SELECT sequence, producer FROM outbox WHERE user_id = $1 ORDER BY position",
      [userId],
    );
    assert.deepEqual(waiting, [
      { sequence: 1, producer: "reminder-service" },
      { sequence: 2, producer: "reminder-service" },
    ]);
  });
});
