import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { v7 as uuidv7 } from "uuid";
import type { ActivityLog, AuditEntry, AuditLog, AuditReads, TaskHistory } from "../../src/contract/audit.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";

let taskflow: TaskFlow;
let admin: TestUser;
let ada: TestUser;
let eve: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  admin = await taskflow.client.register();
  ada = await taskflow.client.register({ name: "Ada" });
  eve = await taskflow.client.register();
});
after(() => taskflow.stop());

const recorded = (user: TestUser, count: number): Promise<void> =>
  until("the history to have the events", async () => {
    const [row] = await taskflow.query<{ count: string }>("SELECT count(*) FROM task_events WHERE user_id = $1", [
      user.userId,
    ]);
    return Number(row?.count) >= count;
  });

/** A new user with three tasks; each was changed once, the last one completed. */
const someUser = async (): Promise<{ user: TestUser; tasks: WrittenTask[] }> => {
  const user = await taskflow.client.register();
  const tasks: WrittenTask[] = [];
  for (const title of ["one", "two", "three"]) {
    const { body } = await user.api<WrittenTask>("POST", "/tasks", { title });
    tasks.push(body);
    await user.api("PATCH", `/tasks/${body.id}`, { priority: "high" });
  }
  await user.api("POST", `/tasks/${tasks[2]?.id}/complete`);
  await recorded(user, 7);
  return { user, tasks };
};

const download = (user: TestUser, path: string): Promise<Response> =>
  fetch(`${taskflow.url}/api/v1${path}`, { headers: { authorization: `Bearer ${user.token}` } });

describe("GET /audit/tasks/{id}", () => {
  it("tells everything that happened to a task, who did it and by which request", async () => {
    const { body: task } = await ada.api<WrittenTask>(
      "POST",
      "/tasks",
      { title: "Pay rent" },
      { "x-correlation-id": "request-1" },
    );
    const { body: token } = await ada.api<{ id: string; token: string }>("POST", "/auth/tokens", {
      name: "my phone",
      scopes: ["write"],
    });
    await taskflow.client.api(token.token)("PATCH", `/tasks/${task.id}`, { title: "Pay the rent", priority: "high" });
    await ada.api("DELETE", `/tasks/${task.id}`);
    await recorded(ada, 3);
    const { body } = await ada.api<TaskHistory>("GET", `/audit/tasks/${task.id}`);
    const [created, changed, deleted] = body.events;
    assert.ok(created && changed && deleted);
    assert.equal(body.next_cursor, null);
    assert.deepEqual(
      [created.event_type, created.correlation_id, created.sequence, created.task_version],
      ["task.created", "request-1", 1, 1],
    );
    assert.deepEqual(created.actor, { kind: "person", id: ada.userId, name: "Ada" });
    assert.deepEqual(changed.changes, {
      priority: { old: "medium", new: "high" },
      title: { old: "Pay rent", new: "Pay the rent" },
    });
    assert.deepEqual(changed.actor, { kind: "token", id: token.id, name: "my phone" });
    assert.equal(deleted.event_type, "task.deleted");
    assert.ok(body.events.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash ?? "")));
    const events = await taskflow.events(ada.userId);
    assert.deepEqual(
      body.events.map(({ event_id, timestamp }) => [event_id, timestamp]),
      events.map(({ event_id, timestamp }) => [event_id, timestamp]),
    );
  });

  it("goes by pages", async () => {
    const { user, tasks } = await someUser();
    const path = `/audit/tasks/${tasks[2]?.id}`;
    const first = (await user.api<TaskHistory>("GET", `${path}?limit=2`)).body;
    const second = (await user.api<TaskHistory>("GET", `${path}?limit=2&cursor=${first.next_cursor}`)).body;
    assert.deepEqual(
      [...first.events, ...second.events].map(({ event_type }) => event_type),
      ["task.created", "task.updated", "task.completed"],
    );
    assert.equal(second.next_cursor, null);
    assertRefused(await user.api<Problem>("GET", `${path}?cursor=nonsense`), 400, "invalid_cursor");
    assertInvalid(await user.api<Problem>("GET", `${path}?limit=101`), "limit");
  });

  it("is empty for a task of which nothing is recorded yet, and not found for one that is not there or someone else's", async () => {
    const { tasks } = await someUser();
    assertRefused(await eve.api<Problem>("GET", `/audit/tasks/${tasks[0]?.id}`), 404, "not_found");
    assertRefused(await eve.api<Problem>("GET", `/audit/tasks/${uuidv7()}`), 404, "not_found");
    const id = uuidv7();
    await taskflow.query("INSERT INTO tasks (id, user_id, title) VALUES ($1, $2, 'by a base client')", [
      id,
      eve.userId,
    ]);
    assert.deepEqual((await eve.api<TaskHistory>("GET", `/audit/tasks/${id}`)).body, { events: [], next_cursor: null });
  });
});

