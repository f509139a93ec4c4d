import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import type { BulkAnswer, NewTask, Task, TaskList, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { moment } from "./past.ts";

let taskflow: TaskFlow;
before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

const sorts = ["due_date", "priority", "created_at", "completed_at", "title"] as const;
const orders = ["asc", "desc"] as const;

const addAll = async (user: TestUser, tasks: readonly NewTask[]): Promise<Task[]> => {
  const { status, body } = await user.api<BulkAnswer>("POST", "/tasks/bulk", {
    operations: tasks.map((task) => ({ op: "create", task })),
  });
  assert.equal(status, 200);
  return body.tasks;
};

const page = async (user: TestUser, query: string): Promise<TaskList> => {
  const { status, body } = await user.api<TaskList>("GET", `/tasks?${query}`);
  assert.equal(status, 200, query);
  return body;
};

/** Every page of a list. */
const walk = async (user: TestUser, query: string): Promise<{ tasks: Task[]; totals: number[] }> => {
  const tasks: Task[] = [];
  const totals: number[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const {
      tasks: found,
      total,
      next_cursor,
    }: TaskList = await page(user, `${query}${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);
    tasks.push(...found);
    totals.push(total);
    cursor = next_cursor;
  }
  return { tasks, totals };
};

/** Values that repeat, are missing, and are ordered otherwise by bytes than by people. */
const variedTask = (index: number): NewTask => ({
  title:
    ["Émile", "zebra", "Apple", "apple", "ÄPFEL", "10", "9", "日本", "🎉 party", "a'b%_\\"][index % 10] +
    (index % 3 === 0 ? "" : ` ${index % 7}`),
  priority: (["low", "medium", "high"] as const)[index % 3] ?? "low",
  ...(index % 4 === 0 ? {} : { due_date: `2999-0${1 + (index % 9)}-1${index % 5}` }),
  completed: index % 5 === 0,
});

describe("every order of 1,000 tasks", () => {
  let user: TestUser;
  let ids: string[];

  before(async () => {
    user = await taskflow.client.register();
    for (let part = 0; part < 10; part += 1)
      await addAll(
        user,
        Array.from({ length: 100 }, (_none, index) => variedTask(part * 100 + index)),
      );
    ids = (await taskflow.query<{ id: string }>("SELECT id FROM tasks WHERE user_id = $1", [user.userId]))
      .map(({ id }) => id)
      .toSorted();
    assert.equal(ids.length, 1_000);
  });

  for (const sort of sorts)
    for (const order of orders)
      it(`by ${sort} ${order} is paged without a gap or a repeat, while others write`, async () => {
        const others = await taskflow.client.register();
        const mine = await user.api<WrittenTask>("POST", "/tasks", { title: "comes and goes" });
        const noise = noisyWriter(others, user, mine.body.id);
        const { tasks } = await walk(user, `sort_by=${sort}&sort_order=${order}&limit=97`);
        await noise.stop();
        await user.api("DELETE", `/tasks/${mine.body.id}`);
        const seen = tasks.map(({ id }) => id).filter((id) => id !== mine.body.id);
        assert.equal(new Set(seen).size, seen.length, "no repeat");
        assert.deepEqual(seen.toSorted(), ids, "no gap");
      });

  it("is the order it says", async () => {
    const rank = { low: 0, medium: 1, high: 2 };
    const far = "9999";
    const keys: Record<(typeof sorts)[number], (task: Task) => string | number> = {
      due_date: ({ due_at }) => due_at ?? far,
      completed_at: ({ completed_at }) => completed_at ?? far,
      created_at: ({ created_at }) => created_at,
      priority: ({ priority }) => rank[priority],
      title: () => 0,
    };
    for (const sort of sorts) {
      const { tasks, totals } = await walk(user, `sort_by=${sort}&sort_order=asc&limit=100`);
      assert.deepEqual(
        totals,
        Array.from({ length: 10 }, () => 1_000),
      );
      const values = tasks.map(keys[sort]);
      assert.deepEqual(
        values,
        values.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0)),
        sort,
      );
      const { tasks: backwards } = await walk(user, `sort_by=${sort}&sort_order=desc&limit=100`);
      const isMissing = (task: Task): boolean => keys[sort](task) === far;
      assert.deepEqual(
        backwards.map(({ id }) => id),
        [...tasks.filter((task) => !isMissing(task)).toReversed(), ...tasks.filter(isMissing).toReversed()].map(
          ({ id }) => id,
        ),
        `${sort}: what has no such instant is last in either order`,
      );
    }
  });

  it("by title is that of people, in any language, with numbers by their value", async () => {
    const { tasks } = await walk(user, "sort_by=title&limit=100");
    const people = new Intl.Collator("und", { numeric: true });
    const folded = tasks.map(({ title }) => title.toLowerCase());
    assert.deepEqual(folded, folded.toSorted(people.compare));
  });

  it("has a usual direction: the newest, the soonest, the most urgent, A to Z", async () => {
    const usual = { created_at: "desc", due_date: "asc", priority: "desc", title: "asc", completed_at: "desc" };
    for (const [sort, order] of Object.entries(usual))
      assert.deepEqual(await page(user, `sort_by=${sort}`), await page(user, `sort_by=${sort}&sort_order=${order}`));
    assert.deepEqual(await page(user, ""), await page(user, "sort_by=created_at&sort_order=desc&limit=50&status=all"));
  });

  it("refuses the cursor of another order", async () => {
    for (const sort of sorts)
      for (const order of orders) {
        const { next_cursor } = await page(user, `sort_by=${sort}&sort_order=${order}&limit=3`);
        const other = sort === "title" ? "created_at" : "title";
        for (const query of [
          `sort_by=${other}&sort_order=${order}`,
          `sort_by=${sort}&sort_order=${order === "asc" ? "desc" : "asc"}`,
        ])
          assertRefused(await user.api<Problem>("GET", `/tasks?${query}&cursor=${next_cursor}`), 400, "invalid_cursor");
      }
  });

  it("gives someone else's cursor nothing of theirs", async () => {
    const { next_cursor } = await page(user, "limit=3");
    const other = await taskflow.client.register();
    assert.deepEqual(await page(other, `limit=3&cursor=${next_cursor}`), { tasks: [], total: 0, next_cursor: null });
  });
});

describe("titles", () => {
  const ordered = [
    "🎉 party",
    "9",
    "10",
    "Äpfel",
    "apple",
    "éclair",
    "Eclipse",
    "Émile",
    "Task 2",
    "task 10",
    "Zoë",
    "Ωmega",
    "日本",
  ];

  it("are in order by every size of page, now and as they were", async () => {
    const user = await taskflow.client.register();
    await addAll(
      user,
      ordered.toSorted().map((title) => ({ title })),
    );
    const then = await moment();
    for (const limit of [1, 2, 5, 100])
      for (const asOf of ["", `&as_of=${then}`])
        for (const [order, expected] of [
          ["asc", ordered],
          ["desc", ordered.toReversed()],
        ] as const) {
          const { tasks } = await walk(user, `sort_by=title&sort_order=${order}&limit=${limit}${asOf}`);
          assert.deepEqual(
            tasks.map(({ title }) => title),
            expected,
          );
        }
  });
});

/** Writes all the time, of another user and of one task that the reader may or may not see. */
const noisyWriter = (others: TestUser, reader: TestUser, id: string): { stop(): Promise<void> } => {
  const stopped = new AbortController();
  const written = (async () => {
    for (let index = 0; !stopped.signal.aborted; index += 1) {
      await others.api("POST", "/tasks", variedTask(index));
      await reader.api("PATCH", `/tasks/${id}`, { ...variedTask(index), title: `noise ${index}` });
    }
  })();
  return {
    stop() {
      stopped.abort();
      return written;
    },
  };
};

describe("the total", () => {
  const add = (user: TestUser, count: number) =>
    addAll(
      user,
      Array.from({ length: count }, () => ({ title: "x", priority: "high" as const })),
    );

  it("is counted for a first page and stands for the pages after it, whatever their order of parameters and size", async () => {
    const user = await taskflow.client.register();
    await add(user, 4);
    const first = await page(user, "limit=1&priority=high&sort_by=title");
    await add(user, 2);
    const second = await page(user, `sort_by=title&priority=high&limit=2&status=all&cursor=${first.next_cursor}`);
    assert.deepEqual(
      [first.total, second.total, (await page(user, `priority=high&sort_by=title&cursor=${second.next_cursor}`)).total],
      [4, 4, 4],
    );
    assert.equal((await page(user, "limit=1")).total, 6);
  });

  it("is counted again when the cursor is used with another filter", async () => {
    const user = await taskflow.client.register();
    await add(user, 4);
    const { next_cursor } = await page(user, "limit=1");
    for (const [filter, total] of [
      ["status=completed", 0],
      ["priority=low", 0],
      ["kind=series", 0],
      ["kind=all", 4],
    ] as const)
      assert.equal((await page(user, `${filter}&cursor=${next_cursor}`)).total, total, filter);
    const then = await moment();
    await add(user, 1);
    assert.equal((await page(user, `as_of=${then}&cursor=${next_cursor}`)).total, 4);
    assert.equal((await page(user, `cursor=${(await page(user, "limit=1")).next_cursor}&as_of=${then}`)).total, 4);
  });
});

describe("the limit", () => {
  it("is 1 to 100; more is a 422 and no silent cut", async () => {
    const user = await taskflow.client.register();
    for (const limit of ["0", "101", "-1", "1.5", "x", "", "1e9"])
      assertInvalid(await user.api<Problem>("GET", `/tasks?limit=${limit}`), "limit");
    await addAll(
      user,
      Array.from({ length: 101 }, () => ({ title: "x" })),
    );
    const full = await page(user, "limit=100");
    assert.deepEqual([full.tasks.length, full.total, full.next_cursor === null], [100, 101, false]);
  });

  it("ends the list without an empty page", async () => {
    const user = await taskflow.client.register();
    await addAll(user, [{ title: "a" }, { title: "b" }]);
    assert.equal((await page(user, "limit=2")).next_cursor, null);
    assert.notEqual((await page(user, "limit=1")).next_cursor, null);
  });
});

describe("filters", () => {
  let user: TestUser;
  const titles = async (query: string): Promise<string[]> =>
    (await walk(user, `${query}&limit=100`)).tasks.map(({ title }) => title).toSorted();

  before(async () => {
    user = await taskflow.client.register({ time_zone: "Pacific/Auckland" });
    await addAll(user, [
      { title: "undated" },
      { title: "overdue day", due_date: "2020-01-01" },
      { title: "overdue time", due_date: "2020-01-01T09:00", priority: "high" },
      { title: "overdue instant", due_date: "2020-01-01T09:00:00Z" },
      { title: "overdue but done", due_date: "2020-01-01", completed: true },
      { title: "coming", due_date: "2999-06-15", priority: "high" },
      { title: "coming at nine", due_date: "2999-06-15T09:00" },
      { title: "coming at noon UTC", due_date: "2999-06-15T12:00:00Z" },
    ]);
  });

  it("by status", async () => {
    assert.equal((await titles("status=all")).length, 8);
    assert.deepEqual(await titles("status=completed"), ["overdue but done"]);
    assert.deepEqual(await titles("status=overdue"), ["overdue day", "overdue instant", "overdue time"]);
    assert.equal((await titles("status=pending")).length, 7);
  });

  it("by priority, together with all others", async () => {
    assert.deepEqual(await titles("priority=high"), ["coming", "overdue time"]);
    assert.deepEqual(await titles("priority=high&status=overdue"), ["overdue time"]);
    assert.deepEqual(await titles("priority=high&status=overdue&due_date_start=2021-01-01"), []);
  });

  it("by the days of the user: noon UTC is the next day in Auckland", async () => {
    assert.deepEqual(await titles("due_date_start=2999-06-15&due_date_end=2999-06-15"), ["coming", "coming at nine"]);
    assert.deepEqual(await titles("due_date_start=2999-06-16&due_date_end=2999-06-16"), ["coming at noon UTC"]);
  });

  it("by times and instants, both ends included", async () => {
    assert.deepEqual(await titles("due_date_start=2999-06-15T09:00&due_date_end=2999-06-15T09:00"), ["coming at nine"]);
    assert.deepEqual(await titles("due_date_start=2999-06-15T12:00:00Z&due_date_end=2999-06-15T12:00:00Z"), [
      "coming at noon UTC",
    ]);
    assert.deepEqual(await titles("due_date_end=2020-01-01T08:59"), ["overdue but done", "overdue day"]);
  });

  it("names the one it refuses", async () => {
    const bad = {
      status: "open",
      priority: "urgent",
      sort_by: "colour",
      sort_order: "up",
      due_date_start: "tomorrow",
      due_date_end: "2026-02-30",
      colour: "red",
      user_id: "x",
    };
    for (const [field, value] of Object.entries(bad))
      assertInvalid(await user.api<Problem>("GET", `/tasks?${field}=${value}`), field);
    assertInvalid(await user.api<Problem>("GET", "/tasks?limit=1&limit=2"), "limit");
  });

  it("follow the user to another zone at once", async () => {
    const mover = await taskflow.client.register({ time_zone: "Pacific/Auckland" });
    await addAll(mover, [{ title: "noon UTC", due_date: "2999-06-15T12:00:00Z" }]);
    const day = "due_date_start=2999-06-15&due_date_end=2999-06-15";
    assert.equal((await page(mover, day)).total, 0);
    await mover.api("PATCH", "/auth/me", { time_zone: "UTC" });
    assert.equal((await page(mover, day)).total, 1);
  });
});

describe("overdue", () => {
  it("is decided in the user's zone: a day that is over in Kiritimati is not in Pago Pago", async () => {
    // Kiritimati is 14 hours ahead of UTC, and 25 ahead of Pago Pago: what was yesterday there is not over here for an
    // hour at least.
    const yesterday = new Date(Date.now() - 10 * 3_600_000).toISOString().slice(0, 10);
    const [east, west] = [
      await taskflow.client.register({ time_zone: "Pacific/Kiritimati" }),
      await taskflow.client.register({ time_zone: "Pacific/Pago_Pago" }),
    ];
    for (const user of [east, west]) await addAll(user, [{ title: "x", due_date: yesterday }]);
    assert.equal((await page(east, "status=overdue")).total, 1);
    assert.equal((await page(west, "status=overdue")).total, 0);
    await west.api("PATCH", "/auth/me", { time_zone: "Pacific/Kiritimati" });
    assert.equal((await page(west, "status=overdue")).total, 1);
  });
});

describe("the database's own zone", () => {
  it("does not matter to cursors", async () => {
    const [{ name } = { name: "" }] = await taskflow.query<{ name: string }>("SELECT current_database() AS name");
    await taskflow.query(`ALTER DATABASE ${name} SET timezone = 'Europe/Amsterdam'`);
    const other = await startTaskFlow({ databaseUrl: taskflow.databaseUrl });
    try {
      const user = await other.client.register();
      await addAll(user, [
        { title: "a", due_date: "1900-01-01" },
        { title: "b", due_date: "1920-01-01" },
        { title: "c", due_date: "2026-01-01" },
        { title: "d" },
      ]);
      for (const order of orders)
        assert.equal((await walk(user, `sort_by=due_date&sort_order=${order}&limit=1`)).tasks.length, 4);
    } finally {
      await other.stop();
    }
  });
});
