import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { IssuedApiToken, User } from "../../src/contract/account.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { Task, TaskList } from "../../src/contract/task.ts";
import type { Api } from "../harness/client.ts";
import { duringTransaction } from "../harness/open-transaction.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";

let taskflow: TaskFlow;

before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

const anyone: Api = (...request) => taskflow.client.api()(...request);
const register = (...input: Parameters<TaskFlow["client"]["register"]>) => taskflow.client.register(...input);

describe("the profile", () => {
  it("is a merge patch: what is not sent stays", async () => {
    const { api, session } = await register({ name: "Ada" });
    assert.deepEqual((await api<User>("PATCH", "/auth/me", {})).body, session.user);
    const changes = { name: "Grace", week_start: "sunday", all_day_hour: 0 } as const;
    assert.deepEqual((await api<User>("PATCH", "/auth/me", changes)).body, { ...session.user, ...changes });
    assert.deepEqual((await api<User>("PATCH", "/auth/me", { name: "" })).body, {
      ...session.user,
      ...changes,
      name: "",
    });
  });

  it("refuses what it has no field or no value for", async () => {
    const { api } = await register();
    for (const [field, value] of Object.entries({
      email: "x@example.org",
      role: "admin",
      week_start: "friday",
      all_day_hour: 24,
      name: null,
      time_zone: "Europe",
    })) {
      assertInvalid(await api<Problem>("PATCH", "/auth/me", { [field]: value }), field);
    }
  });
});

describe("moving to another zone", () => {
  it("moves dates and wall-clock times, leaves instants, and tells each move by an event", async () => {
    const user = await register({ time_zone: "Europe/Rome" });
    const due = { date: "2026-07-01", clock: "2026-07-01T09:00", instant: "2026-07-01T09:00:00.000Z" };
    for (const [title, due_date] of Object.entries(due)) await user.api("POST", "/tasks", { title, due_date });
    await user.api("POST", "/tasks", { title: "undated" });

    const moved = await user.api<User>("PATCH", "/auth/me", { time_zone: "america/new_york", name: "Ada" });
    assert.deepEqual([moved.body.time_zone, moved.body.name], ["America/New_York", "Ada"]);

    const { body } = await user.api<TaskList>("GET", "/tasks");
    const dueAt = Object.fromEntries(body.tasks.map((task: Task) => [task.title, task.due_at]));
    assert.deepEqual(dueAt, {
      date: "2026-07-01T04:00:00.000Z",
      clock: "2026-07-01T13:00:00.000Z",
      instant: "2026-07-01T09:00:00.000Z",
      undated: null,
    });
    const events = await taskflow.events(user.userId);
    const moves = events.filter(({ event_type }) => event_type === "task.updated");
    assert.deepEqual(
      moves.map(({ task, changes, time_zone }) => [task.title, Object.keys(changes), time_zone]).toSorted(),
      [
        ["clock", ["due_at", "time_zone"], "America/New_York"],
        ["date", ["due_at", "time_zone"], "America/New_York"],
      ],
    );
    assert.deepEqual(moves[0]?.changes.time_zone, { old: "Europe/Rome", new: "America/New_York" });
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      events.map((_event, index) => index + 1),
    );
  });

  it("to the zone one is in changes nothing", async () => {
    const user = await register({ time_zone: "Europe/Rome" });
    await user.api("POST", "/tasks", { title: "call", due_date: "2026-07-01" });
    assert.equal(
      (await user.api<User>("PATCH", "/auth/me", { time_zone: "Europe/Rome" })).body.time_zone,
      "Europe/Rome",
    );
    assert.equal((await taskflow.events(user.userId)).length, 1);
  });

  it("shows in the profile whatever else of it is changed meanwhile", async () => {
    const { api, userId } = await register({ time_zone: "Europe/Rome" });
    const move = ["UPDATE event_heads SET time_zone = 'Asia/Tokyo' WHERE user_id = $1", [userId]] as const;
    const { body } = await duringTransaction(taskflow.databaseUrl, [move], () =>
      api<User>("PATCH", "/auth/me", { name: "Ada" }),
    );
    assert.deepEqual([body.name, body.time_zone], ["Ada", "Asia/Tokyo"]);
  });

  it("leaves profile, head and tasks in one zone when many moves and writes cross", async () => {
    const user = await register();
    const zones = ["Europe/Rome", "America/New_York", "Asia/Tokyo", "Pacific/Chatham"];
    const writes = zones.flatMap((time_zone, index) => [
      user.api("PATCH", "/auth/me", { time_zone }),
      user.api("POST", "/tasks", { title: `task ${index}`, due_date: "2026-07-01T09:00" }),
    ]);
    const answers = await Promise.all(writes);
    assert.ok(
      answers.every(({ status }) => status < 300),
      JSON.stringify(answers.map(({ status }) => status)),
    );
    const [head] = await taskflow.query<{ time_zone: string }>("SELECT time_zone FROM event_heads WHERE user_id = $1", [
      user.userId,
    ]);
    const me = await user.api<User>("GET", "/auth/me");
    assert.equal(me.body.time_zone, head?.time_zone);
    const { body } = await user.api<TaskList>("GET", "/tasks");
    assert.equal(body.tasks.length, zones.length);
    assert.equal(new Set(body.tasks.map(({ due_at }) => due_at)).size, 1);
  });
});

