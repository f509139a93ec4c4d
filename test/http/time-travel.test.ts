import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import type { TaskEvent } from "../../src/contract/event.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { BulkAnswer, BulkOperation, Task, WrittenTask } from "../../src/contract/task.ts";
import type { KnownPast, ListRevertAnswer, TaskDiff, TaskDiffList } from "../../src/contract/time-travel.ts";
import { whole } from "../../src/domain/past.ts";
import { overdueAt } from "../../src/domain/task.ts";
import type { Answer, TestUser } from "../harness/client.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { housekeep } from "./housekeeping.ts";
import { add, change, list, moment, read, titles } from "./past.ts";

let taskflow: TaskFlow;
before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

describe("GET /tasks?as_of=", () => {
  it("answers the list as it was, with what was deleted or purged since and without what came later", async () => {
    const user = await taskflow.client.register();
    const [rent, milk, gone] = [
      await add(user, { title: "Pay rent", due_date: "2999-01-01" }),
      await add(user, { title: "Buy milk" }),
      await add(user, { title: "Old" }),
    ];
    await user.api("DELETE", `/tasks/${gone.id}`);
    const then = await moment();
    await change(user, rent.id, { title: "Pay the rent", due_date: "2999-02-02", priority: "high" });
    await user.api("POST", `/tasks/${milk.id}/complete`);
    await user.api("DELETE", `/tasks/${milk.id}`);
    await add(user, { title: "New" });
    const past = await list(user, `as_of=${then}&sort_by=title`);
    assert.deepEqual(
      past.map(({ title, status, priority, due_date, version }) => [title, status, priority, due_date, version]),
      [
        ["Buy milk", "pending", "medium", null, 1],
        ["Pay rent", "pending", "medium", "2999-01-01", 1],
      ],
    );
    assert.deepEqual(await titles(user, "sort_by=title"), ["New", "Pay the rent"]);
    assert.deepEqual(await titles(user, `as_of=${then}&status=deleted`), ["Old"]);
    assert.deepEqual(await titles(user, `as_of=${then}&status=completed`), []);
    assert.deepEqual(await titles(user, `as_of=${await moment()}&sort_by=title`), ["New", "Pay the rent"]);
  });

  it("has the filters, orders and pages of the list", async () => {
    const user = await taskflow.client.register();
    const operations: BulkOperation[] = Array.from({ length: 30 }, (_, index) => ({
      op: "create",
      task: {
        title: `task ${index % 7}`,
        priority: (["low", "medium", "high"] as const)[index % 3] ?? "low",
        completed: index % 4 === 0,
        ...(index % 5 === 0 ? {} : { due_date: `2999-01-${10 + (index % 20)}` }),
      },
    }));
    const { body } = await user.api<BulkAnswer>("POST", "/tasks/bulk", { operations });
    const queries = ["created_at", "due_date", "priority", "title", "completed_at"].flatMap((by) =>
      ["asc", "desc"].map((order) => `sort_by=${by}&sort_order=${order}&limit=7`),
    );
    const filters = [
      "",
      "&status=pending",
      "&status=completed",
      "&priority=high",
      "&status=pending&priority=low",
      "&due_date_start=2999-01-15&due_date_end=2999-01-30",
      "&kind=series",
      "&kind=all",
    ];
    const asked = queries.flatMap((query) => filters.map((filter) => query + filter));
    const before = new Map<string, string[]>();
    for (const query of asked)
      before.set(
        query,
        (await list(user, query)).map(({ id }) => id),
      );
    const then = await moment();
    await user.api("POST", "/tasks/bulk", {
      operations: body.tasks
        .filter((_, index) => index % 2 === 0)
        .map(({ id }) => ({
          op: "update",
          id,
          patch: { title: "changed", priority: "low", due_date: null, completed: true },
        })),
    });
    for (const query of asked)
      assert.deepEqual(
        (await list(user, `${query}&as_of=${then}`)).map(({ id }) => id),
        before.get(query),
        query,
      );
  });

  it("calls overdue what was so then, in the zone the user was in", async () => {
    const user = await taskflow.client.register({ time_zone: "Pacific/Kiritimati" });
    // Kiritimati is 14 hours ahead of UTC. What is today there in an hour is not over while the test runs.
    const dayThere = (hours: number): string =>
      new Date(Date.now() + (14 + hours) * 3_600_000).toISOString().slice(0, 10);
    await add(user, { title: "today, far east", due_date: dayThere(1) });
    await add(user, { title: "yesterday", due_date: dayThere(-24) });
    await add(user, { title: "an hour ago", due_date: new Date(Date.now() - 3_600_000).toISOString() });
    await add(user, { title: "in an hour", due_date: new Date(Date.now() + 3_600_000).toISOString() });
    const then = await moment();
    for (const { id } of await list(user, "status=pending")) await change(user, id, { due_date: "2001-01-01" });
    await user.api("PATCH", "/auth/me", { time_zone: "Pacific/Pago_Pago" });
    assert.deepEqual((await titles(user, `as_of=${then}&status=overdue`)).toSorted(), ["an hour ago", "yesterday"]);
    assert.equal((await list(user, "status=overdue")).length, 4);
  });

  it("is refused before the account was opened, says since when the past is known, and takes a moment to come for now", async () => {
    const user = await taskflow.client.register();
    await add(user, { title: "one" });
    const known = (await user.api<KnownPast>("GET", "/tasks/known-past")).body;
    assert.ok(known.since <= known.until);
    const refused = await read<Problem>(user, "/tasks?as_of=2001-01-01T00:00:00Z");
    assertInvalid(refused, "as_of");
    assert.equal((refused.body as unknown as { since: string }).since, known.since);
    assert.deepEqual(await titles(user, "as_of=2999-01-01T00:00:00Z"), ["one"]);
    for (const nonsense of ["yesterday", "2026-02-30T00:00:00Z", "2026-06-30T23:59:60Z", "2026-01-01"])
      assertInvalid(await read<Problem>(user, `/tasks?as_of=${nonsense}`), "as_of");
  });
});

