import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import type { BulkAnswer, Task, TaskList } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertInvalid } from "../harness/refusal.ts";
import { seriesCalls } from "../harness/series-calls.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";

let taskflow: TaskFlow;
let user: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  user = await taskflow.client.register({ time_zone: "Europe/Rome" });
});
after(() => taskflow.stop());

const { add, read, command, patch, dates, opens, openOf } = seriesCalls(() => user);

describe("the past is settled, and what a person wrote is theirs", () => {
  const words = { title: "mine", description: "with the blue can", priority: "high" };
  const wordsOf = ({ title, description, priority }: Task) => ({ title, description, priority });

  it("a new date for the following is the new anchor, and the named day of the rule moves with it", async () => {
    const series = await add({
      due_date: "2997-04-20",
      recurrence_pattern: "RRULE:FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=20",
    });
    await command(series.id, "complete");
    await opens(series.id, ["2998-04-20"]);
    const open = await openOf(series.id);
    const next = await patch(open.id, { due_date: "2998-04-25" }, "following");
    await opens(next.id, ["2998-04-25"]);
    assert.equal((await read(open.id)).due_date, "2998-04-25", "under the id it had");
    await command(next.id, "complete");
    await opens(next.id, ["2999-04-25"]);
  });

  it("a rule that cannot move by itself is refused, and says what can be done", async () => {
    const pattern = "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1";
    const series = await add({ due_date: "2999-03-29", recurrence_pattern: pattern });
    const { id } = await openOf(series.id);
    const refused = await user.api<Problem>("PATCH", `/tasks/${id}?scope=all`, { due_date: "2999-03-27" });
    assertInvalid(refused, "due_date");
    assert.match(JSON.stringify(refused.body), /recurrence_pattern.*scope=this/);
  });

  for (const [name, away, back] of [
    ["a pause", { recurrence_paused_until: "2999-03-10" }, { recurrence_paused_until: null }],
    ["an end set earlier", { recurrence_end_date: "2999-03-01" }, { recurrence_end_date: null }],
    ["another time", { due_date: "2999-03-01T10:30" }, {}],
  ] as const)
    it(`${name} keeps what was written on an occurrence, and its id`, async () => {
      const series = await add();
      await command(series.id, "complete");
      await opens(series.id, ["2999-03-02T09:00"]);
      const open = await openOf(series.id);
      await patch(open.id, { ...words, reminders: [{ offset: "PT2H" }] });
      await patch(series.id, away);
      await patch(series.id, back);
      const kept = await openOf(series.id);
      assert.deepEqual([kept.id, wordsOf(kept)], [open.id, words]);
      assert.deepEqual(
        kept.reminders?.map(({ offset }) => offset),
        ["PT2H"],
      );
    });

  it("today's, when it is done, does not open again at another time", async () => {
    const { body: other } = await user.api<{ time_zone: string }>("GET", "/auth/me");
    const today = new Intl.DateTimeFormat("en-CA", { timeZone: other.time_zone, dateStyle: "short" }).format(
      new Date(),
    );
    const series = await add({ due_date: `${today}T23:30` });
    await command(series.id, "complete", `${today}T23:30`);
    const moved = await patch(series.id, { due_date: `${today}T23:45` });
    assert.ok((moved.next_occurrence_date ?? "") > `${today}T23:59`, moved.next_occurrence_date ?? "none");
  });

  it("a move of all dates to earlier days leaves the day that is left to the next date", async () => {
    const day = (days: number): string =>
      new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Rome", dateStyle: "short" }).format(
        Date.now() + days * 86_400_000,
      );
    const series = await add({ due_date: `${day(-1)}T00:00` });
    await opens(series.id, [`${day(-1)}T00:00`, `${day(0)}T00:00`, `${day(1)}T00:00`]);
    const coming = (await user.api<TaskList>("GET", `/tasks?parent_recurring_task_id=${series.id}`)).body.tasks;
    const last = coming.find(({ occurrence_date }) => occurrence_date === `${day(1)}T00:00`);
    await patch(last?.id ?? "", { due_date: `${day(-2)}T00:00` }, "all");
    await until("the day that was left has a date again", async () =>
      (await dates(series.id, "pending")).includes(`${day(1)}T00:00`),
    );
  });

  it("a month's date that is moved with all leaves one open", async () => {
    const series = await add({ due_date: "2999-03-10", recurrence_pattern: "monthly" });
    await command(series.id, "complete");
    await opens(series.id, ["2999-04-10"]);
    await patch((await openOf(series.id)).id, { due_date: "2999-04-15" }, "all");
    await opens(series.id, ["2999-04-15"]);
    await command(series.id, "complete", "2999-04-15");
    await opens(series.id, ["2999-05-15"]);
  });

  it("a title for the following moves no date by completion", async () => {
    const series = await add({
      due_date: "2999-03-10",
      recurrence_pattern: "custom:6m",
      recurrence_basis: "completion",
    });
    await command(series.id, "complete");
    await until("the next", async () => (await dates(series.id, "pending")).length === 1);
    const open = await openOf(series.id);
    const next = await patch(open.id, { title: "From here" }, "following");
    assert.equal(next.next_occurrence_date, open.occurrence_date);
    assert.equal((await read(open.id)).title, "From here");
  });

  it("COUNT is done that often, whatever is skipped", async () => {
    const series = await add({ recurrence_pattern: "RRULE:FREQ=DAILY;COUNT=2" });
    await command(series.id, "skip-occurrence", "2999-03-01T09:00");
    for (const date of ["2999-03-02T09:00", "2999-03-03T09:00"]) await command(series.id, "complete", date);
    assert.equal((await read(series.id)).next_occurrence_date, null);
    assert.deepEqual(await dates(series.id, "pending"), []);
  });

  it("a pause in the past is refused, and what no month has is impossible", async () => {
    const series = await add();
    const past = await user.api<Problem>("PATCH", `/tasks/${series.id}`, { recurrence_paused_until: "2020-01-01" });
    assertInvalid(past, "recurrence_paused_until");
    const pattern = "RRULE:FREQ=MONTHLY;BYDAY=6MO";
    const sixth = await user.api<Problem>("POST", "/tasks", {
      title: "x",
      due_date: "2999-03-01",
      recurrence_pattern: pattern,
    });
    assertInvalid(sixth, "recurrence_pattern");
    assert.match(JSON.stringify(sixth.body), /no month has/);
  });
});

