import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import type { BulkAnswer, NewTask, Task, UndoAnswer, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { housekeep } from "./housekeeping.ts";

let taskflow: TaskFlow;
let user: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  user = await taskflow.client.register({ time_zone: "Europe/Rome" });
});
after(() => taskflow.stop());

const add = async (input: Partial<NewTask> = {}): Promise<WrittenTask> =>
  (await user.api<WrittenTask>("POST", "/tasks", { title: "Pay rent", ...input })).body;
const patch = async (id: string, fields: object): Promise<WrittenTask> =>
  (await user.api<WrittenTask>("PATCH", `/tasks/${id}`, fields)).body;
const readTask = async (id: string): Promise<Task> => (await user.api<Task>("GET", `/tasks/${id}`)).body;

const undo = async (handle: string | null): Promise<UndoAnswer> => {
  const { status, body } = await user.api<UndoAnswer>("POST", `/undo/${handle}`);
  assert.equal(status, 200);
  return body;
};

const contentOf = ({ version: _version, updated_at: _updatedAt, ...content }: Task): object => content;

describe("undo", () => {
  it("takes back a change, whatever it changed", async () => {
    const task = await add({ description: "x", due_date: "2999-01-01" });
    const before = await readTask(task.id);
    const changed = await patch(task.id, {
      title: "other",
      description: null,
      due_date: "2999-02-02T10:00",
      priority: "high",
      completed: true,
    });
    const answer = await undo(changed.undo);
    assert.deepEqual(answer.undone, [task.id]);
    assert.deepEqual(contentOf(await readTask(task.id)), contentOf(before));
    assert.deepEqual(answer.tasks, [await readTask(task.id)]);
  });

  it("takes back a creation into the trash, a deletion out of it, a completion", async () => {
    const task = await add();
    await undo(task.undo);
    assertRefused(await user.api<Problem>("GET", `/tasks/${task.id}`), 404, "not_found");

    const other = await add();
    const deleted = await user.api("DELETE", `/tasks/${other.id}`);
    await undo(deleted.headers.get("undo"));
    assert.equal((await readTask(other.id)).deleted_at, null);

    const done = await user.api<WrittenTask>("POST", `/tasks/${other.id}/complete`);
    await undo(done.body.undo);
    assert.deepEqual([(await readTask(other.id)).status, (await readTask(other.id)).completed_at], ["pending", null]);

    const trashed = await user.api("DELETE", `/tasks/${other.id}`);
    assert.equal(trashed.status, 204);
    const restored = await user.api<WrittenTask>("POST", `/tasks/${other.id}/restore`);
    await undo(restored.body.undo);
    assertRefused(await user.api<Problem>("GET", `/tasks/${other.id}`), 404, "not_found");
  });

  it("of an undo does it again, and so on", async () => {
    const task = await add({ title: "one" });
    let { undo: handle } = await patch(task.id, { title: "two" });
    for (const title of ["one", "two", "one", "two"]) {
      ({ undo: handle } = await undo(handle));
      assert.equal((await readTask(task.id)).title, title);
    }
  });

  it("is a write like any other: one event each, and a newer version", async () => {
    const ada = await taskflow.client.register();
    const { body: task } = await ada.api<WrittenTask>("POST", "/tasks", { title: "one" });
    const { body: changed } = await ada.api<WrittenTask>("PATCH", `/tasks/${task.id}`, { title: "two" });
    await ada.api("POST", `/undo/${changed.undo}`);
    const events = await taskflow.events(ada.userId);
    assert.deepEqual(
      events.map(({ sequence, event_type, task: { version, title } }) => [sequence, event_type, version, title]),
      [
        [1, "task.created", 1, "one"],
        [2, "task.updated", 2, "two"],
        [3, "task.updated", 3, "one"],
      ],
    );
  });

  it("takes back a whole bulk write as one", async () => {
    const [kept, dropped] = [await add({ title: "kept" }), await add({ title: "dropped" })];
    const operations = [
      { op: "create", task: { title: "new" } },
      { op: "update", id: kept.id, patch: { title: "renamed" } },
      { op: "complete", id: kept.id },
      { op: "delete", id: dropped.id },
    ];
    const { body: bulk } = await user.api<BulkAnswer>("POST", "/tasks/bulk", { operations });
    const made = bulk.tasks[0] as Task;
    const answer = await undo(bulk.undo);
    assert.deepEqual(answer.undone.toSorted(), [made.id, kept.id, dropped.id].toSorted());
    assert.deepEqual(
      [(await readTask(kept.id)).title, (await readTask(kept.id)).status, (await readTask(dropped.id)).title],
      ["kept", "pending", "dropped"],
    );
    assertRefused(await user.api<Problem>("GET", `/tasks/${made.id}`), 404, "not_found");

    await undo(answer.undo);
    assert.deepEqual(
      [(await readTask(kept.id)).title, (await readTask(kept.id)).status, (await readTask(made.id)).title],
      ["renamed", "completed", "new"],
    );
  });

  it("of three changes, the newest first, gives back the start; of the first alone leaves the others", async () => {
    const task = await add({ due_date: "2999-01-01", priority: "low" });
    const before = await readTask(task.id);
    const write = async () => [
      (await patch(task.id, { priority: "high" })).undo,
      (await patch(task.id, { due_date: "2999-02-02" })).undo,
      (await patch(task.id, { title: "Pay the rent" })).undo,
    ];
    for (const handle of (await write()).toReversed()) await undo(handle);
    assert.deepEqual(contentOf(await readTask(task.id)), contentOf(before));
    const [first = null] = await write();
    await undo(first);
    const { priority, due_date, title } = await readTask(task.id);
    assert.deepEqual([priority, due_date, title], ["low", "2999-02-02", "Pay the rent"]);
  });

  it("is refused when a field it changed is another now, naming each of these, and changes nothing", async () => {
    const task = await add({ title: "Walk the dog" });
    const changed = await patch(task.id, { title: "Walk", priority: "high", description: "at noon" });
    await patch(task.id, { title: "Walk the cat", description: "in the park", due_date: "2999-01-01" });
    const refused = await user.api<Problem>("POST", `/undo/${changed.undo}`);
    const problem = assertRefused(refused, 409, "undo_conflict");
    assert.equal(
      problem.detail,
      "“Walk the cat” (renamed, another description) has changed since, so nothing was undone",
    );
    assert.deepEqual(problem["changed" as keyof Problem], [task.id]);
    assert.deepEqual(problem["conflicts" as keyof Problem], [
      {
        id: task.id,
        title: "Walk the cat",
        fields: ["title", "description"],
        what: ["renamed", "another description"],
      },
    ]);
    const { version, priority } = await readTask(task.id);
    assert.deepEqual([version, priority], [3, "high"]);
  });

  it("can be undone itself after others have changed other fields", async () => {
    const task = await add({ title: "one" });
    const undone = await undo((await patch(task.id, { title: "two" })).undo);
    await patch(task.id, { priority: "high" });
    const redone = await undo(undone.undo);
    assert.deepEqual([redone.tasks[0]?.title, redone.tasks[0]?.priority], ["two", "high"]);
    const again = await undo(redone.undo);
    assert.deepEqual([again.tasks[0]?.title, again.tasks[0]?.priority], ["one", "high"]);
  });

  it("of a creation is refused for whatever was done to the task since", async () => {
    const task = await add({ title: "Walk the dog" });
    await patch(task.id, { description: "in the park" });
    const problem = assertRefused(await user.api<Problem>("POST", `/undo/${task.undo}`), 409, "undo_conflict");
    assert.equal(problem.detail, "“Walk the dog” (another description) has changed since, so nothing was undone");
  });

  it("of one reminder leaves the others", async () => {
    const task = await add({ due_date: "2999-01-01T09:00" });
    const remind = async (offset: string) =>
      (await user.api<WrittenTask>("POST", `/tasks/${task.id}/reminders`, { offset })).body.undo;
    const first = await remind("PT1H");
    await remind("P1D");
    await undo(first);
    assert.deepEqual(
      (await readTask(task.id)).reminders?.map(({ offset }) => offset),
      ["P1D"],
    );
  });

  it("of a bulk write is refused as a whole when what it did to one of its tasks was done otherwise since", async () => {
    const [one, two] = [await add(), await add({ title: "two" })];
    const operations = [
      { op: "complete", id: one.id },
      { op: "complete", id: two.id },
    ];
    const { body: bulk } = await user.api<BulkAnswer>("POST", "/tasks/bulk", { operations });
    await patch(two.id, { title: "three", completed: false });
    const problem = assertRefused(await user.api<Problem>("POST", `/undo/${bulk.undo}`), 409, "undo_conflict");
    assert.deepEqual(problem["changed" as keyof Problem], [two.id]);
    assert.equal((await readTask(one.id)).status, "completed");
  });

  it("works once, however often it is sent", async () => {
    const task = await add();
    const changed = await patch(task.id, { title: "other" });
    const answers = await Promise.all(Array.from({ length: 6 }, () => user.api("POST", `/undo/${changed.undo}`)));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409, 409, 409, 409, 409]);
    assertRefused(await user.api<Problem>("POST", `/undo/${changed.undo}`), 409, "undo_conflict");
  });

  it("of a change that took itself back works once too", async () => {
    const task = await add();
    const operations = [
      { op: "complete", id: task.id },
      { op: "reopen", id: task.id },
    ];
    const { body: bulk } = await user.api<BulkAnswer>("POST", "/tasks/bulk", { operations });
    const answer = await undo(bulk.undo);
    assert.deepEqual([answer.undone, answer.tasks, answer.undo], [[task.id], [], null]);
  });

  it("with a handle that no write gave is a 404", async () => {
    const foreign = [
      Buffer.from("1-99").toString("base64url"),
      Buffer.from("5000-5001").toString("base64url"),
      Buffer.from("1-1").toString("base64url"),
      "x",
      "0",
      "null",
      "%F0%9F%92%A5",
      "x".repeat(100),
    ];
    for (const handle of foreign) assertRefused(await user.api<Problem>("POST", `/undo/${handle}`), 404, "not_found");
  });

  it("of someone else's write is a 404, also where one has written at the same sequences oneself", async () => {
    const [ada, bob] = [await taskflow.client.register(), await taskflow.client.register()];
    const write = async ({ api }: TestUser) =>
      (await api<WrittenTask>("POST", "/tasks", { title: "written by oneself" })).body;
    const [hers, his] = [await write(ada), await write(bob)];
    assert.notEqual(hers.undo, his.undo);
    assertRefused(await ada.api<Problem>("POST", `/undo/${his.undo}`), 404, "not_found");
    assert.equal((await ada.api<Task>("GET", `/tasks/${hers.id}`)).status, 200);
    assert.equal((await bob.api<Task>("GET", `/tasks/${his.id}`)).status, 200);
  });

  it("is given again, the same, by a repeated request", async () => {
    const request = () =>
      user.api<WrittenTask>("POST", "/tasks", { title: "x" }, { "idempotency-key": "undo of a repeated request" });
    const [first, again] = [await request(), await request()];
    assert.equal(again.body.undo, first.body.undo);
    await undo(again.body.undo);
    assertRefused(await user.api<Problem>("GET", `/tasks/${first.body.id}`), 404, "not_found");
  });

  it("takes back what the user changed also after a move to another zone, and keeps that", async () => {
    const mover = await taskflow.client.register({ time_zone: "Europe/Rome" });
    const input = { title: "one", due_date: "2999-07-01T09:00", reminder_offset: "PT1H" };
    const { body: task } = await mover.api<WrittenTask>("POST", "/tasks", input);
    const operations = [
      { op: "update", id: task.id, patch: { title: "two" } },
      { op: "create", task: { title: "Water plants", due_date: "2999-07-01", recurrence_pattern: "daily" } },
    ];
    const { body: bulk } = await mover.api<BulkAnswer>("POST", "/tasks/bulk", { operations });
    await mover.api("PATCH", "/auth/me", { time_zone: "America/New_York", all_day_hour: 7 });
    const { status, body } = await mover.api<UndoAnswer>("POST", `/undo/${bulk.undo}`);
    assert.equal(status, 200, JSON.stringify(body));
    const { body: after } = await mover.api<Task>("GET", `/tasks/${task.id}`);
    assert.deepEqual(
      [after.title, after.due_at, after.reminders?.[0]?.remind_at],
      ["one", "2999-07-01T13:00:00.000Z", "2999-07-01T12:00:00.000Z"],
    );
    const { body: again } = await mover.api<UndoAnswer>("POST", `/undo/${body.undo}`);
    assert.equal(again.tasks.find(({ id }) => id === task.id)?.title, "two");
  });

  it("after the user moved puts the due date where the user is now", async () => {
    const mover = await taskflow.client.register({ time_zone: "Europe/Rome" });
    const { body: task } = await mover.api<WrittenTask>("POST", "/tasks", { title: "x", due_date: "2999-07-01T09:00" });
    const { body: cleared } = await mover.api<WrittenTask>("PATCH", `/tasks/${task.id}`, { due_date: null });
    await mover.api("PATCH", "/auth/me", { time_zone: "America/New_York" });
    const { body } = await mover.api<UndoAnswer>("POST", `/undo/${cleared.undo}`);
    assert.deepEqual(
      [body.tasks[0]?.due_date, body.tasks[0]?.due_at],
      ["2999-07-01T09:00", "2999-07-01T13:00:00.000Z"],
    );
  });

  it("of what was purged is a conflict", async () => {
    const task = await add({ title: "gone" });
    const deleted = await user.api("DELETE", `/tasks/${task.id}`);
    await taskflow.query("UPDATE tasks SET deleted_at = now() - interval '31 days' WHERE id = $1", [task.id]);
    await housekeep(taskflow);
    assertRefused(await user.api<Problem>("POST", `/undo/${deleted.headers.get("undo")}`), 409, "undo_conflict");
  });
});
