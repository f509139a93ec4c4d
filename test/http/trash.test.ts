import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Client } from "pg";
import type { Problem } from "../../src/contract/problem.ts";
import type { TaskList, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { housekeep } from "./housekeeping.ts";

let taskflow: TaskFlow;
let user: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

const newUser = async (): Promise<void> => {
  user = await taskflow.client.register();
};
const addTrashed = async (title: string): Promise<WrittenTask> => {
  const { body } = await user.api<WrittenTask>("POST", "/tasks", { title });
  await user.api("DELETE", `/tasks/${body.id}`);
  return body;
};
const titles = async (query: string): Promise<string[]> =>
  (await user.api<TaskList>("GET", `/tasks?${query}`)).body.tasks.map(({ title }) => title);

const age = (id: string, days: number) =>
  taskflow.query("UPDATE tasks SET deleted_at = now() - make_interval(days => $2) WHERE id = $1", [id, days]);

/** A transaction that every write of the user's tasks waits for. */
const holdHead = async (userId: string): Promise<Client> => {
  const client = new Client({ connectionString: taskflow.databaseUrl });
  await client.connect();
  await client.query("BEGIN");
  await client.query("SELECT FROM event_heads WHERE user_id = $1 FOR UPDATE", [userId]);
  return client;
};
const blocked =
  "SELECT FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0";

describe("the trash", () => {
  before(newUser);

  it("holds what was deleted, and no other list does", async () => {
    const { id } = await addTrashed("trashed");
    await user.api("POST", "/tasks", { title: "kept" });
    assert.deepEqual(await titles("status=deleted"), ["trashed"]);
    for (const status of ["all", "pending", "completed", "overdue"])
      assert.ok(!(await titles(`status=${status}`)).includes("trashed"));
    for (const [method, path] of [
      ["GET", ""],
      ["DELETE", ""],
      ["POST", "/complete"],
      ["POST", "/reopen"],
    ] as const)
      assertRefused(await user.api<Problem>(method, `/tasks/${id}${path}`), 404, "not_found");
    assertRefused(await user.api<Problem>("PATCH", `/tasks/${id}`, { title: "x" }), 404, "not_found");
  });

  it("gives a task back as it was; asking again is harmless", async () => {
    const { body: task } = await user.api<WrittenTask>("POST", "/tasks", {
      title: "back",
      priority: "high",
      completed: true,
    });
    await user.api("DELETE", `/tasks/${task.id}`);
    const restored = await user.api<WrittenTask>("POST", `/tasks/${task.id}/restore`);
    assert.deepEqual(
      [
        restored.status,
        restored.body.version,
        restored.body.deleted_at,
        restored.body.completed_at,
        restored.body.priority,
      ],
      [200, 3, null, task.completed_at, "high"],
    );
    const again = await user.api<WrittenTask>("POST", `/tasks/${task.id}/restore`);
    assert.deepEqual([again.status, again.body.version, again.body.undo], [200, 3, null]);
  });
});

describe("the purge", () => {
  before(newUser);

  it("takes what was trashed 30 days ago, with one event, and nothing else", async () => {
    const [old, young] = [await addTrashed("old"), await addTrashed("young")];
    const { body: live } = await user.api<WrittenTask>("POST", "/tasks", { title: "live" });
    await age(old.id, 31);
    await age(young.id, 29);
    await housekeep(taskflow);
    assert.deepEqual(await titles("status=deleted"), ["young"]);
    assert.deepEqual(await titles("status=all"), ["live"]);
    assertRefused(await user.api<Problem>("POST", `/tasks/${old.id}/restore`), 404, "not_found");
    assert.equal((await user.api<WrittenTask>("POST", `/tasks/${young.id}/restore`)).status, 200);

    const events = await taskflow.events(user.userId);
    const ofOld = events.filter(({ task_id }) => task_id === old.id);
    assert.deepEqual(
      ofOld.map(({ event_type, task }) => [event_type, task.version]),
      [
        ["task.created", 1],
        ["task.deleted", 2],
        ["task.deleted", 3],
      ],
    );
    const purge = ofOld[2];
    assert.ok(purge?.event_type === "task.deleted" && purge.purged_at !== undefined);
    assert.deepEqual([purge.actor_kind, purge.actor_id], ["system", "trash"]);
    assert.ok(events.every(({ task_id, event_type }) => task_id !== live.id || event_type === "task.created"));
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      events.map((_event, index) => index + 1),
    );
  });

  it("takes more than one batch, of many users, and waits as long as the operator says", async () => {
    const other = await taskflow.client.register();
    for (const { api } of [user, other]) {
      const operations = Array.from({ length: 300 }, (_none, index) => ({
        op: "create",
        task: { title: `many ${index}` },
      }));
      await api("POST", "/tasks/bulk", { operations });
    }
    await taskflow.query("UPDATE tasks SET deleted_at = now() - interval '3 days' WHERE title LIKE 'many %'");
    const count = async (): Promise<number> =>
      Number((await taskflow.query<{ n: string }>("SELECT count(*) AS n FROM tasks WHERE title LIKE 'many %'"))[0]?.n);
    await housekeep(taskflow, { TASKFLOW_TRASH_DAYS: "4" });
    assert.equal(await count(), 600);
    await housekeep(taskflow, { TASKFLOW_TRASH_DAYS: "2" });
    assert.equal(await count(), 0);
    assert.equal((await taskflow.events(other.userId)).length, 600);
  });

  it("by two processes at once takes each task once", async (t) => {
    await newUser();
    const operations = Array.from({ length: 200 }, () => ({ op: "create", task: { title: "race" } }));
    await user.api("POST", "/tasks/bulk", { operations });
    await taskflow.query("UPDATE tasks SET deleted_at = now() - interval '31 days' WHERE user_id = $1", [user.userId]);
    const holder = await holdHead(user.userId);
    t.after(() => holder.end());
    const processes = [
      await startTaskFlow({ databaseUrl: taskflow.databaseUrl }),
      await startTaskFlow({ databaseUrl: taskflow.databaseUrl }),
    ];
    t.after(() => Promise.all(processes.map((process) => process.stop())));
    await until(
      "both to wait for the user's head, one behind the other",
      async () => (await taskflow.query(blocked)).length === 2,
    );
    await holder.query("COMMIT");
    await until(
      "the trash to be empty",
      async () => (await taskflow.query("SELECT FROM tasks WHERE user_id = $1", [user.userId])).length === 0,
    );
    for (const process of processes) await process.stop();
    const events = await taskflow.events(user.userId);
    assert.equal(events.length, 400);
    assert.equal(new Set(events.slice(200).map(({ task_id }) => task_id)).size, 200);
  });
});

