import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { v7 as uuidv7 } from "uuid";
import type { TaskEvent } from "../../src/contract/event.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { WrittenTask } from "../../src/contract/task.ts";
import type { ListRevertAnswer } from "../../src/contract/time-travel.ts";
import type { TestUser } from "../harness/client.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { housekeep } from "./housekeeping.ts";
import { add, change, list, moment, read, titles } from "./past.ts";

let taskflow: TaskFlow;
before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

const revert = <Body = WrittenTask>(user: TestUser, id: string, body: object, headers: Record<string, string> = {}) =>
  user.api<Body>("POST", `/tasks/${id}/revert`, body, headers);
const lastEvent = async (user: TestUser): Promise<TaskEvent> => {
  const event = (await taskflow.events(user.userId)).at(-1);
  assert.ok(event);
  return event;
};

describe("POST /tasks/{id}/revert of one change", () => {
  it("gives the changed fields their old values and leaves the others; it can be undone", async () => {
    const user = await taskflow.client.register();
    const task = await add(user, { title: "one", description: "old" });
    await change(user, task.id, { title: "two", description: "new" });
    const event = await lastEvent(user);
    await change(user, task.id, { priority: "high" });
    const { status, body } = await revert(user, task.id, { event_id: event.event_id }, { "idempotency-key": "once" });
    assert.deepEqual(
      [status, body.title, body.description, body.priority, body.version],
      [200, "one", "old", "high", 4],
    );
    assert.deepEqual(
      (await revert(user, task.id, { event_id: event.event_id }, { "idempotency-key": "once" })).body.version,
      4,
    );
    assert.deepEqual((await lastEvent(user)).changes, {
      title: { old: "two", new: "one" },
      description: { old: "new", new: "old" },
    });
    assert.equal((await user.api("POST", `/undo/${body.undo}`)).status, 200);
    assert.equal((await read(user, `/tasks/${task.id}`)).body.title, "two");
  });

  it("names the fields that have changed since, and takes them back by force", async () => {
    const user = await taskflow.client.register();
    const task = await add(user, { title: "one", due_date: "2999-01-01", priority: "low" });
    await change(user, task.id, { title: "two", due_date: "2999-02-02", priority: "high" });
    const { event_id } = await lastEvent(user);
    await change(user, task.id, { title: "three", due_date: "2999-03-03" });
    const refused = await revert<Problem>(user, task.id, { event_id });
    assertRefused(refused, 409, "revert_conflict");
    assert.deepEqual((refused.body as unknown as { fields: string[] }).fields.toSorted(), ["due_date", "title"]);
    const { body } = await revert(user, task.id, { event_id, force: true });
    assert.deepEqual(
      [body.title, body.due_date, body.due_at?.slice(0, 10), body.priority],
      ["one", "2999-01-01", "2999-01-01", "low"],
    );
  });

  it("takes back a completion, a deletion, a restore and a creation", async () => {
    const user = await taskflow.client.register();
    const task = await add(user, { title: "one" });
    const created = await lastEvent(user);
    await user.api("POST", `/tasks/${task.id}/complete`);
    assert.equal((await revert(user, task.id, { event_id: (await lastEvent(user)).event_id })).body.completed, false);
    await user.api("DELETE", `/tasks/${task.id}`);
    const deletion = await lastEvent(user);
    assert.equal((await revert(user, task.id, { event_id: deletion.event_id })).body.deleted_at, null);
    await revert(user, task.id, { event_id: (await lastEvent(user)).event_id });
    assertRefused(await read<Problem>(user, `/tasks/${task.id}`), 404, "not_found");
    await user.api("POST", `/tasks/${task.id}/restore`);
    assert.notEqual((await revert(user, task.id, { event_id: created.event_id })).body.deleted_at, null);
    assert.deepEqual(await titles(user, "status=deleted"), ["one"]);
  });

  it("refuses another version, an event of another task, and a body that says nothing or both", async () => {
    const user = await taskflow.client.register();
    const [task, other] = [await add(user, { title: "one" }), await add(user, { title: "other" })];
    const { event_id } = await lastEvent(user);
    assertRefused(await revert<Problem>(user, other.id, { event_id }, { "if-match": '"7"' }), 412, "version_mismatch");
    assertRefused(await revert<Problem>(user, task.id, { event_id }), 404, "not_found");
    assertRefused(await revert<Problem>(user, task.id, { event_id: uuidv7() }), 404, "not_found");
    for (const body of [{}, { event_id, as_of: await moment() }, { force: true }])
      assertInvalid(await revert<Problem>(user, task.id, body), "event_id");
  });
});

