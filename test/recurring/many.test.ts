import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pLimit from "p-limit";
import { type Bench, createBench } from "./processor.ts";

const START = "2026-03-01T08:00:00.000Z";
const HOUR = 3_600_000;

let bench: Bench;

before(async () => {
  bench = await createBench(START);
});
after(() => bench.drop());

describe("at one instant, beside another replica,", () => {
  it("10,000 series have each their date once, none missing", async () => {
    const replica = bench.replica();
    const users = await Promise.all(Array.from({ length: 20 }, () => bench.newUser()));
    for (const actor of users) {
      const commands = Array.from({ length: 500 }, (_, index) => ({
        kind: "task.create" as const,
        task: { title: `series ${index}`, due_date: "2026-03-01T09:00", recurrence_pattern: "daily" },
      }));
      await bench.run(actor, ...commands);
      const told = pLimit(4);
      await Promise.all((await bench.events(actor.userId)).map((event) => told(() => replica.handle(event))));
    }
    await replica.sweep();
    bench.clock.at += HOUR;
    await Promise.all([replica.sweep(), bench.replica().sweep()]);
    await replica.sweep();
    const rows = await bench.database.prepared<{ count: number; dates: number }>(
      "count-dates",
      `SELECT count(*) AS count, count(DISTINCT (parent_recurring_task_id, occurrence_date)) AS dates FROM tasks
       WHERE parent_recurring_task_id IS NOT NULL AND user_id = ANY ($1::uuid[])`,
      [users.map(({ userId }) => userId)],
    );
    assert.deepEqual(rows, [{ count: 20_000, dates: 20_000 }]);
  });
});
