import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import type { RecurrencePreview } from "../../src/contract/recurrence.ts";
import type { Task, TaskList, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertInvalid } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";

let taskflow: TaskFlow;
let user: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  user = await taskflow.client.register({ time_zone: "Europe/Rome" });
});
after(() => taskflow.stop());

describe("the preview", () => {
  it("answers dates, instants and words", async () => {
    const query = new URLSearchParams({
      pattern: "weekly:SUN",
      due_date: "2026-03-22T02:30",
      time_zone: "Europe/Rome",
      count: "3",
    });
    const { status, body } = await user.api<RecurrencePreview>("GET", `/recurrence/preview?${query}`);
    assert.equal(status, 200);
    assert.deepEqual(body, {
      rrule: "FREQ=WEEKLY;BYDAY=SU",
      text: "every week on Sunday",
      warnings: [],
      occurrences: [
        { occurrence_date: "2026-03-22T02:30", due_at: "2026-03-22T01:30:00.000Z" },
        { occurrence_date: "2026-03-29T02:30", due_at: "2026-03-29T01:30:00.000Z" },
        { occurrence_date: "2026-04-05T02:30", due_at: "2026-04-05T00:30:00.000Z" },
      ],
    });
  });

  it("refuses what it cannot read, and too many", async () => {
    const ask = (query: Record<string, string>) =>
      user.api<Problem>(
        "GET",
        `/recurrence/preview?${new URLSearchParams({ pattern: "daily", due_date: "2026-03-01", ...query })}`,
      );
    assertInvalid(await ask({ pattern: "dayly" }), "pattern");
    assertInvalid(await ask({ due_date: "tomorrow" }), "due_date");
    assertInvalid(await ask({ time_zone: "Mars/Olympus" }), "time_zone");
    assertInvalid(await ask({ count: "501" }), "count");
  });
});

describe("another zone of the user", () => {
  it("keeps the wall clock of dates and times, and the zone of instants", async () => {
    const other = await taskflow.client.register({ time_zone: "America/New_York" });
    const make = async (due_date: string) =>
      (await other.api<WrittenTask>("POST", "/tasks", { title: due_date, due_date, recurrence_pattern: "daily" })).body;
    const [floating, zoned] = [await make("2999-03-01T09:00"), await make("2999-03-01T14:00:00Z")];
    await other.api("PATCH", "/auth/me", { time_zone: "Asia/Tokyo" });
    for (const { id } of [floating, zoned]) await other.api("POST", `/tasks/${id}/complete`);
    const next = async ({ id }: Task) =>
      (await other.api<TaskList>("GET", `/tasks?parent_recurring_task_id=${id}&status=pending`)).body.tasks.map(
        ({ due_date, due_at }) => [due_date, due_at],
      );
    await until("both to go on", async () => (await next(floating)).length + (await next(zoned)).length === 2);
    assert.deepEqual(await next(floating), [["2999-03-02T09:00", "2999-03-02T00:00:00.000Z"]]);
    assert.deepEqual(await next(zoned), [["2999-03-02T14:00:00.000Z", "2999-03-02T14:00:00.000Z"]]);
  });
});