describe("POST /tasks/{id}/revert to a moment", () => {
  it("makes the task what it was, out of the trash too, as one change that can be undone", async () => {
    const user = await taskflow.client.register();
    const task = await add(user, { title: "one", due_date: "2999-01-01", priority: "low" });
    const then = await moment();
    await change(user, task.id, { title: "two", due_date: null, priority: "high" });
    await user.api("POST", `/tasks/${task.id}/complete`);
    await user.api("DELETE", `/tasks/${task.id}`);
    const { status, body } = await revert(user, task.id, { as_of: then });
    assert.deepEqual(
      [status, body.title, body.due_date, body.priority, body.completed, body.deleted_at, body.version],
      [200, "one", "2999-01-01", "low", false, null, 5],
    );
    assert.equal((await revert(user, task.id, { as_of: then })).body.undo, null, "nothing is left to change");
    await user.api("POST", `/undo/${body.undo}`);
    assert.deepEqual(await titles(user, "status=deleted"), ["two"]);
  });

  it("leaves what it moves to the trash there for the usual time", async () => {
    const user = await taskflow.client.register();
    const task = await add(user, { title: "one" });
    await user.api("DELETE", `/tasks/${task.id}`);
    const then = await moment();
    await user.api("POST", `/tasks/${task.id}/restore`);
    const { body } = await revert(user, task.id, { as_of: then });
    assert.ok((body.deleted_at ?? "") > then);
  });

  it("is not found for a moment when there was no task", async () => {
    const user = await taskflow.client.register();
    await add(user, { title: "first" });
    const before = await moment();
    const task = await add(user, { title: "one" });
    assertRefused(await revert<Problem>(user, task.id, { as_of: before }), 404, "not_found");
  });
});

describe("POST /tasks/revert", () => {
  it("makes the whole list what it was, as one write that can be undone", async () => {
    const user = await taskflow.client.register();
    const [renamed, done, lost, series] = [
      await add(user, { title: "renamed" }),
      await add(user, { title: "done" }),
      await add(user, { title: "lost" }),
      await add(user, { title: "series", due_date: "2999-01-01", recurrence_pattern: "daily" }),
    ];
    const shown = async () =>
      (await list(user, "kind=all&sort_by=title")).map(({ title, status, occurrence_date, priority }) => [
        title,
        status,
        occurrence_date,
        priority,
      ]);
    const before = await shown();
    const then = await moment();
    await change(user, renamed.id, { title: "new name" });
    await user.api("POST", `/tasks/${done.id}/complete`);
    await user.api("DELETE", `/tasks/${lost.id}`);
    await change(user, series.id, { title: "another series", priority: "high" });
    await user.api("POST", `/tasks/${series.id}/complete`);
    await add(user, { title: "new" });
    await until("the next occurrence to be there", async () =>
      (await shown()).some(([, , date]) => date === "2999-01-02"),
    );
    const after = await shown();
    const { status, body } = await user.api<ListRevertAnswer>("POST", "/tasks/revert", { as_of: then });
    assert.equal(status, 200);
    assert.deepEqual(await shown(), before);
    assert.deepEqual(body.purged, []);
    assert.equal((await user.api("POST", `/undo/${body.undo}`)).status, 200);
    assert.deepEqual(await shown(), after);
  });

  it("names what left the trash for good, and refuses more than 500 tasks", async () => {
    const user = await taskflow.client.register();
    const [gone, kept] = [await add(user, { title: "gone" }), await add(user, { title: "kept" })];
    const then = await moment();
    await user.api("DELETE", `/tasks/${gone.id}`);
    await change(user, kept.id, { title: "changed" });
    await taskflow.query("UPDATE tasks SET deleted_at = now() - interval '40 days' WHERE id = $1", [gone.id]);
    await housekeep(taskflow);
    const { body } = await user.api<ListRevertAnswer>("POST", "/tasks/revert", { as_of: then });
    assert.deepEqual([body.reverted, body.purged], [[kept.id], [gone.id]]);
    for (const part of [0, 1])
      await user.api("POST", "/tasks/bulk", {
        operations: Array.from({ length: 251 }, (_, index) => ({ op: "create", task: { title: `${part} ${index}` } })),
      });
    assertInvalid(await user.api<Problem>("POST", "/tasks/revert", { as_of: then }), "as_of");
  });
});
