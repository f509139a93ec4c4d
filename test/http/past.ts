import assert from "node:assert/strict";
import type { Task, TaskList, WrittenTask } from "../../src/contract/task.ts";
import type { Answer, TestUser } from "../harness/client.ts";

export const add = async (user: TestUser, task: object): Promise<WrittenTask> => {
  const { status, body } = await user.api<WrittenTask>("POST", "/tasks", task);
  assert.equal(status, 201, JSON.stringify(body));
  return body;
};

export const change = async (user: TestUser, id: string, patch: object): Promise<WrittenTask> => {
  const { status, body } = await user.api<WrittenTask>("PATCH", `/tasks/${id}`, patch);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
};

/** An instant after everything that was answered and before everything that is asked for from now on. */
export const moment = async (): Promise<string> => {
  const now = Date.now();
  while (Date.now() === now) await new Promise(setImmediate);
  const between = new Date().toISOString();
  while (new Date().toISOString() === between) await new Promise(setImmediate);
  return between;
};

export const list = async (user: TestUser, query: string): Promise<Task[]> => {
  const tasks: Task[] = [];
  const totals = new Set<number>();
  for (let cursor: string | null = ""; cursor !== null;) {
    const { status, body }: Answer<TaskList> = await user.api<TaskList>(
      "GET",
      `/tasks?${query}${cursor === "" ? "" : `&cursor=${cursor}`}`,
    );
    assert.equal(status, 200, JSON.stringify(body));
    tasks.push(...body.tasks);
    totals.add(body.total);
    cursor = body.next_cursor;
  }
  assert.deepEqual([...totals], [tasks.length], query);
  return tasks;
};

export const titles = async (user: TestUser, query: string): Promise<string[]> =>
  (await list(user, query)).map(({ title }) => title);
export const read = <Body = Task>(user: TestUser, path: string) => user.api<Body>("GET", path);
