import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import type { BulkAnswer, Task, TaskList, UndoAnswer, WrittenTask } from "../../src/contract/task.ts";
import type { Answer, TestUser } from "../harness/client.ts";
import { assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

let taskflow: TaskFlow;
let user: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  user = await taskflow.client.register();
});
after(() => taskflow.stop());

const bulk = <Body = BulkAnswer>(operations: readonly object[], by: TestUser = user): Promise<Answer<Body>> =>
  by.api<Body>("POST", "/tasks/bulk", { operations });
const add = async (title = "x"): Promise<WrittenTask> =>
  (await user.api<WrittenTask>("POST", "/tasks", { title })).body;
const fieldsOf = (problem: Problem): string[] => (problem.errors ?? []).map(({ field }) => field);

describe("a bulk write", () => {
  it("of 500 operations is one write: 500 events in a row, one undo", async () => {
    const ada = await taskflow.client.register();
    const { status, body } = await bulk(
      Array.from({ length: 500 }, (_none, index) => ({ op: "create", task: { title: `task ${index}` } })),
      ada,
    );
    assert.deepEqual([status, body.tasks.length, body.tasks[499]?.title], [200, 500, "task 499"]);
    const events = await taskflow.events(ada.userId);
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      Array.from({ length: 500 }, (_none, index) => index + 1),
    );
    assert.deepEqual(
      events.map(({ task }) => task.title),
      body.tasks.map(({ title }) => title),
      "in the order of the operations",
    );
    assert.equal(new Set(events.map(({ correlation_id }) => correlation_id)).size, 1);
    const { body: undone } = await ada.api<UndoAnswer>("POST", `/undo/${body.undo}`);
    assert.equal(undone.undone.length, 500);
    assert.equal((await ada.api<TaskList>("GET", "/tasks")).body.total, 0);
  });

  it("takes 500 full-length tasks", async () => {
    const task = { title: "t".repeat(255), description: "d".repeat(5_000) };
    assert.equal((await bulk(Array.from({ length: 500 }, () => ({ op: "create", task })))).status, 200);
  });

  it("of 0 or 501 operations is refused", async () => {
    for (const count of [0, 501]) {
      const answer = await bulk<Problem>(Array.from({ length: count }, () => ({ op: "create", task: { title: "x" } })));
      assert.deepEqual(fieldsOf(assertRefused(answer, 422, "validation")), ["operations"]);
    }
  });

  it("does operations in order, on the task as the one before left it", async () => {
    const id = randomUUID();
    const { status, body } = await bulk([
      { op: "create", task: { id, title: "one" } },
      { op: "update", id, patch: { title: "two" }, version: 1 },
      { op: "complete", id, version: 2 },
      { op: "delete", id },
      { op: "restore", id },
    ]);
    assert.deepEqual([status, body.tasks.length], [200, 1]);
    assert.deepEqual([body.tasks[0]?.title, body.tasks[0]?.version, body.tasks[0]?.status], ["two", 5, "completed"]);
    assert.deepEqual((await user.api<Task>("GET", `/tasks/${id}`)).body, body.tasks[0]);
  });

  it("that changes nothing answers so", async () => {
    const { id } = await add();
    const { body } = await bulk([
      { op: "reopen", id },
      { op: "update", id, patch: {} },
    ]);
    assert.deepEqual([body.undo, body.tasks[0]?.version], [null, 1]);
  });

  it("gathers warnings", async () => {
    const { body } = await bulk([
      { op: "create", task: { title: "x", due_date: "2020-01-01" } },
      { op: "create", task: { title: "y", due_date: "2020-01-01" } },
    ]);
    assert.deepEqual(body.warnings, ["due_date_in_past"]);
  });
});

