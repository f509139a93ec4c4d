import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { v4 as uuidv4, v7 as uuidv7 } from "uuid";
import type { AuditLog, TaskHistory } from "../../src/contract/audit.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { ReminderList } from "../../src/contract/reminder.ts";
import type { Task, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { housekeep } from "./housekeeping.ts";

const SECRET = "the owner's secret";

let taskflow: TaskFlow;
let admin: TestUser;
let owner: TestUser;
let stranger: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  admin = await taskflow.client.register();
  owner = await taskflow.client.register();
  stranger = await taskflow.client.register();
});
after(() => taskflow.stop());

const create = (user: TestUser, task: object, key?: string) =>
  user.api<WrittenTask>("POST", "/tasks", task, key === undefined ? {} : { "idempotency-key": key });

const trash = async (user: TestUser, task: object): Promise<string> => {
  const { body } = await create(user, task);
  assert.equal((await user.api("DELETE", `/tasks/${body.id}`)).status, 204);
  return body.id;
};

/** Tasks of the user, one with an id that the device made and one with the server's, that are gone for good. */
const purge = async (user: TestUser): Promise<string[]> => {
  const ids = [
    await trash(user, { id: uuidv7(), title: SECRET, due_date: "2999-01-01", reminder_offset: "PT1H" }),
    await trash(user, { title: SECRET }),
  ];
  await taskflow.query("UPDATE tasks SET deleted_at = now() - interval '31 days' WHERE id = ANY ($1)", [ids]);
  await housekeep(taskflow);
  assert.deepEqual(await taskflow.query("SELECT FROM tasks WHERE id = ANY ($1)", [ids]), []);
  return ids;
};

const recorded = (user: TestUser, count: number): Promise<void> =>
  until("the history to have the events", async () => {
    const rows = await taskflow.query("SELECT FROM task_events WHERE user_id = $1", [user.userId]);
    return rows.length >= count;
  });

describe("an id that a device made", () => {
  it("is the task's, of whatever version", async () => {
    for (const id of [uuidv4(), uuidv7()]) {
      const { status, body } = await create(owner, { id, title: "x" });
      assert.deepEqual([status, body.id], [201, id]);
    }
  });

  it("is refused in the same words whose ever it is, and whether its task is there, in the trash or gone", async () => {
    const own = (await create(owner, { title: SECRET })).body.id;
    const foreign = (await create(stranger, { title: SECRET })).body.id;
    const taken = [
      own,
      foreign,
      await trash(owner, { title: SECRET }),
      await trash(stranger, { title: SECRET }),
      ...(await purge(owner)),
      ...(await purge(stranger)),
    ];
    const before = await taskflow.events(owner.userId);
    const told = new Set<string>();
    for (const id of taken)
      for (const [path, body] of [
        ["/tasks", { id, title: "x" }],
        ["/tasks/bulk", { operations: [{ op: "create", task: { id, title: "x" } }] }],
      ] as const) {
        const problem = assertRefused(await owner.api<Problem>("POST", path, body), 409, "conflict");
        told.add(JSON.stringify({ ...problem, correlation_id: "" }));
      }
    assert.equal(told.size, 1, [...told].join("\n"));
    assert.match([...told].join(""), /id: was given to a task already; send a new random one, or none/);
    assert.deepEqual(await taskflow.events(owner.userId), before);
    assert.equal((await stranger.api<Task>("GET", `/tasks/${foreign}`)).body.title, SECRET);
  });

  it("gets the first answer again with the same Idempotency-Key, also when its task is gone", async () => {
    const request = { id: uuidv7(), title: "made offline" };
    const first = await create(owner, request, "made offline");
    await owner.api("DELETE", `/tasks/${request.id}`);
    await taskflow.query("UPDATE tasks SET deleted_at = now() - interval '31 days' WHERE id = $1", [request.id]);
    await housekeep(taskflow);
    const again = await create(owner, request, "made offline");
    assert.deepEqual([again.status, again.body], [201, first.body]);
  });
});

