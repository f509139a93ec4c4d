import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { v7 as uuidv7 } from "uuid";
import { partitionOf, monthOf } from "../../src/services/audit/partitions.ts";
import { taskEventOf } from "../outbox/events.ts";
import { createHistory, type History } from "./history.ts";

let history: History;
let partition: string;
const user = uuidv7();

before(async () => {
  history = await createHistory();
  const event = taskEventOf({ userId: user });
  await history.record([event]);
  partition = partitionOf(monthOf(event.timestamp));
});
after(() => history.drop());

const refused = { code: "42501" };

describe("the role of the application, which owns the tables", () => {
  for (const table of ["task_events", "its partition", "audit_reads"])
    it(`may not change ${table}`, async () => {
      const name = table === "its partition" ? partition : table;
      await assert.rejects(history.query(`UPDATE ${name} SET correlation_id = 'x'`), refused);
      await assert.rejects(history.query(`UPDATE ${name} SET correlation_id = 'x' WHERE false`), refused);
      await assert.rejects(history.query(`DELETE FROM ${name}`), refused);
      await assert.rejects(history.query(`TRUNCATE ${name}`), refused);
      await assert.rejects(
        history.query(`MERGE INTO ${name} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE`),
        refused,
      );
    });

  it("may not overwrite a row by inserting it again", async () => {
    await assert.rejects(
      history.query(
        "INSERT INTO task_events SELECT * FROM task_events ON CONFLICT (user_id, sequence, occurred_at) DO UPDATE SET correlation_id = 'x'",
      ),
      refused,
    );
  });

  it("is refused by a trigger too, if someone grants it the privilege", async () => {
    await history.query(`GRANT UPDATE, DELETE, TRUNCATE ON task_events, ${partition} TO CURRENT_USER`);
    for (const table of ["task_events", partition])
      for (const statement of [`UPDATE ${table} SET correlation_id = 'x'`, `DELETE FROM ${table}`, `TRUNCATE ${table}`])
        await assert.rejects(history.query(statement), { ...refused, message: /the history cannot be changed/ });
  });

  it("has changed nothing", async () => {
    assert.equal((await history.query("SELECT FROM task_events WHERE user_id = $1", [user])).length, 1);
    assert.deepEqual((await history.verify(user)).breaks, []);
  });
});