describe("closing an account", () => {
  const traces = async (userId: string): Promise<Record<string, number>> => {
    const tables = ["event_heads", "tasks", "refresh_tokens", "api_tokens", "stream_tickets", "idempotency_keys"];
    const counts = await Promise.all(
      tables.map((table) =>
        taskflow.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table} WHERE user_id = $1`, [userId]),
      ),
    );
    return Object.fromEntries(tables.map((table, index) => [table, counts[index]?.[0]?.count ?? -1]));
  };

  it("asks for the password, and a wrong one changes nothing", async () => {
    const user = await register();
    await user.api("POST", "/tasks", { title: "stays" });
    assertRefused(await user.api<Problem>("DELETE", "/auth/me", { password: "wrong" }), 403, "wrong_password");
    assertRefused(await user.api<Problem>("DELETE", "/auth/me"), 422, "validation");
    assert.equal((await user.api<TaskList>("GET", "/tasks")).body.total, 1);
  });

  it("purges every task with its event and leaves a row that names nobody", async () => {
    const user = await register({ name: "Ada", time_zone: "Europe/Rome" });
    const token = (
      await user.api<IssuedApiToken>("POST", "/auth/tokens", { name: "script", scopes: ["read", "write"] })
    ).body.token;
    const kept = await user.api<Task>("POST", "/tasks", { title: "kept" }, { "idempotency-key": "one" });
    const trashed = await user.api<Task>("POST", "/tasks", { title: "trashed" });
    await user.api("DELETE", `/tasks/${trashed.body.id}`);

    const { status, body } = await user.api("DELETE", "/auth/me", { password: user.password });
    assert.deepEqual([status, body], [204, undefined]);
    assert.deepEqual(await traces(user.userId), {
      event_heads: 0,
      tasks: 0,
      refresh_tokens: 0,
      api_tokens: 0,
      stream_tickets: 0,
      idempotency_keys: 0,
    });
    const purged = (await taskflow.events(user.userId)).filter(
      (event) => event.event_type === "task.deleted" && event.purged_at !== undefined,
    );
    assert.deepEqual(purged.map(({ task_id }) => task_id).toSorted(), [kept.body.id, trashed.body.id].toSorted());
    const [row] = await taskflow.query(
      "SELECT email, name, password_hash, time_zone, disabled_at IS NOT NULL AS disabled FROM users WHERE id = $1",
      [user.userId],
    );
    assert.deepEqual(row, {
      email: `${user.userId}@closed.invalid`,
      name: "",
      password_hash: "",
      time_zone: "UTC",
      disabled: true,
    });

    assertRefused(
      await anyone<Problem>("POST", "/auth/login", { email: user.email, password: user.password }),
      401,
      "invalid_credentials",
    );
    assertRefused(
      await anyone<Problem>("POST", "/auth/refresh", { refresh_token: user.session.refresh_token }),
      401,
      "session_revoked",
    );
    assertRefused(await taskflow.client.api(token)<Problem>("GET", "/tasks"), 401, "unauthenticated");
    for (const [method, path, sent] of [
      ["GET", "/auth/me"],
      ["PATCH", "/auth/me", { name: "x" }],
      ["POST", "/tasks", { title: "late" }],
      ["DELETE", "/auth/me", { password: user.password }],
    ] as const)
      assertRefused(await user.api<Problem>(method, path, sent), 401, "unauthenticated");
    assert.notEqual((await register({ email: user.email, password: user.password })).userId, user.userId);
  });

  it("waits for a task that is being added, and purges it too", async () => {
    const user = await register();
    const write = [
      ["UPDATE event_heads SET time_zone = time_zone WHERE user_id = $1", [user.userId]],
      ["INSERT INTO tasks (id, user_id, title) VALUES (gen_random_uuid(), $1, 'late')", [user.userId]],
    ] as const;
    const closed = await duringTransaction(taskflow.databaseUrl, write, () =>
      user.api("DELETE", "/auth/me", { password: user.password }),
    );
    assert.equal(closed.status, 204);
    assert.equal((await traces(user.userId)).tasks, 0);
    assert.deepEqual(
      (await taskflow.events(user.userId)).map(({ event_type, task }) => [event_type, task.title]),
      [["task.deleted", "late"]],
    );
  });

  it("leaves nothing behind when tasks are added meanwhile", async () => {
    const user = await register();
    const writes = Array.from({ length: 30 }, (_, index) => user.api("POST", "/tasks", { title: `task ${index}` }));
    let closed = 0;
    // It gives way to them for a while; then it says so, and is asked again.
    await until("the account to be closed", async () => {
      closed = (await user.api("DELETE", "/auth/me", { password: user.password })).status;
      return closed !== 503;
    });
    assert.equal(closed, 204);
    const statuses = new Set((await Promise.all(writes)).map(({ status }) => status));
    assert.ok(
      [...statuses].every((status) => status === 201 || status === 401),
      [...statuses].join(),
    );
    assert.deepEqual((await traces(user.userId)).tasks, 0);
    const sequences = (await taskflow.events(user.userId)).map(({ sequence }) => sequence);
    assert.deepEqual(
      sequences,
      sequences.map((_sequence, index) => index + 1),
    );
  });
});