describe("two users with one id, from before ids were kept apart", () => {
  it("read each their own history and past, and nothing of the other's", async () => {
    const [ada, bob] = [await taskflow.client.register(), await taskflow.client.register()];
    const [id = ""] = await purge(ada);
    await taskflow.query("DELETE FROM purged_tasks WHERE id = $1", [id]);
    const made = await create(bob, { id, title: "bob's", due_date: "2999-01-01", reminder_offset: "PT1H" });
    assert.equal(made.status, 201);
    await recorded(ada, 6);
    await recorded(bob, 1);

    const history = async (user: TestUser, query = "") =>
      (await user.api<TaskHistory>("GET", `/audit/tasks/${id}${query}`)).body.events ?? [];
    assert.deepEqual(
      (await history(bob)).map(({ user_id, task_title }) => [user_id, task_title]),
      [[bob.userId, "bob's"]],
    );
    assert.deepEqual(
      (await history(ada)).map(({ user_id, task_title }) => [user_id, task_title]),
      Array.from({ length: 3 }, () => [ada.userId, SECRET]),
    );
    for (const path of [
      `/audit-logs?task_id=${id}`,
      `/audit-logs?task_id=${id}&format=ndjson`,
      `/activity-logs`,
      `/tasks/${id}`,
      `/tasks/${id}?as_of=${new Date().toISOString()}`,
      `/tasks?as_of=${new Date().toISOString()}`,
      `/reminders?task_id=${id}`,
      `/tasks/${id}/reminders`,
    ]) {
      const response = await fetch(`${taskflow.url}/api/v1${path}`, {
        headers: { authorization: `Bearer ${bob.token}` },
      });
      assert.equal(response.status, 200, path);
      assert.ok(!(await response.text()).includes(SECRET), path);
    }
    assertRefused(await ada.api<Problem>("GET", `/tasks/${id}`), 404, "not_found");
    assertRefused(await ada.api<Problem>("PATCH", `/tasks/${id}`, { title: "x" }), 404, "not_found");
    assert.equal((await ada.api<AuditLog>("GET", `/audit-logs?task_id=${id}`)).body.events.length, 3);
    assertRefused(await ada.api<Problem>("GET", `/audit/tasks/${id}?user_id=${bob.userId}`), 404, "not_found");

    assert.equal((await history(admin, `?user_id=${ada.userId}`)).length, 3);
    assert.equal((await history(admin, `?user_id=${bob.userId}`)).length, 1);
    assert.equal((await history(admin))[0]?.user_id, bob.userId, "whoever had it last");
  });

  it("are both reminded, and so is one user who has used an id twice", async () => {
    for (const second of [owner, stranger]) {
      const [id = ""] = await purge(owner);
      await until("the reminders to be forgotten", async () => {
        const [row] = await taskflow.query("SELECT task FROM reminder_tasks WHERE task_id = $1", [id]);
        return row !== undefined && row["task"] === null;
      });
      await taskflow.query("DELETE FROM purged_tasks WHERE id = $1", [id]);
      await create(second, { id, title: "again", due_date: "2999-01-01", reminder_offset: "PT1H" });
      await until("the reminder to be planned", async () => {
        const { body } = await second.api<ReminderList>("GET", `/reminders?task_id=${id}`);
        return body.reminders[0]?.status === "pending";
      });
    }
  });
});

describe("ids of reminders", () => {
  it("of someone else are as good as any", async () => {
    const id = uuidv7();
    const task = { title: "x", due_date: "2999-01-01", reminders: [{ id, offset: "PT1H" }] };
    for (const user of [owner, stranger]) {
      const { status, body } = await create(user, task);
      assert.deepEqual([status, body.reminders?.[0]?.id], [201, id]);
    }
    assertRefused(await owner.api<Problem>("POST", "/tasks", task), 409, "conflict");
    for (const user of [owner, stranger])
      await until("the reminder to be planned", async () => {
        const { status, body } = await user.api<{ user_id: string }>("GET", `/reminders/${id}`);
        return status === 200 && body.user_id === user.userId;
      });
  });
});
