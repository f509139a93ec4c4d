import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { WrittenTask } from "../../src/contract/task.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { housekeep } from "./housekeeping.ts";

let taskflow: TaskFlow;
before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

/** The tables that say a word anywhere, by name. */
const tablesWith = async (word: string): Promise<string[]> => {
  const tables = await taskflow.query<{ name: string }>(
    "SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public' ORDER BY 1",
  );
  const found: string[] = [];
  for (const { name } of tables)
    if ((await taskflow.query(`SELECT FROM "${name}" t WHERE t::text ILIKE '%' || $1 || '%'`, [word])).length > 0)
      found.push(name);
  return found;
};

describe("closing an account", () => {
  it("leaves none of its words in any table, and who did what when in the history", async () => {
    const user = await taskflow.client.register({ name: "Xanthippe" });
    const word = "quetzalcoatl";
    const { body: task } = await user.api<WrittenTask>("POST", "/tasks", {
      title: `See ${word}`,
      description: `of ${word}`,
      due_date: "2999-01-01T09:00",
      reminder_offset: "1 hour",
    });
    await user.api("PATCH", `/tasks/${task.id}`, { title: `Visit ${word}` });
    await user.api(
      "POST",
      "/tasks",
      { title: `Feed ${word}`, due_date: "2026-01-01", recurrence_pattern: "weekly" },
      { "idempotency-key": "one" },
    );
    assert.ok((await tablesWith(word)).includes("events"));
    await taskflow.query(
      "INSERT INTO dead_letters (id, consumer, event_id, event, reason, attempts) SELECT event_id, 'test', event_id, data, 'test', 1 FROM events WHERE user_id = $1 LIMIT 1",
      [user.userId],
    );
    assert.equal((await user.api("DELETE", "/auth/me", { password: user.password })).status, 204);
    await until(
      "the history to be erased",
      async () => (await taskflow.query("SELECT FROM audit_erasures WHERE user_id = $1", [user.userId])).length === 1,
    );
    await until("the event log to be empty, and what was refused of it", async () => {
      await housekeep(taskflow);
      const left =
        "SELECT 1 FROM events WHERE user_id::text = $1 UNION ALL SELECT 1 FROM dead_letters WHERE event->>'user_id' = $1";
      return (await taskflow.query(left, [user.userId])).length === 0;
    });
    assert.deepEqual(
      [await tablesWith(word), await tablesWith("Xanthippe"), await tablesWith(user.email)],
      [[], [], []],
    );
    const rows = await taskflow.query<{ event_type: string; actor_id: string }>(
      "SELECT event_type, actor_id FROM task_events WHERE user_id = $1 AND task_id = $2 ORDER BY sequence",
      [user.userId, task.id],
    );
    assert.deepEqual(
      rows.map(({ event_type }) => event_type),
      ["task.created", "task.updated", "task.deleted"],
    );
    assert.ok(rows.every(({ actor_id }) => actor_id === user.userId));
    const [request] = await taskflow.query<{ actor_kind: string; actor_id: string }>(
      "SELECT * FROM account_erasures WHERE user_id = $1",
      [user.userId],
    );
    assert.deepEqual([request?.actor_kind, request?.actor_id], ["person", user.userId]);
  });
});
