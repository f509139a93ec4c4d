import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { v7 as uuidv7 } from "uuid";
import { createReminderBench, idleTrigger, reminderAt, reminderEvent, type ReminderBench, tell } from "./bench.ts";

const USERS = 20;
const TASKS = 10;
const REMINDERS = 50;

let bench: ReminderBench;

before(async () => {
  bench = await createReminderBench();
});
after(() => bench.drop());

describe("at one instant, by two replicas,", () => {
  it("10,000 reminders are each given once, without a gap in anyone's sequence", async () => {
    const service = bench.replica(idleTrigger);
    const at = await bench.now();
    const users = await Promise.all(Array.from({ length: USERS }, () => bench.newUser()));
    for (const userId of users)
      for (let task = 0; task < TASKS; task += 1) {
        const reminders = Array.from({ length: REMINDERS }, () => reminderAt(at));
        await tell(service, reminderEvent({ userId, taskId: uuidv7(), version: 1, reminders }));
      }
    await Promise.all([bench.fire(), bench.fire()]);
    const rows = await bench.database.prepared<Record<string, number>>(
      "count-given",
      `SELECT count(*) AS events, count(DISTINCT data->'reminder'->>'id') AS reminders, count(DISTINCT user_id) AS users, min(sequence) AS first, max(sequence) AS last,
         (SELECT count(*) FROM outbox) AS waiting, (SELECT count(*) FROM reminder_schedule WHERE status <> 'sent') AS left FROM events`,
      [],
    );
    assert.deepEqual(rows, [
      { events: 10_000, reminders: 10_000, users: USERS, first: 1, last: TASKS * REMINDERS, waiting: 10_000, left: 0 },
    ]);
  });
});
