import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import type { QuickAddAnswer, QuickAddPreview } from "../../src/contract/quick-add.ts";
import type { Task, UndoAnswer } from "../../src/contract/task.ts";
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

const quickAdd = (body: object, headers = {}) =>
  user.api<QuickAddAnswer & Problem>("POST", "/tasks/quick-add", body, headers);
const preview = async (body: object): Promise<QuickAddPreview> => {
  const { status, body: answer } = await user.api<QuickAddPreview>("POST", "/tasks/quick-add", {
    dry_run: true,
    ...body,
  });
  assert.equal(status, 200);
  return answer;
};

describe("POST /tasks/quick-add", () => {
  it("adds what a line says, answers what was understood, and can be undone", async () => {
    const text = "Pay rent every month on the 1st 9am !high remind 1 day before";
    const { status, body } = await quickAdd({ text });
    assert.equal(status, 201);
    const { task, understood, undo } = body;
    assert.deepEqual(
      [task.title, task.priority, task.recurrence_text, task.reminder_offset],
      ["Pay rent", "high", "every month on the 1st", "P1D"],
    );
    assert.match(task.due_date ?? "", /^\d{4}-\d{2}-01T09:00$/);
    assert.deepEqual(
      understood.map(({ kind, start, end, value }) => [kind, text.slice(start, end), value]),
      [
        ["repeat", "every month on the 1st", "RRULE:FREQ=MONTHLY;BYMONTHDAY=1"],
        ["time", "9am", "09:00"],
        ["priority", "!high", "high"],
        ["reminder", "remind 1 day before", "P1D"],
      ],
    );
    assert.equal((await user.api<UndoAnswer>("POST", `/undo/${undo}`)).status, 200);
    assert.notEqual((await user.api<Task>("GET", `/tasks/${task.id}`)).body.deleted_at, null);
  });

  it("answers the same once more for the same key", async () => {
    const headers = { "idempotency-key": "quick-add-once" };
    const first = await quickAdd({ text: "Call mum tomorrow" }, headers);
    assert.deepEqual((await quickAdd({ text: "Call mum tomorrow" }, headers)).body, first.body);
  });

  it("with dry_run understands and adds nothing, at any moment and in any zone", async () => {
    const now = "2026-11-30T23:30:00Z";
    const { body: before } = await user.api<{ total: number }>("GET", "/tasks");
    assert.equal(
      (await preview({ text: "Call mum tomorrow", now })).task.due_date,
      "2026-12-02",
      "already tomorrow in Rome",
    );
    assert.equal((await preview({ text: "Call mum tomorrow", now, time_zone: "UTC" })).task.due_date, "2026-12-01");
    assert.equal((await preview({ text: "Party 3/4", now })).task.due_date, "2027-04-03");
    assert.equal((await preview({ text: "Party 3/4", now, language: "en-US" })).task.due_date, "2027-03-04");
    assert.equal((await preview({ text: "Party 3/4", now, time_zone: "America/Chicago" })).task.due_date, "2027-03-04");
    const { refused } = await preview({ text: "Party 31 feb", now });
    assert.deepEqual(refused, [{ text: "31 feb", start: 6, end: 12, reason: "the calendar has no such day" }]);
    assert.equal((await user.api<{ total: number }>("GET", "/tasks")).body.total, before.total);
  });

  it("leaves what was dismissed in the title", async () => {
    const { body } = await quickAdd({ text: "Watch friday tomorrow", dismissed: [{ start: 14, end: 21 }] });
    assert.equal(body.task.title, "Watch friday tomorrow");
  });

  it("refuses what is no line, by field", async () => {
    assertInvalid(await quickAdd({ text: "" }), "text");
    assertInvalid(await quickAdd({ text: "x".repeat(2_001) }), "text");
    assertInvalid(await quickAdd({ text: "x".repeat(300) }), "title");
    assertInvalid(await quickAdd({ text: "Call mum", time_zone: "Mars/Phobos" }), "time_zone");
    assertInvalid(await quickAdd({ text: "Call mum", now: "2026-11-30T23:30:00Z" }), "now");
    assertInvalid(
      await quickAdd({ text: "Call mum", dry_run: true, dismissed: [{ start: -1, end: 2 }] }),
      "dismissed.0.start",
    );
  });
});