describe("the past after events are no longer kept", () => {
  it("is known since the oldest that is, and is as it was before", async () => {
    const user = await taskflow.client.register();
    const [still, changed, deleted] = [
      await add(user, { title: "still" }),
      await add(user, { title: "changed", priority: "low", completed: true }),
      await add(user, { title: "deleted" }),
    ];
    const purged = await add(user, { title: "purged" });
    await moment();
    await change(user, changed.id, { title: "changed twice", completed: false });
    await moment();
    const mark = await add(user, { title: "mark" });
    const then = mark.created_at;
    await moment();
    await change(user, changed.id, { title: "changed again", priority: "high" });
    await user.api("POST", `/tasks/${changed.id}/complete`);
    await user.api("DELETE", `/tasks/${deleted.id}`);
    await user.api("DELETE", `/tasks/${purged.id}`);
    await taskflow.query("UPDATE tasks SET deleted_at = now() - interval '40 days' WHERE id = $1", [purged.id]);
    await housekeep(taskflow);
    const queries = ["", "&status=pending", "&status=completed", "&priority=low"].map(
      (query) => `as_of=${then}&sort_by=title${query}`,
    );
    const known = ({ updated_at: _updatedAt, ...task }: Task) => task;
    const before: object[][] = [];
    for (const query of queries) before.push((await list(user, query)).map(known));
    assert.deepEqual(
      before[0]?.map((task) => (task as Task).title),
      ["changed twice", "deleted", "mark", "purged", "still"],
    );
    await taskflow.query("DELETE FROM events WHERE user_id = $1 AND created_at < $2", [user.userId, new Date(then)]);
    for (const [index, query] of queries.entries())
      assert.deepEqual((await list(user, query)).map(known), before[index], query);
    for (const { id, title } of before[0] as Task[])
      assert.equal((await read(user, `/tasks/${id}?as_of=${then}`)).body.title, title);
    const refused = await read<Problem>(user, `/tasks/${still.id}?as_of=${still.created_at}`);
    assertInvalid(refused, "as_of");
    assert.equal((refused.body as unknown as { since: string }).since, then);
  });
});

describe("GET /tasks/{id}?as_of=", () => {
  it("answers the task as it was, and is not found where it was not there or in the trash", async () => {
    const user = await taskflow.client.register();
    await add(user, { title: "first" });
    const before = await moment();
    const task = await add(user, { title: "one", due_date: "2999-01-01T09:00", priority: "high" });
    const there = await moment();
    await user.api("DELETE", `/tasks/${task.id}`);
    const trashed = await moment();
    await user.api("POST", `/tasks/${task.id}/restore`);
    await change(user, task.id, { title: "two" });
    const { undo: _undo, warnings: _warnings, ...written } = task;
    const { status, body } = await read(user, `/tasks/${task.id}?as_of=${there}`);
    assert.deepEqual([status, whole(body)], [200, whole(written)]);
    assert.equal((await read(user, `/tasks/${task.id}?as_of=${await moment()}`)).body.title, "two");
    for (const then of [before, trashed])
      assertRefused(await read<Problem>(user, `/tasks/${task.id}?as_of=${then}`), 404, "not_found");
  });
});

