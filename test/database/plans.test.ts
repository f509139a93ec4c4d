import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Task } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";

/**
 * What grows with every write. A small table is planned like these will be: the plan stays when they have grown
 * (docs/adr/0035).
 */
const growing = [
  "tasks",
  "events",
  "task_events",
  "reminder_schedule",
  "reminder_tasks",
  "audit_waiting",
  "notifications",
  "idempotency_keys",
];
const WRITES_OF_A_ROUND = 6;

let taskflow: TaskFlow;
before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

const round = async (user: TestUser): Promise<void> => {
  const { body: task } = await user.api<Task>(
    "POST",
    "/tasks",
    { title: "Pay rent", due_date: "2999-01-01T09:00", reminder_offset: "1 hour" },
    { "idempotency-key": crypto.randomUUID() },
  );
  const one = `/tasks/${task.id}`;
  await user.api("PATCH", one, { title: "Pay the rent" });
  for (const command of ["complete", "reopen"]) await user.api("POST", `${one}/${command}`);
  await user.api("DELETE", one);
  await user.api("POST", `${one}/restore`);
  for (const read of [
    "/tasks?limit=10",
    "/tasks?status=overdue",
    one,
    "/reminders",
    "/notifications",
    `/audit/tasks/${task.id}`,
  ]) {
    assert.equal((await user.api("GET", read)).status, 200, read);
  }
};

/** How often a growing table was read from end to end; monthly partitions count as their table. */
const endToEnd = async (): Promise<Readonly<Record<string, number>>> => {
  const rows = await taskflow.query<{ name: string; scans: number }>(
    "SELECT regexp_replace(relname, '_\\d{4}_\\d{2}$', '') AS name, sum(seq_scan)::int AS scans FROM pg_stat_user_tables GROUP BY 1",
  );
  return Object.fromEntries(rows.filter(({ name }) => growing.includes(name)).map(({ name, scans }) => [name, scans]));
};

/** A connection tells its figures of a table together, so whoever sees the rows of a round sees its scans too. */
const countedRows = async (): Promise<number> => {
  const [row] = await taskflow.query<{ count: number }>(
    "SELECT sum(n_tup_ins)::int AS count FROM pg_stat_user_tables WHERE relname = 'events' OR relname LIKE 'task\\_events\\_%'",
  );
  return row?.count ?? 0;
};

test("writes, and what follows from them, read no growing table from end to end, however small it is", async () => {
  const user = await taskflow.client.register();
  const rounds = async (count: number, soFar: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) await round(user);
    const expected = (soFar + count) * WRITES_OF_A_ROUND * 2;
    await until("the rounds in the database's figures", async () => (await countedRows()) >= expected);
  };
  // More than five times each: from then on PostgreSQL keeps a plan.
  await rounds(10, 0);
  const earlier = await endToEnd();
  assert.deepEqual(Object.keys(earlier).toSorted(), growing.toSorted());
  await rounds(20, 10);
  const later = await endToEnd();
  // A statement of theirs that did would do so in every round; housekeeping may, once.
  for (const table of growing)
    assert.ok(
      (later[table] ?? 0) - (earlier[table] ?? 0) < 20,
      `${table} was read from end to end: ${JSON.stringify({ earlier, later })}`,
    );
});
