import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TaskEvent } from "../../src/contract/event.ts";
import type { Task } from "../../src/contract/task.ts";
import { createLedger, judge, type Ledger, type Rest } from "./ledger.ts";

const task = (id: string, version: number): Task =>
  ({ id, version, user_id: "ada", title: `${id} ${version}`, completed: false }) as Task;
const event = (sequence: number, correlation_id: string, after: Task): TaskEvent =>
  ({
    sequence,
    correlation_id,
    event_type: "task.updated",
    user_id: "ada",
    task_id: after.id,
    task: after,
  }) as TaskEvent;

/** Two answered writes of one task, one refused and one open. */
const story = (): { ledger: Ledger; rest: Rest } => {
  const ledger = createLedger();
  for (const [correlation, states] of [
    ["first", [task("a", 1)]],
    ["second", [task("a", 2), task("b", 1)]],
  ] as const) {
    const write = ledger.begin("ada", states.length);
    write.tries.push(correlation);
    ledger.answer(write, states, false);
  }
  const refused = ledger.begin("ada", 1);
  refused.tries.push("refused");
  ledger.refuse(refused);
  ledger.begin("ada", 2).tries.push("open", "open again");
  const events = [event(1, "first", task("a", 1)), event(2, "second", task("a", 2)), event(3, "second", task("b", 1))];
  return { ledger, rest: { events, tasks: [task("a", 2), task("b", 1)], heads: new Map([["ada", 3]]), outbox: 0 } };
};

const verdict = (change: (rest: Rest) => Partial<Rest>): { lost: number; doubled: number; faults: number } => {
  const { ledger, rest } = story();
  const { lost, doubled, faults } = judge(ledger, { ...rest, ...change(rest) });
  return { lost, doubled, faults: faults.length };
};

describe("the judge of writes", () => {
  it("finds nothing where all is well, the open write made as a whole or not at all", () => {
    assert.deepEqual(
      verdict(() => ({})),
      { lost: 0, doubled: 0, faults: 0 },
    );
    const made = [event(4, "open again", task("c", 1)), event(5, "open again", task("c", 2))];
    assert.deepEqual(
      verdict(({ events, tasks }) => ({
        events: [...events, ...made],
        tasks: [...tasks, task("c", 2)],
        heads: new Map([["ada", 5]]),
      })),
      { lost: 0, doubled: 0, faults: 0 },
    );
  });

  it("finds a lost event, and the gap it leaves", () => {
    const { lost, faults } = verdict(({ events }) => ({ events: events.slice(0, 2) }));
    assert.equal(lost, 1);
    assert.ok(faults >= 2);
  });

  it("finds an event that is there twice, and one that nobody wrote", () => {
    assert.equal(verdict(({ events }) => ({ events: [...events, event(4, "first", task("a", 1))] })).doubled, 1);
    assert.equal(verdict(({ events }) => ({ events: [...events, event(4, "nobody", task("a", 3))] })).doubled, 1);
    assert.equal(verdict(({ events }) => ({ events: [...events, event(4, "refused", task("a", 3))] })).doubled, 1);
  });

  it("finds half a write", () => {
    assert.ok(
      verdict(({ events, tasks }) => ({
        events: [...events, event(4, "open", task("c", 1))],
        tasks: [...tasks, task("c", 1)],
        heads: new Map([["ada", 4]]),
      })).faults === 1,
    );
  });

  it("finds a task that is not what was answered, or not what its events say", () => {
    assert.ok(
      verdict(({ events }) => ({
        events: events.map((each) =>
          each.sequence === 3 ? event(3, "second", { ...task("b", 1), title: "other" }) : each,
        ),
      })).faults >= 1,
    );
    assert.ok(verdict(() => ({ tasks: [task("a", 1), task("b", 1)] })).faults === 1);
    assert.ok(verdict(({ tasks }) => ({ tasks: [...tasks, task("z", 1)] })).faults === 1);
    assert.ok(verdict(() => ({ tasks: [task("a", 2)] })).faults === 1);
  });

  it("finds a head that is elsewhere, and an outbox that does not drain", () => {
    assert.equal(verdict(() => ({ heads: new Map([["ada", 4]]) })).faults, 1);
    assert.equal(verdict(() => ({ outbox: 1 })).faults, 1);
  });
});