describe("someone else's past", () => {
  it("is not there", async () => {
    const [owner, other] = [await taskflow.client.register(), await taskflow.client.register()];
    const from = await moment();
    const task = await add(owner, { title: "mine" });
    const [event] = await taskflow.events(owner.userId);
    const now = await moment();
    await change(owner, task.id, { title: "still mine" });
    assertRefused(await read<Problem>(other, `/tasks/${task.id}?as_of=${now}`), 404, "not_found");
    assertRefused(await read<Problem>(other, `/tasks/${task.id}/diff?from=${from}`), 404, "not_found");
    assertRefused(
      await other.api<Problem>("POST", `/tasks/${task.id}/revert`, { event_id: event?.event_id }),
      404,
      "not_found",
    );
    assertRefused(await other.api<Problem>("POST", `/tasks/${task.id}/revert`, { as_of: now }), 404, "not_found");
    assert.deepEqual(await titles(other, `as_of=${now}`), []);
    assert.deepEqual((await other.api<TaskDiffList>("GET", `/tasks/diff?from=${from}`)).body.tasks, []);
    assert.deepEqual((await other.api<ListRevertAnswer>("POST", "/tasks/revert", { as_of: from })).body.reverted, []);
    assert.deepEqual(await titles(owner, ""), ["still mine"]);
  });
});

