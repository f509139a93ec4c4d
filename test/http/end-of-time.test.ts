import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import type { Task, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertInvalid } from "../harness/refusal.ts";
import { seriesCalls } from "../harness/series-calls.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

/*
 * The last day of the calendar: 9999-12-31. West of Greenwich it ends in a year without four digits, which no instant on the wire can be.
 */

let taskflow: TaskFlow;
let user: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  user = await taskflow.client.register({ time_zone: "America/New_York" });
});
after(() => taskflow.stop());

const { add, read, command, patch, dates, opens, openOf } = seriesCalls(() => user);
const LAST_INSTANT = "9999-12-31T23:59:59.999Z";

describe("a date at the end of time", () => {
  for (const due_date of ["9999-12-31", "9999-12-31T23:59", LAST_INSTANT] as const) {
    for (const recurrence_pattern of ["daily", "yearly", "RRULE:FREQ=HOURLY;INTERVAL=6"] as const)
      it(`${due_date}, ${recurrence_pattern}, is the last of its series`, async () => {
        if (due_date === "9999-12-31" && recurrence_pattern.includes("HOURLY")) return;
        const series = await add({ due_date, recurrence_pattern });
        const open = await openOf(series.id);
        assert.ok((open.due_at ?? "") <= LAST_INSTANT, open.due_at ?? "none");
        await command(series.id, "complete");
        assert.equal((await read(series.id)).next_occurrence_date, null);
      });
  }

  it("ends a rule that goes on until then, and is reopened", async () => {
    const series = await add({ due_date: "9999-12-30T23:30" });
    await command(series.id, "complete", "9999-12-30T23:30");
    await opens(series.id, ["9999-12-31T23:30"]);
    await command(series.id, "complete", "9999-12-31T23:30");
    assert.equal((await read(series.id)).next_occurrence_date, null);
    assert.deepEqual(await dates(series.id, "pending"), []);
    await command(series.id, "reopen", "9999-12-31T23:30");
    assert.equal((await read(series.id)).next_occurrence_date, "9999-12-31T23:30");
  });

  it("is where a date can be moved, and no further", async () => {
    const series = await add({ due_date: "9999-12-29" });
    const open = await openOf(series.id);
    const moved = await patch(open.id, { due_date: "9999-12-31" }, "all");
    assert.equal(moved.next_occurrence_date, "9999-12-31");
    const beyond = await user.api<Problem>("PATCH", `/tasks/${open.id}?scope=all`, { due_date: "10000-01-01" });
    assertInvalid(beyond, "due_date");
  });

  it("by completion, the next date is none where the calendar has none", async () => {
    const series = await add({
      due_date: "9999-12-31",
      recurrence_pattern: "yearly",
      recurrence_basis: "completion",
    });
    await command(series.id, "complete");
    assert.equal((await read(series.id)).next_occurrence_date, null);
  });

  it("has reminders before it, and one after it is the last instant", async () => {
    const { status, body } = await user.api<WrittenTask>("POST", "/tasks", {
      title: "the end",
      due_date: "9999-12-31T23:59",
      reminders: [{ offset: "PT15M" }, { offset: "P1D" }],
    });
    assert.equal(status, 201, JSON.stringify(body));
    for (const { remind_at } of body.reminders ?? []) assert.ok((remind_at ?? "") <= LAST_INSTANT, remind_at ?? "none");
  });

  it("is kept through a pause and an end that lie there too", async () => {
    const series = await add({ due_date: "9999-12-30" });
    await patch(series.id, { recurrence_paused_until: "9999-12-31" });
    assert.equal((await read(series.id)).next_occurrence_date, "9999-12-31");
    await patch(series.id, { recurrence_paused_until: null, recurrence_end_date: "9999-12-31" });
    const task: Task = await read(series.id);
    assert.equal(task.next_occurrence_date, "9999-12-30");
  });

  it("moves with the user to any zone", async () => {
    const series = await add({ due_date: "9999-12-31T23:59" });
    for (const time_zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York"]) {
      const { status } = await user.api("PATCH", "/auth/me", { time_zone });
      assert.equal(status, 200);
      const open = await openOf(series.id);
      assert.deepEqual([open.due_date, (open.due_at ?? "") <= LAST_INSTANT], ["9999-12-31T23:59", true]);
    }
  });

  it("leaves the processor nothing that it fails at", async () => {
    const answer = await fetch(`${taskflow.url}/health/ready`);
    const { set_aside = [] } = (await answer.json()) as { set_aside?: string[] };
    assert.deepEqual([answer.status, set_aside], [200, []]);
    const metrics = await (await fetch(`${taskflow.url}/metrics`)).text();
    assert.doesNotMatch(metrics, /^taskflow_recurring_plans_total\{outcome="failed"\} [1-9]/m);
  });
});
