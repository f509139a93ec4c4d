import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import type { NewTask, Task, TaskList, WrittenTask } from "../../src/contract/task.ts";
import { noReminders } from "../../src/domain/reminder/no-reminders.ts";
import { noRecurrence } from "../../src/domain/series/no-recurrence.ts";
import type { TestUser } from "../harness/client.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

let taskflow: TaskFlow;
let user: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  user = await taskflow.client.register({ time_zone: "Europe/Rome" });
});
after(() => taskflow.stop());

const add = async (input: Partial<NewTask> = {}): Promise<WrittenTask> => {
  const { status, body } = await user.api<WrittenTask>("POST", "/tasks", { title: "Pay rent", ...input });
  assert.equal(status, 201);
  return body;
};

const readTask = async (id: string): Promise<Task> => (await user.api<Task>("GET", `/tasks/${id}`)).body;

/** A written task as it is read. */
const asRead = ({ undo: _undo, warnings: _warnings, ...task }: WrittenTask): Task => task;

const eventCount = async (): Promise<number> => (await taskflow.events(user.userId)).length;

describe("a task", () => {
  it("is added with every field and read as it was answered", async () => {
    const sent = {
      title: "  Pay rent ",
      description: "by **card**",
      priority: "high",
      due_date: "2999-03-01T09:00",
    } as const;
    const { status, headers, body } = await user.api<WrittenTask>("POST", "/tasks", sent);
    assert.equal(status, 201);
    const { id, created_at, undo, ...task } = body;
    assert.deepEqual(task, {
      user_id: user.userId,
      title: "Pay rent",
      description: "by **card**",
      status: "pending",
      completed: false,
      priority: "high",
      due_date: "2999-03-01T09:00",
      due_at: "2999-03-01T08:00:00.000Z",
      version: 1,
      updated_at: created_at,
      completed_at: null,
      deleted_at: null,
      ...noRecurrence,
      ...noReminders,
      warnings: [],
    });
    assert.equal(headers.get("etag"), '"1"');
    assert.equal(headers.get("undo"), undo);
    const read = await user.api<Task>("GET", `/tasks/${id}`);
    assert.deepEqual(read.body, asRead(body));
    assert.equal(read.headers.get("etag"), '"1"');
  });

  it("keeps the id a client made, once", async () => {
    const id = randomUUID();
    assert.equal((await add({ id })).id, id);
    assertRefused(await user.api<Problem>("POST", "/tasks", { id, title: "again" }), 409, "conflict");
    assert.equal((await readTask(id)).title, "Pay rent");
  });

  it("is moved to the trash by DELETE, which answers nothing but the undo handle", async () => {
    const { id } = await add();
    const { status, headers, body } = await user.api("DELETE", `/tasks/${id}`);
    assert.deepEqual([status, body], [204, undefined]);
    assert.match(headers.get("undo") ?? "", /^[\w-]+$/);
    assertRefused(await user.api<Problem>("GET", `/tasks/${id}`), 404, "not_found");
  });

  it("that is not there is a 404 by every method", async () => {
    for (const [method, suffix] of [
      ["GET", ""],
      ["PATCH", ""],
      ["PUT", ""],
      ["DELETE", ""],
      ["POST", "/complete"],
      ["POST", "/reopen"],
      ["POST", "/restore"],
    ] as const)
      for (const id of [randomUUID(), "1", "x".repeat(300), "..%2ftasks", "%00"]) {
        const answer = await user.api<Problem>(
          method,
          `/tasks/${id}${suffix}`,
          method === "PATCH" || method === "PUT" ? {} : undefined,
        );
        assertRefused(answer, 404, "not_found");
      }
  });

  it("has an event for each write that changes something, with the state it left", async () => {
    const ada = await taskflow.client.register();
    const { body: task } = await ada.api<WrittenTask>("POST", "/tasks", { title: "one" });
    await ada.api("PATCH", `/tasks/${task.id}`, { title: "two" });
    await ada.api("POST", `/tasks/${task.id}/complete`);
    await ada.api("DELETE", `/tasks/${task.id}`);
    const events = await taskflow.events(ada.userId);
    assert.deepEqual(
      events.map(({ sequence, event_type, task: { version } }) => [sequence, event_type, version]),
      [
        [1, "task.created", 1],
        [2, "task.updated", 2],
        [3, "task.completed", 3],
        [4, "task.deleted", 4],
      ],
    );
    assert.deepEqual(events[0]?.task, asRead(task));
    assert.deepEqual(events[1]?.changes, { title: { old: "one", new: "two" } });
  });
});

