import assert from "node:assert/strict";
import { test } from "node:test";
import { createDatabase, sql } from "../../src/adapters/db/database.ts";
import { migrate, migrateDownTo } from "../../src/adapters/db/migrate.ts";
import { createTestDatabase } from "../harness/postgres.ts";

const userId = "01a00000-0000-7000-8000-000000000001";
const taskId = "01a00000-0000-7000-8000-000000000002";

test("the base release gets its data back when every later migration is undone, and they can be done again", async (context) => {
  const { url, drop } = await createTestDatabase();
  const database = createDatabase({
    url,
    connections: 2,
    applicationName: "rollback",
    onConnectionError: () => undefined,
    unlimited: true,
  });
  context.after(async () => {
    await database.close();
    await drop();
  });
  const done = await migrate(database.kysely);
  await sql`INSERT INTO users (id, email, name, password_hash) VALUES (${userId}, 'ada@example.org', 'Ada', 'x')`.execute(
    database.kysely,
  );
  await sql`INSERT INTO tasks (id, user_id, title, description, completed) VALUES (${taskId}, ${userId}, 'Pay rent', 'by transfer', true)`.execute(
    database.kysely,
  );

  const undone = await migrateDownTo(database.kysely, "0001_base");

  assert.deepEqual([...undone], done.slice(1).toReversed());
  const base = await sql<object>`SELECT * FROM tasks`.execute(database.kysely);
  const [task] = base.rows;
  assert.deepEqual(Object.keys(task ?? {}), [
    "id",
    "user_id",
    "title",
    "description",
    "completed",
    "created_at",
    "updated_at",
  ]);
  assert.partialDeepStrictEqual(task, {
    id: taskId,
    user_id: userId,
    title: "Pay rent",
    description: "by transfer",
    completed: true,
  });

  assert.deepEqual(await migrate(database.kysely), done.slice(1));
  const again = await sql<{
    title: string;
    version: number;
    priority: number;
  }>`SELECT title, version, priority FROM tasks`.execute(database.kysely);
  assert.deepEqual(again.rows, [{ title: "Pay rent", version: 1, priority: 1 }]);
});
