import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../src/contract/task.ts";
import type { Command, Operation } from "./operation.ts";
import {
  emptyReplica,
  enqueue,
  isNews,
  learn,
  refusedOperation,
  refusedTaskIds,
  refuse,
  settle,
  waitingCount,
  type Replica,
} from "./replica.ts";

const at = "2026-03-01T09:00:00.000Z";

const task = (fields: Partial<Task> = {}): Task => ({
  id: "a",
  user_id: "u",
  title: "Pay rent",
  description: null,
  status: "pending",
  completed: false,
  priority: "medium",
  due_date: null,
  due_at: null,
  version: 1,
  created_at: at,
  updated_at: at,
  completed_at: null,
  deleted_at: null,
  ...fields,
});

const operation = (id: string, command: Command): Operation => ({ id, at, userId: "u", command });
const title = (replica: Replica, id = "a"): string | undefined => replica.view.get(id)?.title;
const known = learn(emptyReplica, { tasks: [task()], sequence: 7 });

test("only a newer version is news", () => {
  assert.equal(isNews(undefined, task()), true);
  assert.equal(isNews(task({ version: 2 }), task({ version: 2 })), false);
  assert.equal(isNews(task({ version: 2 }), task({ version: 3 })), true);
});

test("an older task from any source changes nothing, and the sequence never goes back", () => {
  const newer = learn(known, { tasks: [task({ version: 3, title: "Pay the rent" })], sequence: 9 });
  const after = learn(newer, { tasks: [task({ version: 2, title: "Old" })], sequence: 8 });
  assert.equal(title(after), "Pay the rent");
  assert.equal(after.sequence, 9);
});

test("of a task told twice at once the newer counts, whatever the order", () => {
  const after = learn(known, { tasks: [task({ version: 3, title: "Newer" }), task({ version: 2, title: "Older" })] });
  assert.equal(title(after), "Newer");
});

test("a task gone for good leaves truth and view", () => {
  const after = learn(known, { tasks: [], gone: ["a"] });
  assert.equal(after.truth.size, 0);
  assert.equal(after.view.size, 0);
});

test("an operation shows at once and the truth stays", () => {
  const after = enqueue(known, operation("o1", { kind: "update", id: "a", patch: { title: "Pay late" } }));
  assert.equal(title(after), "Pay late");
  assert.equal(after.truth.get("a")?.title, "Pay rent");
  assert.equal(waitingCount(after), 1);
});

test("the same operation heard twice counts once", () => {
  const update = operation("o1", { kind: "update", id: "a", patch: { title: "Pay late" } });
  assert.equal(enqueue(enqueue(known, update), update).queue.length, 1);
});

test("news from elsewhere goes below what the user did", () => {
  const mine = enqueue(known, operation("o1", { kind: "update", id: "a", patch: { title: "Mine" } }));
  const after = learn(mine, { tasks: [task({ version: 2, title: "Theirs", priority: "high" })] });
  assert.equal(title(after), "Mine");
  assert.equal(after.view.get("a")?.priority, "high");
});

test("operations on one task apply in order, and settle one by one without a flicker", () => {
  let replica = enqueue(known, operation("o1", { kind: "update", id: "a", patch: { title: "One" } }));
  replica = enqueue(replica, operation("o2", { kind: "update", id: "a", patch: { title: "Two" } }));
  replica = settle(replica, "o1", { tasks: [task({ version: 2, title: "One" })] });
  assert.equal(title(replica), "Two");
  replica = settle(replica, "o2", { tasks: [task({ version: 3, title: "Two" })] });
  assert.equal(title(replica), "Two");
  assert.equal(replica.queue.length, 0);
});

test("a task made here is there at once and becomes the server's", () => {
  let replica = enqueue(emptyReplica, operation("o1", { kind: "create", task: { id: "b", title: "  Buy milk " } }));
  assert.equal(title(replica, "b"), "Buy milk");
  assert.equal(replica.view.get("b")?.version, 0);
  replica = settle(replica, "o1", { tasks: [task({ id: "b", title: "Buy milk" })] });
  assert.equal(replica.view.get("b")?.version, 1);
});

