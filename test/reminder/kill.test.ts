import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import type { WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { until } from "../harness/until.ts";
import { createSingleProcess } from "../fault/single-process.ts";

/** By hand: TASKFLOW_FAULT_ROUNDS=200 npm test -- test/reminder/kill.test.ts */
const ROUNDS = Number(process.env["TASKFLOW_FAULT_ROUNDS"] ?? 4);
const USERS = 5;
/** How far ahead reminders are set: some come due while the process runs, some while it is down. */
const AHEAD_MS = 3_000;

test(
  `kill -9 while reminders come due, ${ROUNDS} times: each given once, none early, none missed`,
  { timeout: 120_000 + ROUNDS * 60_000 },
  async (t) => {
    const taskflow = await createSingleProcess(t);
    await taskflow.start();
    const users = await taskflow.register(USERS);
    let stopped = false;
    const setting = Promise.all(users.map((user) => setForEver(user, () => stopped)));

    for (let round = 0; round < ROUNDS; round += 1) {
      await delay(randomInt(200, 1_500));
      taskflow.current().kill("SIGKILL");
      await taskflow.current().ended;
      await taskflow.start();
    }
    await delay(500);
    stopped = true;
    const set = (await setting).flat();

    const database = new Client({ connectionString: taskflow.databaseUrl });
    await database.connect();
    const count = async (sql: string): Promise<number> =>
      Number((await database.query<{ count: string }>(sql)).rows[0]?.count);
    await until("every reminder on a task to be known", async () => (await count(unknownStatement)) === 0);
    await until(
      "every reminder to be given",
      async () => (await count("SELECT count(*) FROM reminder_schedule WHERE status = 'pending'")) === 0,
    );
    await until("every event to be published", async () => (await count("SELECT count(*) FROM outbox")) === 0);
    await until(
      "every one to be in the inbox",
      async () =>
        (await count(inboxStatement)) === (await count("SELECT count(*) FROM reminder_schedule WHERE status = 'sent'")),
    );

    const { rows: given } = await database.query<{ id: string; times: number; early: boolean; deliveries: number }>(
      givenStatement,
    );
    const left = await count(
      "SELECT count(*) FROM reminder_schedule WHERE status <> 'sent' AND cancelled_because IS DISTINCT FROM 'passed'",
    );
    await database.end();
    t.diagnostic(`${given.length} reminders, ${ROUNDS} kills`);
    assert.deepEqual(
      given.filter(({ times, early, deliveries }) => times !== 1 || early || deliveries !== 1),
      [],
      "once, not early, told once",
    );
    const ids = new Set(given.map(({ id }) => id));
    assert.deepEqual(
      set.filter((id) => !ids.has(id)),
      [],
      "what was answered is given",
    );
    assert.equal(left, 0);
  },
);

/** Reminders that their tasks carry and the schedule lacks. */
const unknownStatement = `
SELECT count(*) FROM tasks, jsonb_array_elements(reminders) AS r WHERE NOT EXISTS (SELECT FROM reminder_schedule s WHERE s.reminder_id = (r->>'id')::uuid)`;

const inboxStatement =
  "SELECT count(*) FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id WHERE n.type = 'task.reminder.triggered' AND d.channel = 'inbox' AND d.status = 'delivered'";

const givenStatement = `
SELECT data->'reminder'->>'id' AS id, count(DISTINCT e.event_id)::int AS times, bool_or((data->>'fired_at')::timestamptz < (data->>'scheduled_for')::timestamptz) AS early, count(d.id)::int AS deliveries
FROM events e LEFT JOIN notification_deliveries d ON d.event_id = e.event_id AND d.channel = 'inbox'
WHERE event_type = 'task.reminder.triggered' GROUP BY data->'reminder'->>'id'`;

/**
 * Sets a reminder after the other; answers the ids of those that were answered and are to be given. A server that is
 * away is asked again.
 */
const setForEver = async ({ api }: TestUser, stopped: () => boolean): Promise<string[]> => {
  const set: string[] = [];
  while (!stopped()) {
    const id = randomUUID();
    const remind_at = new Date(Date.now() + randomInt(AHEAD_MS / 2, AHEAD_MS)).toISOString();
    const answer = await api<WrittenTask>("POST", "/tasks", {
      title: "remind me",
      reminders: [{ id, remind_at }],
    }).catch(() => undefined);
    // What was set when its moment had passed already is not to be given: the request took so long.
    if (answer?.status === 201 && (answer.body.reminders?.[0]?.set_at ?? "") < remind_at) set.push(id);
    await delay(randomInt(20, 120));
  }
  return set;
};
