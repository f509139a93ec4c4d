import assert from "node:assert/strict";
import type { Task, TaskList, UndoAnswer, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "./client.ts";
import { until } from "./until.ts";

/** What tests of series ask by HTTP, as the user there is when they ask. */
export const seriesCalls = (user: () => TestUser) => {
  const add = async (fields: object = {}): Promise<WrittenTask> => {
    const { status, body } = await user().api<WrittenTask>("POST", "/tasks", {
      title: "Water plants",
      due_date: "2999-03-01T09:00",
      recurrence_pattern: "daily",
      ...fields,
    });
    assert.equal(status, 201);
    return body;
  };

  const read = async (id: string): Promise<Task> => (await user().api<Task>("GET", `/tasks/${id}`)).body;
  const command = async (id: string, name: string, occurrence_date?: string): Promise<WrittenTask> => {
    const named = occurrence_date === undefined ? undefined : { occurrence_date };
    const { status, body } = await user().api<WrittenTask>("POST", `/tasks/${id}/${name}`, named);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const patch = async (id: string, fields: object, scope?: string): Promise<WrittenTask> => {
    const { status, body } = await user().api<WrittenTask>(
      "PATCH",
      `/tasks/${id}${scope === undefined ? "" : `?scope=${scope}`}`,
      fields,
    );
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const undo = async (handle: string | null): Promise<UndoAnswer> =>
    (await user().api<UndoAnswer>("POST", `/undo/${handle ?? ""}`)).body;

  const occurrences = async (seriesId: string, status = "all"): Promise<Task[]> =>
    (
      await user().api<TaskList>(
        "GET",
        `/tasks?parent_recurring_task_id=${seriesId}&status=${status}&sort_by=due_date&limit=100`,
      )
    ).body.tasks;
  const dates = async (seriesId: string, status?: string): Promise<(string | null | undefined)[]> =>
    (await occurrences(seriesId, status)).map((task) => task.occurrence_date);

  /** Waits until the open occurrences of a series are these. */
  const opens = (seriesId: string, expected: readonly string[]): Promise<void> =>
    until(
      `${expected.join(", ")} to be open`,
      async () => JSON.stringify(await dates(seriesId, "pending")) === JSON.stringify(expected),
    );

  const openOf = async (seriesId: string): Promise<Task> => {
    const [open] = await occurrences(seriesId, "pending");
    assert.ok(open, "an occurrence is open");
    return open;
  };

  return { add, read, command, patch, undo, occurrences, dates, opens, openOf };
};