describe("a client of the base release", () => {
  it("knows only title, description and completed, and works", async () => {
    const {
      body: { id },
    } = await user.api<Task>("POST", "/tasks", { title: "old", description: "client", completed: false });
    const { body: task } = await user.api<Task>("GET", `/tasks/${id}`);
    assert.deepEqual(
      { title: task.title, description: task.description, completed: task.completed },
      { title: "old", description: "client", completed: false },
    );
    await user.api("PUT", `/tasks/${id}`, { completed: true });
    const done = await readTask(id);
    assert.deepEqual([done.completed, done.status, done.title], [true, "completed", "old"]);
    assert.equal((await user.api("DELETE", `/tasks/${id}`)).status, 204);
  });

  it("may send the whole object back by PUT, the fields of the server included", async () => {
    const task = await add({ description: "x", priority: "low", due_date: "2999-01-01" });
    const before = await eventCount();
    const unchanged = await user.api<WrittenTask>("PUT", `/tasks/${task.id}`, task);
    assert.deepEqual([unchanged.status, unchanged.body.version, unchanged.body.undo], [200, 1, null]);
    assert.equal(await eventCount(), before);
    const { body } = await user.api<WrittenTask>("PUT", `/tasks/${task.id}`, {
      ...task,
      completed: true,
      status: undefined,
      version: 99,
      user_id: "someone",
    });
    assert.deepEqual([body.version, body.completed, body.user_id, body.priority], [2, true, user.userId, "low"]);
  });

  it("keeps the fields it does not know when it writes by PUT", async () => {
    const { id } = await add({ priority: "high", due_date: "2999-01-01" });
    const { body } = await user.api<WrittenTask>("PUT", `/tasks/${id}`, {
      title: "Pay",
      description: null,
      completed: false,
    });
    assert.deepEqual([body.title, body.priority, body.due_date], ["Pay", "high", "2999-01-01"]);
  });

  it("may have written its rows without us: they are read with the defaults", async () => {
    const id = randomUUID();
    await taskflow.query(
      "INSERT INTO tasks (id, user_id, title, created_at, updated_at) VALUES ($1, $2, 'by SQL', '2020-01-01 00:00:00.123456Z', '2020-01-01Z')",
      [id, user.userId],
    );
    const task = await readTask(id);
    assert.deepEqual(
      [task.title, task.priority, task.version, task.created_at, task.due_date],
      ["by SQL", "medium", 1, "2020-01-01T00:00:00.123Z", null],
    );
    assert.equal((await user.api<WrittenTask>("POST", `/tasks/${id}/complete`)).body.version, 2);
  });
});