describe("event retention", () => {
  before(newUser);

  it("forgets events older than the operator says, but never the newest", async () => {
    for (const title of ["one", "two", "three"]) await user.api("POST", "/tasks", { title });
    await taskflow.query("UPDATE events SET created_at = now() - interval '10 days' WHERE user_id = $1", [user.userId]);
    await until(
      "them to be published",
      async () => (await taskflow.query("SELECT FROM outbox WHERE user_id = $1", [user.userId])).length === 0,
    );
    await housekeep(taskflow);
    assert.equal((await taskflow.events(user.userId)).length, 3, "kept for ever unless said");
    await housekeep(taskflow, { TASKFLOW_EVENT_RETENTION_DAYS: "9" });
    assert.deepEqual(
      (await taskflow.events(user.userId)).map(({ sequence }) => sequence),
      [3],
    );
    assert.equal((await titles("status=all")).length, 3);
  });
});

describe("emptying the trash", () => {
  before(newUser);

  it("takes what is in it away for good, with an event each, and nothing else", async () => {
    const { id } = await addTrashed("first");
    await addTrashed("second");
    await user.api("POST", "/tasks", { title: "kept" });
    const stranger = await taskflow.client.register();
    const theirs = await stranger.api<WrittenTask>("POST", "/tasks", { title: "theirs" });
    await stranger.api("DELETE", `/tasks/${theirs.body.id}`);

    const { status, body } = await user.api<{ purged: number }>("DELETE", "/tasks?status=deleted");
    assert.deepEqual([status, body], [200, { purged: 2 }]);
    assert.deepEqual([await titles("status=deleted"), await titles("status=all")], [[], ["kept"]]);
    assertRefused(await user.api<Problem>("POST", `/tasks/${id}/restore`), 404, "not_found");
    assert.equal((await stranger.api<TaskList>("GET", "/tasks?status=deleted")).body.total, 1);
    const purges = (await taskflow.events(user.userId)).filter((event) => "purged_at" in event);
    assert.deepEqual(
      purges.map(({ event_type, actor_id }) => [event_type, actor_id]),
      [
        ["task.deleted", user.userId],
        ["task.deleted", user.userId],
      ],
    );
    assert.deepEqual((await user.api<{ purged: number }>("DELETE", "/tasks?status=deleted")).body, { purged: 0 });
  });

  it("leaves what was moved to the trash later than one saw it", async () => {
    const { id } = await addTrashed("seen");
    await age(id, 1);
    await addTrashed("unseen");
    const until = new Date(Date.now() - 3_600_000).toISOString();
    const { body } = await user.api<{ purged: number }>("DELETE", `/tasks?status=deleted&trashed_until=${until}`);
    assert.deepEqual([body, await titles("status=deleted")], [{ purged: 1 }, ["unseen"]]);
  });

  it("takes a series with what it made, and is refused without saying that the trash is meant", async () => {
    const series = { title: "daily", due_date: "2999-07-01", recurrence_pattern: "daily" };
    const { body } = await user.api<WrittenTask>("POST", "/tasks", series);
    await user.api("DELETE", `/tasks/${body.id}`);
    await user.api("DELETE", "/tasks?status=deleted");
    const rows = await taskflow.query("SELECT id FROM tasks WHERE user_id = $1 AND deleted_at IS NOT NULL", [
      user.userId,
    ]);
    assert.deepEqual(rows, []);
    assertRefused(await user.api<Problem>("DELETE", "/tasks"), 422, "validation");
    assertRefused(await user.api<Problem>("DELETE", "/tasks?status=pending"), 422, "validation");
  });
});
