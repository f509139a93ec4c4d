import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createDatabase, type Database, sql } from "../../src/adapters/db/database.ts";
import { migrate, migrateDownTo } from "../../src/adapters/db/migrate.ts";
import { refreshTitleOrder } from "../../src/adapters/db/title-order.ts";
import type { TaskList } from "../../src/contract/task.ts";
import { createTestDatabase } from "../harness/postgres.ts";
import { startTaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";

const open = async (context: TestContext, options = ""): Promise<Database & { readonly url: string }> => {
  const { url, drop } = await createTestDatabase(options);
  const database = createDatabase({
    url,
    connections: 1,
    applicationName: "title order",
    onConnectionError: () => undefined,
    unlimited: true,
  });
  context.after(async () => {
    await database.close();
    await drop();
  });
  return { ...database, url };
};

test("a database that ICU cannot serve keeps the order by code points", async (context) => {
  const { kysely: db } = await open(context, "TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'");
  await migrate(db);
  const { rows } = await sql<{ title: string }>`
    SELECT title FROM (VALUES ('b'), ('A'), ('a 10'), ('a 9')) t (title) ORDER BY lower(title) COLLATE title_order`.execute(
    db,
  );
  assert.deepEqual(
    rows.map(({ title }) => title),
    ["A", "a 10", "a 9", "b"],
  );
  assert.equal(await refreshTitleOrder(db), false);
});

test("the index of titles is built anew by another version of ICU, once", async (context) => {
  const { kysely: db, url } = await open(context);
  await migrate(db);
  const fileOf = async (): Promise<unknown> =>
    (await sql<{ file: unknown }>`SELECT pg_relation_filenode('tasks_live_title') AS file`.execute(db)).rows[0]?.file;
  const built = await fileOf();
  assert.equal(await refreshTitleOrder(db), false);
  assert.equal(await fileOf(), built);

  // As an older ICU would have left it; only the server's superuser may write that down.
  const superuser = createDatabase({
    url: url.replace("user=taskflow", "user=postgres"),
    connections: 1,
    applicationName: "title order",
    onConnectionError: () => undefined,
  });
  await sql`UPDATE pg_collation SET collversion = '1.2.3' WHERE collname = 'title_order'`.execute(superuser.kysely);
  await superuser.close();
  assert.equal(await refreshTitleOrder(db), true);
  assert.notEqual(await fileOf(), built);
  assert.equal(await refreshTitleOrder(db), false);

  await migrateDownTo(db, "0012_past_lists");
  assert.deepEqual((await sql`SELECT FROM pg_collation WHERE collname = 'title_order'`.execute(db)).rows, []);
});

test("many tasks are read by title page by page off the index", async (context) => {
  const taskflow = await startTaskFlow();
  context.after(() => taskflow.stop());
  const user = await taskflow.client.register();
  await taskflow.query(
    "INSERT INTO tasks (id, user_id, title) SELECT gen_random_uuid(), $1, 'Task ' || n FROM generate_series(1, 20000) n",
    [user.userId],
  );
  await taskflow.query("ANALYZE tasks");
  const page = async (cursor: string): Promise<TaskList> =>
    (await user.api<TaskList>("GET", `/tasks?sort_by=title&limit=100${cursor}`)).body;
  const used = async () => {
    const [row] = await taskflow.query<{ scans: number; entries: number }>(
      "SELECT idx_scan::int AS scans, idx_tup_read::int AS entries FROM pg_stat_user_indexes WHERE indexrelname = 'tasks_live_title'",
    );
    return row ?? { scans: 0, entries: 0 };
  };
  let { tasks, next_cursor } = await page("");
  const titles = tasks.map(({ title }) => title);
  // The first page counts all of them; its figures come together.
  await until("the first page in the database's figures", async () => (await used()).scans > 0);
  const before = await used();
  for (let pages = 0; pages < 5; pages += 1) {
    ({ tasks, next_cursor } = await page(`&cursor=${next_cursor}`));
    titles.push(...tasks.map(({ title }) => title));
  }
  assert.deepEqual(
    titles,
    Array.from({ length: 600 }, (_none, index) => `Task ${index + 1}`),
  );
  await until("five pages in the database's figures", async () => (await used()).scans >= before.scans + 5);
  const entries = (await used()).entries - before.entries;
  assert.ok(entries <= 1_000, `${entries} entries were read for 500 tasks`);
});