describe("PATCH is a merge patch", () => {
  it("{} changes nothing, publishes nothing, bumps no version", async () => {
    const { id } = await add();
    const before = await eventCount();
    const { status, body } = await user.api<WrittenTask>("PATCH", `/tasks/${id}`, {});
    assert.deepEqual([status, body.version, body.undo], [200, 1, null]);
    assert.equal(await eventCount(), before);
  });

  it("changes what is sent, takes away what is null, keeps the rest", async () => {
    const task = await add({ description: "x", due_date: "2999-01-01", priority: "low" });
    const { body } = await user.api<WrittenTask>(
      "PATCH",
      `/tasks/${task.id}`,
      { description: null, title: "Pay" },
      { "content-type": "application/merge-patch+json" },
    );
    assert.deepEqual(
      { ...asRead(body), updated_at: "" },
      { ...asRead(task), title: "Pay", description: null, version: 2, updated_at: "" },
    );
    assert.deepEqual(await readTask(task.id), asRead(body));
  });

  it("names the field it refuses, and changes nothing", async () => {
    const { id } = await add();
    const bad = {
      title: "",
      description: 7,
      status: "open",
      completed: "yes",
      priority: "urgent",
      due_date: "tomorrow",
      colour: "red",
      tags: [],
    };
    for (const [field, value] of Object.entries(bad))
      assertInvalid(await user.api<Problem>("PATCH", `/tasks/${id}`, { [field]: value }), field);
    for (const field of ["title", "priority", "status", "completed"])
      assertInvalid(await user.api<Problem>("PATCH", `/tasks/${id}`, { [field]: null }), field);
    assertInvalid(
      await user.api<Problem>("PATCH", `/tasks/${id}`, { status: "pending", completed: true }),
      "completed",
    );
    assert.equal((await readTask(id)).version, 1);
  });
});

describe("If-Match", () => {
  it("of the version is let through, in any form a client may send it", async () => {
    const { id } = await add();
    for (const [index, etag] of ['"1"', "2", 'W/"3"', "*"].entries())
      assert.equal(
        (await user.api("PATCH", `/tasks/${id}`, { title: `title ${index}` }, { "if-match": etag })).status,
        200,
        etag,
      );
  });

  it("of another version is a 412 with the task as it is, by every write", async () => {
    const { id } = await add();
    const { body: current } = await user.api<WrittenTask>("PATCH", `/tasks/${id}`, { title: "newer" });
    const stale = { "if-match": '"1"' };
    for (const [method, path, body] of [
      ["PATCH", "", { title: "x" }],
      ["PUT", "", { title: "x" }],
      ["DELETE", ""],
      ["POST", "/complete"],
      ["POST", "/reopen"],
      ["POST", "/restore"],
    ] as const) {
      const problem = assertRefused(
        await user.api<Problem>(method, `/tasks/${id}${path}`, body, stale),
        412,
        "version_mismatch",
      );
      assert.deepEqual(problem["task" as keyof Problem], asRead(current), method + path);
    }
    assert.deepEqual(await readTask(id), asRead(current));
  });

  it("that is no version names the header", async () => {
    const { id } = await add();
    for (const etag of ["x", '"x"', "-1", "1, 2", '"1", "2"', "9".repeat(30)])
      assertInvalid(await user.api<Problem>("PATCH", `/tasks/${id}`, { title: "x" }, { "if-match": etag }), "If-Match");
  });

  it("lets one of many writers through", async () => {
    const { id } = await add();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_none, index) =>
        user.api("PATCH", `/tasks/${id}`, { title: `writer ${index}` }, { "if-match": '"1"' }),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 9 }, () => 412)]);
  });

  it("is not needed, however many write at once", async () => {
    // More than a write has tries.
    const { id } = await add();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_none, index) => user.api("PATCH", `/tasks/${id}`, { title: `writer ${index}` })),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  });

  it("is not needed: the last write wins and none is lost", async () => {
    const { id } = await add();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_none, index) =>
        user.api<WrittenTask>("PATCH", `/tasks/${id}`, { title: `writer ${index}` }),
      ),
    );
    assert.deepEqual(
      answers.map(({ body }) => body.version).toSorted((one, other) => one - other),
      Array.from({ length: 10 }, (_none, index) => index + 2),
    );
    const last = answers.find(({ body }) => body.version === 11)?.body as WrittenTask;
    assert.deepEqual(await readTask(id), asRead(last));
  });
});

