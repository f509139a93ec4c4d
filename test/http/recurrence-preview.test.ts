import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import type { RecurrencePreview } from "../../src/contract/recurrence.ts";
import type { TestUser } from "../harness/client.ts";
import { assertInvalid } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

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
