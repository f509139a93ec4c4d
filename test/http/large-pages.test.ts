import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import type { TaskList } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

let taskflow: TaskFlow;
let user: TestUser;

const add = async (count: number, fields: object): Promise<void> => {
  const operations = Array.from({ length: count }, (_, index) => ({
    op: "create",
    task: { title: `task ${index}`, ...fields },
  }));
  assert.equal((await user.api("POST", "/tasks/bulk", { operations })).status, 200);
};

before(async () => {
  taskflow = await startTaskFlow();
  user = await taskflow.client.register();
  await add(450, {});
});
after(() => taskflow.stop());

/** Every page until there is none. */
const walk = async (query: string): Promise<readonly TaskList[]> => {
  const pages: TaskList[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const more: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body }: { status: number; body: TaskList } = await user.api<TaskList>(
      "GET",
      `/sync/tasks?${query}${more}`,
    );
    assert.equal(status, 200);
    pages.push(body);
    cursor = body.next_cursor;
  }
  return pages;
};

const idsOf = (pages: readonly TaskList[]): string[] => pages.flatMap(({ tasks }) => tasks.map(({ id }) => id));

describe("a device that knows nothing yet", () => {
  it("gets a list in one large page, as GET /tasks gives it in small ones", async () => {
    const [page, ...more] = await walk("status=pending");
    assert.deepEqual([page?.tasks.length, page?.total, more.length], [450, 450, 0]);
    const small = (await user.api<TaskList>("GET", "/tasks?status=pending&limit=100")).body;
    assert.deepEqual(page?.tasks.slice(0, 100), small.tasks);
  });

  it("gets no task twice and leaves none out in several pages", async () => {
    const pages = await walk("status=pending&limit=170");
    assert.deepEqual(
      pages.map(({ tasks }) => tasks.length),
      [170, 170, 110],
    );
    assert.equal(new Set(idsOf(pages)).size, 450);
  });

  it("gets smaller pages of long tasks", async () => {
    await add(300, { description: "x".repeat(5_000), priority: "high" });
    const pages = await walk("status=all");
    assert.ok(pages.length > 1);
    assert.equal(new Set(idsOf(pages)).size, 750);
    for (const page of pages) assert.ok(JSON.stringify(page).length < 2 * 1024 * 1024);
  });

  it("is told the bound; so is GET /tasks still", async () => {
    assertRefused(await user.api<Problem>("GET", "/sync/tasks?limit=1001"), 422, "validation");
    assertRefused(await user.api<Problem>("GET", "/tasks?limit=101"), 422, "validation");
  });

  it("sees nothing of others", async () => {
    const other = await taskflow.client.register();
    assert.deepEqual((await other.api<TaskList>("GET", "/sync/tasks")).body, {
      tasks: [],
      total: 0,
      next_cursor: null,
    });
  });
});
