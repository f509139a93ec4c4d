import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import type { BulkAnswer, TaskList, UndoAnswer, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { housekeep } from "./housekeeping.ts";

let taskflow: TaskFlow;
let user: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  user = await taskflow.client.register();
});
after(() => taskflow.stop());

const withKey = (key: string = randomUUID()) => ({ "idempotency-key": key });
const total = async ({ api }: TestUser = user): Promise<number> =>
  (await api<TaskList>("GET", "/tasks?limit=1")).body.total;
const eventCount = async (): Promise<number> => (await taskflow.events(user.userId)).length;

describe("Idempotency-Key", () => {
  it("replays the first answer, its undo handle and headers included", async () => {
    const headers = withKey();
    const first = await user.api<WrittenTask>("POST", "/tasks", { title: "once" }, headers);
    await user.api("PATCH", `/tasks/${first.body.id}`, { title: "changed since" });
    const before = await eventCount();
    const again = await user.api<WrittenTask>("POST", "/tasks", { title: "once" }, headers);
    assert.deepEqual([again.status, again.body], [first.status, first.body]);
    for (const name of ["etag", "undo"]) assert.equal(again.headers.get(name), first.headers.get(name), name);
    assert.equal(await eventCount(), before);
  });

  it("with another body, path or order of words is a 422", async () => {
    const headers = withKey();
    const {
      body: { id },
    } = await user.api<WrittenTask>("POST", "/tasks", { title: "one" }, headers);
    assertRefused(await user.api<Problem>("POST", "/tasks", { title: "two" }, headers), 422, "idempotency_key_reused");
    assertRefused(
      await user.api<Problem>("POST", `/tasks/${id}/complete`, undefined, headers),
      422,
      "idempotency_key_reused",
    );
  });

  it("sent by many at once has one effect, and one answer for all", async () => {
    const before = await total();
    const headers = withKey();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => user.api<WrittenTask>("POST", "/tasks", { title: "race" }, headers)),
    );
    assert.ok(answers.every(({ status }) => status === 201));
    for (const { body } of answers) assert.deepEqual(body, answers[0]?.body);
    assert.equal(await total(), before + 1);
  });

  it("sent by many at once with different bodies lets one through", async () => {
    const before = await total();
    const headers = withKey();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_none, index) => user.api("POST", "/tasks", { title: `race ${index}` }, headers)),
    );
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, ...Array.from({ length: 7 }, () => 422)]);
    assert.equal(await total(), before + 1);
  });

  it("holds for commands, bulk and undo", async () => {
    const { body: task } = await user.api<WrittenTask>("POST", "/tasks", { title: "x" });
    const key = withKey();
    const done = await user.api<WrittenTask>("POST", `/tasks/${task.id}/complete`, undefined, key);
    await user.api("POST", `/tasks/${task.id}/reopen`);
    assert.deepEqual(
      (await user.api<WrittenTask>("POST", `/tasks/${task.id}/complete`, undefined, key)).body,
      done.body,
      "it is not completed a second time",
    );

    const bulkKey = withKey();
    const operations = [
      { op: "create", task: { title: "a" } },
      { op: "create", task: { title: "b" } },
    ];
    const bulk = await user.api<BulkAnswer>("POST", "/tasks/bulk", { operations }, bulkKey);
    assert.deepEqual((await user.api<BulkAnswer>("POST", "/tasks/bulk", { operations }, bulkKey)).body, bulk.body);

    const undoKey = withKey();
    const undone = await user.api<UndoAnswer>("POST", `/undo/${bulk.body.undo}`, undefined, undoKey);
    assert.equal(undone.status, 200);
    const again = await user.api<UndoAnswer>("POST", `/undo/${bulk.body.undo}`, undefined, undoKey);
    assert.deepEqual([again.status, again.body], [200, undone.body], "a repeated request is no second undo");
  });

  it("is bound to a request that changed nothing too", async () => {
    const {
      body: { id },
    } = await user.api<WrittenTask>("POST", "/tasks", { title: "x" });
    const key = withKey();
    const first = await user.api<WrittenTask>("POST", `/tasks/${id}/reopen`, undefined, key);
    await user.api("POST", `/tasks/${id}/complete`);
    assert.deepEqual((await user.api<WrittenTask>("POST", `/tasks/${id}/reopen`, undefined, key)).body, first.body);
    assertRefused(await user.api<Problem>("POST", "/tasks", { title: "x" }, key), 422, "idempotency_key_reused");
  });

  it("of a refused request is free again", async () => {
    const key = withKey();
    assertInvalid(await user.api<Problem>("POST", "/tasks", { title: "" }, key), "title");
    assert.equal((await user.api("POST", "/tasks", { title: "now right" }, key)).status, 201);
  });

  it("is the user's own: another user's same key is another key", async () => {
    const other = await taskflow.client.register();
    const key = withKey();
    const mine = await user.api<WrittenTask>("POST", "/tasks", { title: "same" }, key);
    const theirs = await other.api<WrittenTask>("POST", "/tasks", { title: "same" }, key);
    assert.notEqual(theirs.body.id, mine.body.id);
    assert.equal(theirs.body.user_id, other.userId);
  });

  it("has 1 to 255 characters", async () => {
    assertInvalid(
      await user.api<Problem>("POST", "/tasks", { title: "x" }, withKey("k".repeat(256))),
      "Idempotency-Key",
    );
    assertInvalid(await user.api<Problem>("POST", "/tasks", { title: "x" }, withKey("")), "Idempotency-Key");
    assert.equal((await user.api("POST", "/tasks", { title: "x" }, withKey("k".repeat(255)))).status, 201);
    assert.equal((await user.api("POST", "/tasks", { title: "x" }, withKey("';\\%é\"\u00ff"))).status, 201);
  });

  it("is forgotten after a day", async () => {
    const key = withKey();
    const first = await user.api<WrittenTask>("POST", "/tasks", { title: "old" }, key);
    await taskflow.query("UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = $1", [
      key["idempotency-key"],
    ]);
    await housekeep(taskflow);
    const second = await user.api<WrittenTask>("POST", "/tasks", { title: "old" }, key);
    assert.deepEqual([second.status, second.body.id === first.body.id], [201, false]);
  });
});