describe("GET /audit-logs", () => {
  it("shows a user their own history, newest first, page by page", async () => {
    const { user } = await someUser();
    const seen: AuditEntry[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const { body }: { body: AuditLog } = await user.api<AuditLog>(
        "GET",
        `/audit-logs?limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      seen.push(...body.events);
      cursor = body.next_cursor;
    }
    assert.deepEqual(
      seen.map(({ sequence }) => sequence),
      [7, 6, 5, 4, 3, 2, 1],
    );
    assert.ok(seen.every(({ user_id }) => user_id === user.userId));
  });

  it("filters by task, type, actor and time", async () => {
    const { user, tasks } = await someUser();
    const sequences = async (query: string): Promise<number[]> =>
      (await user.api<AuditLog>("GET", `/audit-logs?${query}`)).body.events.map(({ sequence }) => sequence);
    assert.deepEqual(await sequences(`task_id=${tasks[1]?.id}`), [4, 3]);
    assert.deepEqual(await sequences("event_type=task.created"), [5, 3, 1]);
    assert.deepEqual(await sequences("actor_id=nobody"), []);
    assert.equal((await sequences(`actor_id=${user.userId}`)).length, 7);
    const all = (await user.api<AuditLog>("GET", "/audit-logs")).body.events;
    assert.deepEqual(
      await sequences(`from=${all[2]?.timestamp}&to=${all[0]?.timestamp}`),
      all
        .filter(({ timestamp }) => timestamp >= (all[2]?.timestamp ?? "") && timestamp < (all[0]?.timestamp ?? ""))
        .map(({ sequence }) => sequence),
    );
    assertInvalid(await user.api<Problem>("GET", "/audit-logs?from=yesterday"), "from");
  });

  it("shows no user anyone else's, and an administrator everyone's, which is itself recorded", async () => {
    const { user } = await someUser();
    assertRefused(await eve.api<Problem>("GET", `/audit-logs?user_id=${user.userId}`), 404, "not_found");
    assert.ok(
      (await eve.api<AuditLog>("GET", "/audit-logs")).body.events.every(({ user_id }) => user_id === eve.userId),
    );
    const { body } = await admin.api<AuditLog>("GET", `/audit-logs?user_id=${user.userId}`, undefined, {
      "x-correlation-id": "curious",
    });
    assert.equal(body.events.length, 7);
    const { reads } = (await user.api<AuditReads>("GET", "/audit-reads")).body;
    const [noticed] = reads.filter(({ user_id }) => user_id === user.userId);
    assert.deepEqual(
      [noticed?.reader, noticed?.correlation_id, noticed?.what],
      [
        { kind: "person", id: "administrator", name: "administrator" },
        "curious",
        `GET /api/v1/audit-logs?user_id=${user.userId}`,
      ],
    );
    const everyone = new Set(
      (await admin.api<AuditLog>("GET", "/audit-logs?limit=100")).body.events.map(({ user_id }) => user_id),
    );
    assert.ok(everyone.size > 1);
  });

  it("tells a user that everyone's was read, and nothing of other users nor which account it was", async () => {
    const { user, tasks } = await someUser();
    const task = tasks[0]?.id ?? "";
    await admin.api("GET", `/audit-logs?task_id=${task}&actor_id=${user.userId}`);
    await admin.api("GET", `/audit-logs?actor_id=${user.userId}&user_id=${eve.userId}`);
    const told = (await eve.api<AuditReads>("GET", "/audit-reads?limit=100")).body;
    assert.deepEqual(
      told.reads.slice(0, 2).map(({ user_id, what }) => [user_id, what]),
      [
        [eve.userId, `GET /api/v1/audit-logs?user_id=${eve.userId}`],
        [null, "GET /api/v1/audit-logs"],
      ],
    );
    for (const secret of [task, user.userId, admin.userId, admin.email])
      assert.ok(!JSON.stringify(told).includes(secret), secret);
    const [, inFull] = (await admin.api<AuditReads>("GET", "/audit-reads")).body.reads;
    assert.deepEqual([inFull?.reader.id, inFull?.reader.name], [admin.userId, admin.email]);
    assert.equal(inFull?.what, `GET /api/v1/audit-logs?task_id=${task}&actor_id=${user.userId}`);
  });

  it("takes a date as the days where the reader lives", async () => {
    const user = await taskflow.client.register({ time_zone: "Pacific/Kiritimati" });
    await user.api("POST", "/tasks", { title: "x" });
    await recorded(user, 1);
    const count = async (query: string): Promise<number> =>
      (await user.api<AuditLog>("GET", `/audit-logs?${query}`)).body.events.length;
    const today = new Intl.DateTimeFormat("sv", { timeZone: "Pacific/Kiritimati" }).format();
    const [yesterday, tomorrow] = [-1, 1].map((days) =>
      new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10),
    );
    assert.equal(await count(`from=${yesterday}&to=${tomorrow}`), 1);
    assert.equal(await count(`from=${yesterday}T00:00&to=${tomorrow}T00:00`), 1);
    assert.equal(await count(`to=${yesterday}`), 0);
    assert.equal(await count(`from=${tomorrow}T23:59:59`), 0);
    for (const [from, message] of [
      ["2026-02-30", "2026-02-30 is no such day"],
      ["2026-02-28T25:00", "25:00 is no such time"],
      ["1899-12-31", "must lie between 1900-01-01 and 9999-12-31, and 1899-12-31 does not"],
    ] as const)
      assert.deepEqual((await user.api<Problem>("GET", `/audit-logs?from=${from}`)).body.errors, [
        { field: "from", message },
      ]);
  });

  it("takes an administrator's token without the scope for a user", async () => {
    const { user, tasks } = await someUser();
    const { body } = await admin.api<{ token: string }>("POST", "/auth/tokens", { name: "reader", scopes: ["read"] });
    const api = taskflow.client.api(body.token);
    assertRefused(await api<Problem>("GET", `/audit-logs?user_id=${user.userId}`), 404, "not_found");
    assertRefused(await api<Problem>("GET", `/audit/tasks/${tasks[0]?.id}`), 404, "not_found");
    assertRefused(await api<Problem>("GET", `/activity-logs?user_id=${user.userId}`), 404, "not_found");
  });

  it("streams CSV that no spreadsheet takes for formulas", async () => {
    const user = await taskflow.client.register({ name: "=HYPERLINK(1)" });
    await user.api("POST", "/tasks", { title: '=cmd|"/C calc"!A1' });
    await user.api("POST", "/tasks", { title: "two\nlines, and a comma" });
    await recorded(user, 2);
    const answer = await download(user, "/audit-logs?format=csv");
    assert.equal(answer.headers.get("content-type"), "text/csv; charset=utf-8");
    assert.match(answer.headers.get("content-disposition") ?? "", /attachment; filename="taskflow-history\.csv"/);
    const text = await answer.text();
    assert.match(text, /^timestamp,event_type,task_id,task_title,/);
    assert.ok(
      text.includes(`"'=cmd|""/C calc""!A1"`) &&
        text.includes('"two\nlines, and a comma"') &&
        text.includes(`"'=HYPERLINK(1)"`),
    );
    assert.ok(text.endsWith("\r\n"));
  });

  it("streams one entry a line as NDJSON, the same as the pages have", async () => {
    const { user } = await someUser();
    const answer = await download(user, "/audit-logs?format=ndjson");
    assert.equal(answer.headers.get("content-type"), "application/x-ndjson");
    const entries = (await answer.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as AuditEntry);
    assert.deepEqual(entries, (await user.api<AuditLog>("GET", "/audit-logs")).body.events);
  });
});

describe("GET /activity-logs", () => {
  it("says in words what happened, by offset", async () => {
    const { user } = await someUser();
    const { body } = await user.api<ActivityLog>("GET", "/activity-logs?limit=3&offset=0");
    assert.deepEqual(
      body.activities.map(({ text }) => text),
      ["Completed “three”", "Changed “three”: priority from medium to high", "Added “three”"],
    );
    assert.deepEqual([body.total, body.limit, body.offset], [7, 3, 0]);
    const next = (await user.api<ActivityLog>("GET", "/activity-logs?limit=3&offset=6")).body;
    assert.deepEqual(
      next.activities.map(({ text }) => text),
      ["Added “one”"],
    );
  });

  it("is the user's own, for an administrator too unless they say whose", async () => {
    const { user } = await someUser();
    assertRefused(await eve.api<Problem>("GET", `/activity-logs?user_id=${user.userId}`), 404, "not_found");
    assert.equal((await admin.api<ActivityLog>("GET", "/activity-logs")).body.total, 0);
    assert.equal((await admin.api<ActivityLog>("GET", `/activity-logs?user_id=${user.userId}`)).body.total, 7);
  });
});
