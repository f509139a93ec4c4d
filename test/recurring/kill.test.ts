import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import type { WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { until } from "../harness/until.ts";
import { createSingleProcess } from "../fault/single-process.ts";

/** By hand: TASKFLOW_FAULT_ROUNDS=50 npm test -- test/recurring/kill.test.ts */
const ROUNDS = Number(process.env["TASKFLOW_FAULT_ROUNDS"] ?? 4);
const SERIES = 20;

test(
  `kill -9 while ${SERIES} series go on, ${ROUNDS} times: each date once, and always the next one`,
  { timeout: 120_000 + ROUNDS * 60_000 },
  async (t) => {
    const taskflow = await createSingleProcess(t);
    await taskflow.start();
    const [user] = (await taskflow.register(1)) as [TestUser];
    const series = await Promise.all(Array.from({ length: SERIES }, (_, index) => add(user, index)));
    let stopped = false;
    const completing = Promise.all(series.map(({ id }) => completeForEver(user, id, () => stopped)));

    for (let round = 0; round < ROUNDS; round += 1) {
      await delay(randomInt(200, 900));
      taskflow.current().kill("SIGKILL");
      await taskflow.current().ended;
      await taskflow.start();
    }
    await delay(300);
    stopped = true;
    await completing;

    const database = new Client({ connectionString: taskflow.databaseUrl });
    await database.connect();
    await until("every series to have its next date", async () => (await lacking(database)) === 0);
    const { rows } = await database.query<Family>(familiesStatement);
    await database.end();
    assert.equal(rows.length, SERIES);
    t.diagnostic(
      `${rows.reduce((sum, { dates }) => sum + dates.length, 0)} dates of ${SERIES} series, ${ROUNDS} kills`,
    );
    for (const { dates, open, next } of rows) {
      assert.deepEqual(
        dates,
        dates.map((_date, index) => day(index)),
        "every date once, none missing",
      );
      assert.deepEqual([open, next], [1, dates.at(-1)]);
    }
  },
);

interface Family {
  readonly dates: string[];
  readonly open: number;
  readonly next: string;
}

const familiesStatement = `
SELECT s.next_occurrence_date AS next, array_agg(o.occurrence_date ORDER BY o.occurrence_date) AS dates, (count(*) FILTER (WHERE NOT o.completed))::int AS open
FROM tasks s JOIN tasks o ON o.parent_recurring_task_id = s.id GROUP BY s.id`;

const lacking = async (database: Client): Promise<number> => {
  const { rows } = await database.query<{ lacking: number }>(
    `SELECT count(*)::int AS lacking FROM tasks s WHERE s.recurrence_basis IS NOT NULL
       AND NOT EXISTS (SELECT FROM tasks o WHERE o.parent_recurring_task_id = s.id AND o.occurrence_date = s.next_occurrence_date)`,
  );
  return rows[0]?.lacking ?? 0;
};

const firstDay = Date.UTC(2999, 0, 1);
const day = (index: number): string => new Date(firstDay + index * 86_400_000).toISOString().slice(0, 10);

const add = async (user: TestUser, index: number): Promise<WrittenTask> =>
  (
    await user.api<WrittenTask>("POST", "/tasks", {
      title: `series ${index}`,
      due_date: day(0),
      recurrence_pattern: "daily",
    })
  ).body;

/** Through the series' id, again and again; a server that is away is asked again. */
const completeForEver = async ({ api }: TestUser, id: string, stopped: () => boolean): Promise<void> => {
  let occurrence_date = day(0);
  while (!stopped()) {
    const answer = await api<WrittenTask>("POST", `/tasks/${id}/complete`, { occurrence_date }).catch(() => undefined);
    occurrence_date = (answer?.status === 200 ? answer.body.next_occurrence_date : null) ?? occurrence_date;
    await delay(randomInt(5, 40));
  }
};
