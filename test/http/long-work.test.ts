import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { TestUser } from "../harness/client.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

let taskflow: TaskFlow;
before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

const list = (most: number): string => Array.from({ length: most }, (_, index) => index + 1).join(",");

const OPERATIONS = 60;

/** Series whose last date takes as long to find as one may. */
const costly = (count = 3_660) =>
  Array.from({ length: OPERATIONS }, (_, index) => ({
    op: "create",
    task: {
      title: `series ${index}`,
      due_date: "2026-12-01T09:00",
      recurrence_pattern: `RRULE:FREQ=YEARLY;BYMONTH=${list(12)};BYMONTHDAY=${list(31)};COUNT=${count - index}`,
    },
  }));

/** How often something was answered before the work was done. */
const answeredDuring = async (work: Promise<unknown>, ask: () => Promise<void>): Promise<number> => {
  const state = { isDone: false, answered: 0 };
  const end = work.finally(() => {
    state.isDone = true;
  });
  while (!state.isDone) {
    await ask();
    if (!state.isDone) state.answered += 1;
  }
  await end;
  return state.answered;
};

const probe = async (): Promise<void> => assert.equal((await fetch(`${taskflow.url}/health/live`)).status, 200);

const bulk = async ({ api }: TestUser): Promise<void> => {
  const { status, body } = await api<{ tasks: unknown[] }>("POST", "/tasks/bulk", { operations: costly() });
  assert.equal(status, 200);
  assert.equal(body.tasks.length, OPERATIONS);
};

const MANY = 5;

describe("while one user's work takes long", () => {
  it("everyone else is answered: two bulk writes of costly series", async () => {
    const [one, other] = await Promise.all([taskflow.client.register(), taskflow.client.register()]);
    const quick = await taskflow.client.register();
    const written = await answeredDuring(Promise.all([bulk(one), bulk(other)]), async () => {
      await probe();
      assert.equal((await quick.api("POST", "/tasks", { title: "meanwhile" })).status, 201);
    });
    assert.ok(written >= MANY, `${written} writes meanwhile`);
  });

  it("a costlier rule is refused, and the bound is named", async () => {
    const { api } = await taskflow.client.register();
    const operations = costly(29_000).slice(0, 1);
    const { status, body } = await api<{ detail: string; part: string }>("POST", "/tasks/bulk", { operations });
    assert.equal(status, 422);
    assert.match(body.detail, /at most 3660/);
    assert.equal(body.part, "COUNT=29000");
  });

  it("everyone else is answered: another zone for 1,000 tasks that are due", async () => {
    const user = await taskflow.client.register();
    for (let round = 0; round < 2; round += 1) {
      const operations = Array.from({ length: 500 }, (_, index) => ({
        op: "create",
        task: { title: `${round} ${index}`, due_date: "2026-12-01T09:00" },
      }));
      assert.equal((await user.api("POST", "/tasks/bulk", { operations })).status, 200);
    }
    const move = user.api("PATCH", "/auth/me", { time_zone: "Asia/Tokyo" });
    assert.ok((await answeredDuring(move, probe)) >= MANY);
    assert.equal((await move).status, 200);
    const { body } = await user.api<{ tasks: { due_at: string }[] }>("GET", "/tasks?limit=1");
    assert.equal(body.tasks[0]?.due_at, "2026-12-01T00:00:00.000Z");
  });

  it("an export of the history is one of the user's at a time, and the next one is welcome", async () => {
    const user = await taskflow.client.register();
    const operations = Array.from({ length: 500 }, () => ({ op: "create", task: { title: "x".repeat(200) } }));
    assert.equal((await user.api("POST", "/tasks/bulk", { operations })).status, 200);
    const open = () =>
      fetch(`${taskflow.url}/api/v1/audit-logs?format=csv`, { headers: { authorization: `Bearer ${user.token}` } });
    const answers = await Promise.all(Array.from({ length: 5 }, open));
    const statuses = answers.map(({ status }) => status).toSorted();
    assert.equal(statuses[0], 200);
    assert.ok(statuses.includes(429), String(statuses));
    await Promise.all(answers.map((answer) => answer.text()));
    assert.equal((await open()).status, 200);
  });
});