describe("commands", () => {
  it("complete and reopen are safe to repeat", async () => {
    const { id } = await add();
    const before = await eventCount();
    const done = await user.api<WrittenTask>("POST", `/tasks/${id}/complete`);
    assert.deepEqual(
      [done.status, done.body.status, done.body.completed, done.body.version],
      [200, "completed", true, 2],
    );
    const again = await user.api<WrittenTask>("POST", `/tasks/${id}/complete`);
    assert.deepEqual(
      [again.status, again.body.undo, again.body.completed_at, again.body.version],
      [200, null, done.body.completed_at, 2],
    );
    const open = await user.api<WrittenTask>("POST", `/tasks/${id}/reopen`);
    assert.deepEqual([open.body.status, open.body.completed_at, open.body.version], ["pending", null, 3]);
    assert.equal((await user.api<WrittenTask>("POST", `/tasks/${id}/reopen`)).body.version, 3);
    assert.equal(await eventCount(), before + 2);
  });

  it("sent by many at once happen once", async () => {
    const { id } = await add();
    const before = await eventCount();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => user.api<WrittenTask>("POST", `/tasks/${id}/complete`)),
    );
    assert.ok(answers.every(({ status, body }) => status === 200 && body.version === 2));
    assert.equal(answers.filter(({ body }) => body.undo !== null).length, 1);
    assert.equal(await eventCount(), before + 1);
  });

  it("need no body, and bear the header of one", async () => {
    const { id } = await add();
    assert.equal(
      (await user.api("POST", `/tasks/${id}/complete`, undefined, { "content-type": "application/json" })).status,
      200,
    );
  });
});

describe("a due date", () => {
  const kinds: readonly (readonly [sent: string, kept: string, at: string])[] = [
    ["2999-03-01", "2999-03-01", "2999-02-28T23:00:00.000Z"],
    ["2999-07-01T09:00", "2999-07-01T09:00", "2999-07-01T07:00:00.000Z"],
    ["2999-03-01T09:00:00+05:30", "2999-03-01T03:30:00.000Z", "2999-03-01T03:30:00.000Z"],
    ["9999-12-31", "9999-12-31", "9999-12-30T23:00:00.000Z"],
    ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z", "9999-12-31T23:59:59.000Z"],
  ];
  for (const [sent, kept, at] of kinds)
    it(`${sent} keeps its kind`, async () => {
      const { id, due_date, due_at, warnings } = await add({ due_date: sent });
      assert.deepEqual([due_date, due_at, warnings], [kept, at, []]);
      const read = await readTask(id);
      assert.deepEqual([read.due_date, read.due_at], [kept, at]);
    });

  it("at the end of the calendar is kept west of Greenwich too", async () => {
    const west = await taskflow.client.register({ time_zone: "America/Los_Angeles" });
    for (const due_date of ["9999-12-31", "9999-12-31T23:59", "1900-01-01"]) {
      const { status, body } = await west.api<WrittenTask>("POST", "/tasks", { title: "x", due_date });
      assert.deepEqual([status, body.due_date], [201, due_date]);
      assert.equal((await west.api<Task>("GET", `/tasks/${body.id}`)).body.due_at, body.due_at);
    }
    const pages = await west.api<TaskList>("GET", "/tasks?sort_by=due_date&limit=1");
    assert.equal(
      (await west.api<TaskList>("GET", `/tasks?sort_by=due_date&limit=1&cursor=${pages.body.next_cursor}`)).status,
      200,
    );
  });

  it("in the past is accepted with a warning", async () => {
    const { warnings, id } = await add({ due_date: "2020-01-01" });
    assert.deepEqual(warnings, ["due_date_in_past"]);
    assert.deepEqual((await user.api<WrittenTask>("PATCH", `/tasks/${id}`, { due_date: "2020-01-02" })).body.warnings, [
      "due_date_in_past",
    ]);
    assert.deepEqual((await user.api<WrittenTask>("PATCH", `/tasks/${id}`, { title: "x" })).body.warnings, []);
  });
});