test("completing sets status, boolean and moment; reopening clears them", () => {
  const completed = enqueue(known, operation("o1", { kind: "complete", id: "a" }));
  assert.deepEqual(pick(completed), { status: "completed", completed: true, completed_at: at });
  const reopened = enqueue(completed, operation("o2", { kind: "reopen", id: "a" }));
  assert.deepEqual(pick(reopened), { status: "pending", completed: false, completed_at: null });
});

test("skipping closes an occurrence without completing it, and reopening forgets the skip", () => {
  const skipped = enqueue(known, operation("o1", { kind: "skip", id: "a" }));
  assert.deepEqual(pick(skipped), { status: "completed", completed: true, completed_at: at });
  assert.equal(skipped.view.get("a")?.occurrence_outcome, "skipped");
  const reopened = enqueue(skipped, operation("o2", { kind: "reopen", id: "a" }));
  assert.deepEqual([reopened.view.get("a")?.completed, reopened.view.get("a")?.occurrence_outcome], [false, null]);
  const done = enqueue(known, operation("o1", { kind: "complete", id: "a" }));
  assert.equal(
    enqueue(done, operation("o2", { kind: "skip", id: "a" })).view.get("a")?.occurrence_outcome,
    undefined,
    "what is done is not skipped",
  );
});

test("a detached occurrence is a task of its own", () => {
  const detached = enqueue(known, operation("o1", { kind: "bulk", operations: [{ op: "detach", id: "a" }] }));
  assert.equal(detached.view.get("a")?.occurrence_outcome, "detached");
});

const pick = (replica: Replica) => {
  const { status, completed, completed_at } = replica.view.get("a") ?? task();
  return { status, completed, completed_at };
};

test("deleting moves to the trash and restoring brings back", () => {
  const deleted = enqueue(known, operation("o1", { kind: "delete", id: "a" }));
  assert.equal(deleted.view.get("a")?.deleted_at, at);
  assert.equal(enqueue(deleted, operation("o2", { kind: "restore", id: "a" })).view.get("a")?.deleted_at, null);
});

test("a bulk command changes every task it names", () => {
  const two = learn(known, { tasks: [task({ id: "b" })] });
  const after = enqueue(
    two,
    operation("o1", {
      kind: "bulk",
      operations: [
        { op: "complete", id: "a" },
        { op: "update", id: "b", patch: { priority: "low" } },
        { op: "create", task: { id: "c", title: "New" } },
      ],
    }),
  );
  assert.equal(after.view.get("a")?.completed, true);
  assert.equal(after.view.get("b")?.priority, "low");
  assert.equal(title(after, "c"), "New");
});

test("undoing shows what was before, at once: also that there was nothing", () => {
  const made = enqueue(known, operation("o1", { kind: "create", task: { id: "b", title: "New" } }));
  const after = enqueue(made, operation("o2", { kind: "undo", of: "o1", before: [{ id: "b", task: null }] }));
  assert.equal(after.view.has("b"), false);
});

test("a refused change is taken back, says why, and keeps the text", () => {
  let replica = enqueue(known, operation("o1", { kind: "update", id: "a", patch: { title: "x".repeat(300) } }));
  replica = refuse(replica, "o1", { code: "validation", message: "too long" });
  assert.equal(title(replica), "Pay rent");
  assert.equal(waitingCount(replica), 0);
  const refused = refusedOperation(replica, "a");
  assert.equal(refused?.refusal?.message, "too long");
  assert.equal(refused?.command.kind === "update" && refused.command.patch.title?.length, 300);
  assert.deepEqual([...refusedTaskIds(replica.queue)], ["a"]);
  assert.equal(refusedOperation(settle(replica, "o1"), "a"), undefined);
  assert.equal(refusedTaskIds(settle(replica, "o1").queue).size, 0);
});

test("a task the server refused to make keeps its row", () => {
  const made = enqueue(emptyReplica, operation("o1", { kind: "create", task: { id: "b", title: "New" } }));
  assert.equal(title(refuse(made, "o1", { code: "validation", message: "no" }), "b"), "New");
});

test("a change of a task that is gone shows nothing", () => {
  const after = enqueue(emptyReplica, operation("o1", { kind: "update", id: "a", patch: { title: "x" } }));
  assert.equal(after.view.has("a"), false);
});