describe("a command through a series' id", () => {
  for (const name of ["complete", "skip-occurrence", "detach"])
    it(`that is repeated does not ${name} the next date`, async () => {
      const series = await add();
      const first = await command(series.id, name);
      const again = await command(series.id, name);
      assert.deepEqual([again.id, again.occurrence_date, again.undo], [first.id, first.occurrence_date, null]);
    });

  it("acts on the date that is named, also before it is made", async () => {
    const series = await add();
    const done = await command(series.id, "complete", "2999-03-01T09:00");
    const next = await command(series.id, "complete", done.next_occurrence_date ?? "");
    assert.equal(next.occurrence_date, "2999-03-02T09:00");
    const { body } = await user.api<BulkAnswer>("POST", "/tasks/bulk", {
      operations: [{ op: "complete", id: series.id, occurrence_date: "2999-03-03T09:00" }],
    });
    assert.deepEqual(
      body.acted_on.map(({ operation, occurrence_date }) => [operation, occurrence_date]),
      [[0, "2999-03-03T09:00"]],
    );
    const unknown = await user.api<Problem>("POST", `/tasks/${series.id}/complete`, { occurrence_date: "2999-06-01" });
    assertInvalid(unknown, "occurrence_date");
  });

  it("that is a repeated reopening reopens no older date", async () => {
    const series = await add();
    await command(series.id, "complete", "2999-03-01T09:00");
    await command(series.id, "complete", "2999-03-02T09:00");
    const reopened = await command(series.id, "reopen");
    assert.equal(reopened.occurrence_date, "2999-03-02T09:00");
    assert.deepEqual([(await command(series.id, "reopen")).occurrence_date], ["2999-03-02T09:00"]);
  });
});