describe("a bulk write that is refused", () => {
  const bad: readonly (readonly [what: string, operation: object, status: number, code: string, field?: string])[] = [
    ["a task that is not there", { op: "complete", id: randomUUID() }, 404, "not_found"],
    ["a blank title", { op: "create", task: { title: "   " } }, 422, "validation", "operations.1.title"],
    [
      "a bad due date",
      { op: "create", task: { title: "x", due_date: "soon" } },
      422,
      "validation",
      "operations.1.due_date",
    ],
    ["a title of the wrong type", { op: "create", task: { title: 7 } }, 422, "validation", "operations.1.task.title"],
    ["a missing title", { op: "create", task: {} }, 422, "validation", "operations.1.task.title"],
    ["a missing task", { op: "create" }, 422, "validation", "operations.1.task"],
    ["an unknown field", { op: "complete", id: randomUUID(), colour: "red" }, 422, "validation", "operations.1.colour"],
    ["an unknown operation", { op: "explode", id: randomUUID() }, 422, "validation", "operations.1.op"],
    ["no operation", {}, 422, "validation", "operations.1.op"],
    ["an id that is none", { op: "complete", id: "1" }, 422, "validation", "operations.1.id"],
  ];
  for (const [what, operation, status, code, field] of bad)
    it(`for ${what} did nothing, and names the operation`, async () => {
      const {
        body: { total },
      } = await user.api<TaskList>("GET", "/tasks?limit=1");
      const before = (await taskflow.events(user.userId)).length;
      const answer = await bulk<Problem>([{ op: "create", task: { title: "first" } }, operation]);
      const problem = assertRefused(answer, status, code as "validation");
      if (field === undefined) assert.equal(problem["operation" as keyof Problem], 1);
      else assert.deepEqual(fieldsOf(problem), [field]);
      assert.equal((await user.api<TaskList>("GET", "/tasks?limit=1")).body.total, total);
      assert.equal((await taskflow.events(user.userId)).length, before);
    });

  it("for a version says which operation, and gives the task as it is", async () => {
    const task = await add();
    const problem = assertRefused(
      await bulk<Problem>([
        { op: "create", task: { title: "first" } },
        { op: "update", id: task.id, patch: { title: "x" }, version: 7 },
      ]),
      412,
      "version_mismatch",
    );
    assert.deepEqual(
      [problem["operation" as keyof Problem], (problem["task" as keyof Problem] as unknown as Task).id],
      [1, task.id],
    );
  });

  it("for an id that is taken, by a task of another write or of this one", async () => {
    const { id } = await add();
    assertRefused(await bulk<Problem>([{ op: "create", task: { id, title: "x" } }]), 409, "conflict");
    const twice = randomUUID();
    const problem = assertRefused(
      await bulk<Problem>([
        { op: "create", task: { id: twice, title: "x" } },
        { op: "create", task: { id: twice, title: "y" } },
      ]),
      409,
      "conflict",
    );
    assert.equal(problem["operation" as keyof Problem], 1);
  });

  it("for someone else's task is a 404, and theirs stays", async () => {
    const other = await taskflow.client.register();
    const { body: theirs } = await other.api<WrittenTask>("POST", "/tasks", { title: "theirs" });
    assertRefused(await bulk<Problem>([{ op: "delete", id: theirs.id }]), 404, "not_found");
    assert.equal((await other.api<Task>("GET", `/tasks/${theirs.id}`)).body.version, 1);
  });
});

describe("bulk writes that cross", () => {
  it("over the same tasks are all done, or refused for a moment, and never half", async () => {
    const ids = (await Promise.all(Array.from({ length: 20 }, () => add()))).map(({ id }) => id);
    const writes = Array.from({ length: 8 }, (_none, index) => {
      const order = index % 2 === 0 ? ids : ids.toReversed();
      return bulk(order.map((id) => ({ op: "update", id, patch: { title: `by ${index}` } })));
    });
    const statuses = (await Promise.all(writes)).map(({ status }) => status);
    assert.ok(
      statuses.every((status) => status === 200 || status === 503),
      String(statuses),
    );
    const tasks = await Promise.all(ids.map((id) => user.api<Task>("GET", `/tasks/${id}`)));
    assert.equal(new Set(tasks.map(({ body }) => body.title)).size, 1, "the last one wrote all of them");
  });

  it("making the same ids in opposite order, by two users, end in a 409 for one", async () => {
    const other = await taskflow.client.register();
    for (let round = 0; round < 10; round += 1) {
      const ids = Array.from({ length: 40 }, () => randomUUID());
      const make = (order: readonly string[]) => order.map((id) => ({ op: "create", task: { id, title: "x" } }));
      const answers = await Promise.all([bulk(make(ids)), bulk(make(ids.toReversed()), other)]);
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409]);
    }
  });
});
