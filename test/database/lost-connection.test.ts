import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "pg";
import { createDatabase, sql } from "../../src/adapters/db/database.ts";
import { createTestDatabase } from "../harness/postgres.ts";
import { until } from "../harness/until.ts";

test("a connection that breaks while it is lent is an error of its query, and the next one is a new connection", async (t) => {
  const server = await createTestDatabase();
  t.after(() => server.drop());
  const errors: Error[] = [];
  const database = createDatabase({
    url: server.url,
    connections: 1,
    applicationName: "test",
    onConnectionError: (error) => errors.push(error),
  });
  t.after(() => database.close());

  const lost = await database.kysely.connection().execute(async (lent) => {
    const {
      rows: [own],
    } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(lent);
    const administrator = new Client({ connectionString: server.url });
    await administrator.connect();
    await administrator.query("SELECT pg_terminate_backend($1)", [own?.pid]);
    await administrator.end();
    // An error event that nobody listens to would end this process here.
    await until("the connection to be lost", () => errors.length > 0);
    await assert.rejects(sql`SELECT 1`.execute(lent));
    return own;
  });
  const [next] = await database.prepared<{ pid: number }>("next", "SELECT pg_backend_pid() AS pid", []);
  assert.ok(lost !== undefined && next !== undefined);
  assert.notEqual(next.pid, lost.pid);
});