describe("GET /tasks/{id}/diff and /tasks/diff", () => {
  it("say what became of tasks, the last changed first", async () => {
    const user = await taskflow.client.register();
    const [kept, renamed, lost, back] = [
      await add(user, { title: "kept" }),
      await add(user, { title: "renamed" }),
      await add(user, { title: "lost", priority: "high" }),
      await add(user, { title: "back" }),
    ];
    const from = await moment();
    const came = await add(user, { title: "came" });
    await change(user, renamed.id, { title: "new name", priority: "low" });
    await user.api("DELETE", `/tasks/${lost.id}`);
    await change(user, back.id, { title: "there" });
    await change(user, back.id, { title: "back" });
    const to = await moment();
    await change(user, kept.id, { title: "too late" });
    const { body } = await user.api<TaskDiffList>("GET", `/tasks/diff?from=${from}&to=${to}`);
    assert.deepEqual([body.from, body.to, body.next_cursor], [from, to, null]);
    assert.deepEqual(
      body.tasks.map(({ task_id, title, difference }) => [task_id, title, difference]),
      [
        [lost.id, "lost", "removed"],
        [renamed.id, "new name", "changed"],
        [came.id, "came", "added"],
      ],
    );
    const [removed, changed, added] = body.tasks;
    assert.deepEqual(changed?.changes, {
      title: { old: "renamed", new: "new name" },
      priority: { old: "medium", new: "low" },
    });
    assert.deepEqual(
      [removed?.changes["title"], removed?.changes["priority"]],
      [
        { old: "lost", new: null },
        { old: "high", new: null },
      ],
    );
    assert.deepEqual([added?.changes["title"], added?.changes["description"]], [{ old: null, new: "came" }, undefined]);
    for (const diff of body.tasks)
      assert.deepEqual(
        (await user.api<TaskDiff>("GET", `/tasks/${diff.task_id}/diff?from=${from}&to=${to}`)).body,
        diff,
      );
    assert.equal(
      (await user.api<TaskDiff>("GET", `/tasks/${kept.id}/diff?from=${from}&to=${to}`)).body.difference,
      "none",
    );
    assert.equal((await user.api<TaskDiff>("GET", `/tasks/${kept.id}/diff?from=${from}`)).body.title, "too late");
    assert.equal(
      (await user.api<TaskDiff>("GET", `/tasks/${came.id}/diff?from=${to}&to=${to}`)).body.difference,
      "none",
    );
  });

  it("go by pages, and refuse what is no span", async () => {
    const user = await taskflow.client.register();
    const from = await moment();
    await user.api("POST", "/tasks/bulk", {
      operations: Array.from({ length: 25 }, (_, index) => ({ op: "create", task: { title: `task ${index}` } })),
    });
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const { body }: { body: TaskDiffList } = await user.api<TaskDiffList>(
        "GET",
        `/tasks/diff?from=${from}&limit=10${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      seen.push(...body.tasks.map(({ title }) => title));
      cursor = body.next_cursor;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 25 }, (_, index) => `task ${24 - index}`),
    );
    assertInvalid(await read<Problem>(user, `/tasks/diff?from=${await moment()}&to=${from}`), "from");
    assertInvalid(await read<Problem>(user, "/tasks/diff?from=2001-01-01T00:00:00Z"), "from");
    assertInvalid(await read<Problem>(user, `/tasks/diff?from=${from}&limit=101`), "limit");
    assertRefused(await read<Problem>(user, `/tasks/diff?from=${from}&cursor=nonsense`), 400, "invalid_cursor");
    assertRefused(await read<Problem>(user, `/tasks/${uuidv7()}/diff?from=${from}`), 404, "not_found");
  });
});

describe("any sequence of writes", () => {
  const number = fc.nat(1_000);
  const title = fc.constantFrom("a", "b", "Ä", "“quoted”", "😀");
  const due = fc.constantFrom(null, "2026-01-01", "2999-01-01", "2999-01-01T09:00", "2026-01-01T00:00:00.000Z");
  const step = fc.oneof(
    fc.record({
      op: fc.constant("create" as const),
      title,
      due,
      priority: fc.constantFrom("low", "medium", "high"),
      repeats: fc.boolean(),
    }),
    fc.record({
      op: fc.constant("patch" as const),
      number,
      patch: fc.record({ title, priority: fc.constantFrom("low", "high"), due_date: due }, { requiredKeys: [] }),
    }),
    fc.record({
      op: fc.constantFrom(
        "complete" as const,
        "reopen" as const,
        "delete" as const,
        "restore" as const,
        "skip-occurrence" as const,
        "undo" as const,
      ),
      number,
    }),
  );
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

  /** Refusals are part of it: they write nothing. */
  const write = async (user: TestUser, steps: readonly Step[]): Promise<void> => {
    const ids: string[] = [];
    let undo: string | null = null;
    for (const one of steps) {
      const id = "number" in one ? (ids[one.number % Math.max(1, ids.length)] ?? uuidv7()) : "";
      const recurrence = one.op === "create" && one.repeats && one.due !== null ? { recurrence_pattern: "weekly" } : {};
      const { body }: Answer<WrittenTask> = await (one.op === "create"
        ? user.api<WrittenTask>("POST", "/tasks", {
            title: one.title,
            due_date: one.due,
            priority: one.priority,
            ...recurrence,
          })
        : one.op === "patch"
          ? user.api<WrittenTask>("PATCH", `/tasks/${id}`, one.patch)
          : one.op === "delete"
            ? user.api<WrittenTask>("DELETE", `/tasks/${id}`)
            : user.api<WrittenTask>("POST", one.op === "undo" ? `/undo/${undo}` : `/tasks/${id}/${one.op}`));
      if (one.op === "create")
        ids.push(
          body.id,
          ...(await list(user, "kind=task")).map((task) => task.id).filter((known) => !ids.includes(known)),
        );
      undo = body?.undo ?? undo;
    }
  };

  const replay = (events: readonly TaskEvent[], then: string): Task[] => {
    const last = new Map(events.filter(({ timestamp }) => timestamp <= then).map((event) => [event.task_id, event]));
    return [...last.values()]
      .filter((event) => !("purged_at" in event))
      .map(({ task }) => whole(task))
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  };
  const byId = (tasks: readonly Task[]): Task[] =>
    tasks.map(whole).toSorted((one, other) => (one.id < other.id ? -1 : 1));

  /** At every moment of a log: what the API says, and what the log says. */
  const pastOf = async (
    user: TestUser,
    events: readonly TaskEvent[],
  ): Promise<{ actual: object[]; expected: object[] }> => {
    const [actual, expected]: [object[], object[]] = [[], []];
    for (const at of new Set(events.map(({ timestamp }) => timestamp))) {
      const all = replay(events, at);
      const live = all.filter(({ deleted_at }) => deleted_at === null);
      const trashed = all.filter(
        ({ deleted_at, occurrence_outcome }) => deleted_at !== null && occurrence_outcome !== "withdrawn",
      );
      const overdue = live.filter(
        ({ completed, ...task }) =>
          !completed && (overdueAt({ ...task, completed }, "UTC") ?? Infinity) <= Date.parse(at),
      );
      expected.push({ at, live, trashed, overdue, first: live.slice(0, 2) });
      const asked = async (filter: string): Promise<Task[]> =>
        byId(await list(user, `as_of=${at}&kind=all&limit=100${filter}`));
      const first: Task[] = [];
      for (const { id } of live.slice(0, 2)) first.push(whole((await read(user, `/tasks/${id}?as_of=${at}`)).body));
      actual.push({
        at,
        live: await asked(""),
        trashed: await asked("&status=deleted"),
        overdue: await asked("&status=overdue"),
        first,
      });
    }
    return { actual, expected };
  };

  /** The recurring processor may still be at work: what it writes meanwhile changes the last moments. */
  const settledPastOf = async (user: TestUser): ReturnType<typeof pastOf> => {
    for (;;) {
      const events = await taskflow.events(user.userId);
      const found = await pastOf(user, events);
      if ((await taskflow.events(user.userId)).length === events.length) return found;
    }
  };

  it("has at every moment the past that its events up to then say", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const user = await taskflow.client.register();
        await write(user, steps);
        const { actual, expected } = await settledPastOf(user);
        assert.deepEqual(actual, expected);
      }),
      { numRuns: 10 },
    );
  });
});
