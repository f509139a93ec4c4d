import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { v5 as uuidv5 } from "uuid";
import type { Problem } from "../../src/contract/problem.ts";
import type { BulkAnswer, TaskList, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
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

const { add, read, command, patch, undo, occurrences, dates, opens, openOf } = seriesCalls(() => user);

describe("a task with a pattern", () => {
  it("is a series, and its first occurrence exists when it is answered", async () => {
    const series = await add();
    assert.deepEqual(
      [
        series.recurrence_pattern,
        series.recurrence_rule,
        series.recurrence_text,
        series.recurrence_basis,
        series.recurrence_catch_up,
        series.next_occurrence_date,
      ],
      ["daily", "FREQ=DAILY", "every day", "schedule", "latest", "2999-03-01T09:00"],
    );
    const [first, ...others] = await occurrences(series.id);
    assert.deepEqual(others, []);
    assert.equal(first?.id, uuidv5("2999-03-01T09:00", series.id));
    assert.deepEqual(
      [first?.title, first?.due_date, first?.due_at, first?.occurrence_date],
      ["Water plants", "2999-03-01T09:00", "2999-03-01T08:00:00.000Z", "2999-03-01T09:00"],
    );
  });

  it("is in lists only where series are asked for", async () => {
    const other = await taskflow.client.register();
    const { body: series } = await other.api<WrittenTask>("POST", "/tasks", {
      title: "series",
      due_date: "2999-01-31",
      recurrence_pattern: "monthly",
    });
    const { body: plain } = await other.api<WrittenTask>("POST", "/tasks", { title: "plain" });
    const ids = async (query: string) => {
      const { body } = await other.api<TaskList>("GET", `/tasks?${query}`);
      assert.equal(body.total, body.tasks.length);
      return body.tasks.map(({ id }) => id);
    };
    const first = uuidv5("2999-01-31", series.id);
    assert.deepEqual((await ids("")).toSorted(), [first, plain.id].toSorted());
    assert.deepEqual(await ids("kind=series"), [series.id]);
    assert.deepEqual((await ids("kind=all")).toSorted(), [first, plain.id, series.id].toSorted());
    assert.deepEqual(await ids(`parent_recurring_task_id=${series.id}`), [first]);
  });

  it("is refused with the part that is wrong", async () => {
    const send = (fields: object) =>
      user.api<Problem>("POST", "/tasks", { title: "x", due_date: "2999-03-01", ...fields });
    const bad = await send({ recurrence_pattern: "weekly:MON,FUNDAY" });
    assertInvalid(bad, "recurrence_pattern");
    assert.equal((bad.body as unknown as { part: string }).part, "FUNDAY");
    assertInvalid(await send({ recurrence_pattern: "RRULE:FREQ=SECONDLY" }), "recurrence_pattern");
    assertInvalid(await send({ recurrence_pattern: "daily", due_date: null }), "due_date");
    assertInvalid(
      await send({ recurrence_pattern: "daily", recurrence_end_date: "2999-02-30" }),
      "recurrence_end_date",
    );
    assertInvalid(
      await send({ recurrence_pattern: "daily", recurrence_end_date: "2999-02-28" }),
      "recurrence_end_date",
    );
    assertInvalid(await send({ recurrence_end_date: "2999-03-03" }), "recurrence_end_date");
  });

  it("says when its due date is not on the rule, and begins at the first date that is", async () => {
    const series = await add({ due_date: "2999-03-01", recurrence_pattern: "weekly:MON" });
    assert.deepEqual([series.warnings, series.next_occurrence_date], [["due_date_not_on_rule"], "2999-03-04"]);
    assert.deepEqual(await dates(series.id), ["2999-03-04"]);
  });

  it("may be made of a task that there is", async () => {
    const { body: plain } = await user.api<WrittenTask>("POST", "/tasks", { title: "once", due_date: "2999-05-05" });
    const series = await patch(plain.id, { recurrence_pattern: "yearly" });
    assert.equal(series.next_occurrence_date, "2999-05-05");
    assert.deepEqual(await dates(series.id), ["2999-05-05"]);
    await undo(series.undo);
    assert.equal((await read(plain.id)).recurrence_basis, null);
    assert.deepEqual(await dates(series.id), []);
  });
});

describe("completing", () => {
  it("brings the next occurrence, and answers its date at once", async () => {
    const series = await add();
    const done = await command((await openOf(series.id)).id, "complete");
    assert.deepEqual([done.status, done.next_occurrence_date], ["completed", "2999-03-02T09:00"]);
    await opens(series.id, ["2999-03-02T09:00"]);
    assert.equal((await openOf(series.id)).id, uuidv5("2999-03-02T09:00", series.id));
    assert.equal((await read(series.id)).next_occurrence_date, "2999-03-02T09:00");
  });

  it("through the series' id acts on the open occurrence", async () => {
    const series = await add();
    const done = await command(series.id, "complete");
    assert.deepEqual(
      [done.parent_recurring_task_id, done.occurrence_date, done.status],
      [series.id, "2999-03-01T09:00", "completed"],
    );
    await opens(series.id, ["2999-03-02T09:00"]);
    const other = await add();
    assert.equal((await patch(other.id, { completed: true })).status, "pending", "the series itself is never done");
    await opens(other.id, ["2999-03-02T09:00"]);
    assert.deepEqual(await dates(other.id, "completed"), ["2999-03-01T09:00"]);
  });

  it("is told by events: the occurrence completed, the series at its next date, the next occurrence", async () => {
    const other = await taskflow.client.register();
    const { body: series } = await other.api<WrittenTask>("POST", "/tasks", {
      title: "series",
      due_date: "2999-03-01",
      recurrence_pattern: "daily",
    });
    await other.api("POST", `/tasks/${series.id}/complete`);
    await until("the next to be made", async () => (await taskflow.events(other.userId)).length === 5);
    const events = (await taskflow.events(other.userId)).map(({ event_type, actor_kind, task }) => [
      event_type,
      actor_kind,
      task.occurrence_date ?? task.next_occurrence_date,
    ]);
    assert.deepEqual(events, [
      ["task.created", "person", "2999-03-01"],
      ["task.created", "person", "2999-03-01"],
      ["task.completed", "person", "2999-03-01"],
      ["task.updated", "person", "2999-03-02"],
      ["task.created", "system", "2999-03-02"],
    ]);
  });

  it("the last one ends the series", async () => {
    const series = await add({ recurrence_end_date: "2999-03-02" });
    await command(series.id, "complete");
    const last = await command(series.id, "complete", "2999-03-02T09:00");
    assert.deepEqual([last.occurrence_date, last.next_occurrence_date], ["2999-03-02T09:00", null]);
    assert.deepEqual(await dates(series.id, "pending"), []);
  });

  it("with the basis completion counts from the day of completion", async () => {
    const series = await add({
      due_date: "2020-01-01",
      recurrence_pattern: "custom:3d",
      recurrence_basis: "completion",
    });
    const done = await command(series.id, "complete");
    const { body } = await user.api<{ time_zone: string }>("GET", "/auth/me");
    const local = new Intl.DateTimeFormat("en-CA", { timeZone: body.time_zone, dateStyle: "short" });
    const today = local.format(new Date(done.completed_at ?? ""));
    const expected = new Date(Date.parse(today) + 3 * 86_400_000).toISOString().slice(0, 10);
    assert.equal(done.next_occurrence_date, expected);
    await opens(series.id, [expected]);
  });
});

describe("skipping", () => {
  it("closes the open occurrence without completing it, and is safe to repeat", async () => {
    const series = await add();
    const open = await openOf(series.id);
    const skipped = await command(open.id, "skip-occurrence");
    assert.deepEqual(
      [skipped.occurrence_outcome, skipped.completed, skipped.next_occurrence_date],
      ["skipped", true, "2999-03-02T09:00"],
    );
    assert.equal((await command(open.id, "skip-occurrence")).undo, null);
    await opens(series.id, ["2999-03-02T09:00"]);
    const types = (await taskflow.events(user.userId))
      .filter(({ task_id }) => task_id === open.id)
      .map(({ event_type }) => event_type);
    assert.deepEqual(types, ["task.created", "task.updated"], "a skip is no completion");
  });

  it("is for recurring tasks only", async () => {
    const { body: plain } = await user.api<WrittenTask>("POST", "/tasks", { title: "once" });
    assertRefused(await user.api<Problem>("POST", `/tasks/${plain.id}/skip-occurrence`), 409, "conflict");
  });
});

describe("reopening", () => {
  for (const close of ["complete", "skip-occurrence"] as const)
    it(`after ${close} restores exactly the dates before`, async () => {
      const series = await add();
      const open = await openOf(series.id);
      await command(open.id, close);
      await opens(series.id, ["2999-03-02T09:00"]);
      const reopened = await command(open.id, "reopen");
      assert.deepEqual(
        [reopened.status, reopened.occurrence_outcome, reopened.next_occurrence_date],
        ["pending", null, "2999-03-01T09:00"],
      );
      await opens(series.id, ["2999-03-01T09:00"]);
      assert.deepEqual(
        (await user.api<TaskList>("GET", "/tasks?status=deleted")).body.tasks.filter(
          (task) => task.parent_recurring_task_id === series.id,
        ),
        [],
      );
      await command(open.id, close);
      await opens(series.id, ["2999-03-02T09:00"]);
    });

  it("leaves what was changed meanwhile", async () => {
    const series = await add();
    const open = await openOf(series.id);
    await command(open.id, "complete");
    await opens(series.id, ["2999-03-02T09:00"]);
    await patch((await openOf(series.id)).id, { title: "mine" });
    await command(series.id, "reopen");
    await opens(series.id, ["2999-03-01T09:00", "2999-03-02T09:00"]);
  });
});

describe("undo", () => {
  it("of a completion withdraws the next occurrence that came of it", async () => {
    const series = await add();
    const done = await command(series.id, "complete");
    await opens(series.id, ["2999-03-02T09:00"]);
    const undone = await undo(done.undo);
    await opens(series.id, ["2999-03-01T09:00"]);
    assert.equal((await read(series.id)).next_occurrence_date, "2999-03-01T09:00");
    await undo(undone.undo);
    await opens(series.id, ["2999-03-02T09:00"]);
  });

  it("of the series takes everything that came of it, and can be undone", async () => {
    const series = await add();
    const undone = await undo(series.undo);
    assert.deepEqual(await dates(series.id), []);
    assertRefused(await user.api<Problem>("GET", `/tasks/${series.id}`), 404, "not_found");
    await undo(undone.undo);
    await opens(series.id, ["2999-03-01T09:00"]);
  });

  it("of an edit of the rule brings the dates before back", async () => {
    const series = await add();
    const edited = await patch(series.id, { recurrence_pattern: "weekly:WED" });
    assert.deepEqual(await dates(series.id), ["2999-03-06T09:00"]);
    await undo(edited.undo);
    await opens(series.id, ["2999-03-01T09:00"]);
    assert.equal((await read(series.id)).recurrence_rule, "FREQ=DAILY");
  });
});

describe("editing", () => {
  it("one occurrence changes that one alone, and its place stays", async () => {
    const series = await add();
    const open = await openOf(series.id);
    const moved = await patch(open.id, { title: "later", due_date: "2999-03-01T18:00" });
    assert.deepEqual(
      [moved.title, moved.due_date, moved.occurrence_date],
      ["later", "2999-03-01T18:00", "2999-03-01T09:00"],
    );
    await command(open.id, "complete");
    await opens(series.id, ["2999-03-02T09:00"]);
    assert.equal((await openOf(series.id)).title, "Water plants");
    assertInvalid(
      await user.api<Problem>("PATCH", `/tasks/${open.id}`, { recurrence_pattern: "weekly" }),
      "recurrence_pattern",
    );
  });

  it("the series changes what is open, but not what was changed there alone", async () => {
    const series = await add({ description: "with the blue can" });
    const open = await openOf(series.id);
    await patch(open.id, { description: "no water today" });
    await patch(series.id, { title: "Water the plants", description: "with the red can", priority: "high" });
    const { title, description, priority } = await read(open.id);
    assert.deepEqual([title, description, priority], ["Water the plants", "no water today", "high"]);
  });

  it("all by an occurrence moves every date by as many days, to the new time", async () => {
    const series = await add();
    await command(series.id, "complete");
    await opens(series.id, ["2999-03-02T09:00"]);
    const edited = await patch((await openOf(series.id)).id, { due_date: "2999-03-03T10:30", title: "Later" }, "all");
    assert.deepEqual(
      [edited.id, edited.due_date, edited.next_occurrence_date],
      [series.id, "2999-03-02T10:30", "2999-03-03T10:30"],
    );
    await opens(series.id, ["2999-03-03T10:30"]);
    assert.equal((await openOf(series.id)).title, "Later");
  });

  it("this and following ends the series and goes on as another", async () => {
    const series = await add({ recurrence_pattern: "RRULE:FREQ=DAILY;COUNT=5" });
    await command(series.id, "complete");
    await opens(series.id, ["2999-03-02T09:00"]);
    const next = await patch((await openOf(series.id)).id, { title: "Water less" }, "following");
    assert.notEqual(next.id, series.id);
    assert.deepEqual(
      [next.title, next.recurrence_rule, next.next_occurrence_date],
      ["Water less", "FREQ=DAILY;COUNT=4", "2999-03-02T09:00"],
    );
    await opens(next.id, ["2999-03-02T09:00"]);
    const old = await read(series.id);
    assert.deepEqual([old.recurrence_end_date, old.next_occurrence_date], ["2999-03-01", null]);
    assert.deepEqual(await dates(series.id), ["2999-03-01T09:00"]);
    await undo(next.undo);
    await opens(series.id, ["2999-03-02T09:00"]);
    assertRefused(await user.api<Problem>("GET", `/tasks/${next.id}`), 404, "not_found");
  });

  it("a pause takes what is to come, and its end brings it back", async () => {
    const series = await add();
    const paused = await patch(series.id, { recurrence_paused_until: "2999-03-10" });
    assert.equal(paused.next_occurrence_date, "2999-03-10T09:00");
    assert.deepEqual(await dates(series.id), []);
    await patch(series.id, { recurrence_paused_until: null });
    await opens(series.id, ["2999-03-01T09:00"]);
  });

  it("nothing changes nothing", async () => {
    const series = await add();
    const { undo: _undo, warnings: _warnings, ...whole } = await patch(series.id, {});
    const { body } = await user.api<WrittenTask>("PUT", `/tasks/${series.id}`, whole);
    assert.deepEqual([body.undo, body.version], [null, series.version]);
  });
});

describe("ending", () => {
  it("by removing the pattern keeps the open occurrence and brings no other", async () => {
    const series = await add();
    await command(series.id, "complete");
    await opens(series.id, ["2999-03-02T09:00"]);
    const ended = await patch(series.id, { recurrence_pattern: null });
    assert.deepEqual(
      [ended.recurrence_pattern, ended.recurrence_rule, ended.next_occurrence_date, ended.recurrence_basis],
      [null, null, null, "schedule"],
    );
    assert.deepEqual(await dates(series.id), ["2999-03-01T09:00", "2999-03-02T09:00"]);
    assert.equal((await command(series.id, "complete", "2999-03-02T09:00")).next_occurrence_date, null);
    assert.deepEqual(await dates(series.id, "pending"), []);
  });

  it("by deleting the series keeps what was completed; restore brings the rest back", async () => {
    const series = await add();
    await command(series.id, "complete");
    await opens(series.id, ["2999-03-02T09:00"]);
    assert.equal((await user.api("DELETE", `/tasks/${series.id}`)).status, 204);
    assert.deepEqual(await dates(series.id), ["2999-03-01T09:00"]);
    await command(series.id, "restore");
    await opens(series.id, ["2999-03-02T09:00"]);
  });

  it("from one occurrence on", async () => {
    const series = await add();
    await command(series.id, "complete");
    await opens(series.id, ["2999-03-02T09:00"]);
    await user.api("DELETE", `/tasks/${(await openOf(series.id)).id}?scope=following`);
    assert.deepEqual(await dates(series.id), ["2999-03-01T09:00"]);
    assert.equal((await read(series.id)).next_occurrence_date, null);
  });
});

describe("one occurrence", () => {
  it("that is deleted makes room for the next", async () => {
    const series = await add();
    await user.api("DELETE", `/tasks/${(await openOf(series.id)).id}`);
    await opens(series.id, ["2999-03-02T09:00"]);
  });

  it("that is detached is a task of its own", async () => {
    const series = await add();
    const open = await openOf(series.id);
    const detached = await command(open.id, "detach");
    assert.equal(detached.occurrence_outcome, "detached");
    await opens(series.id, ["2999-03-01T09:00", "2999-03-02T09:00"]);
    await patch(series.id, { title: "Others" });
    assert.equal((await read(open.id)).title, "Water plants");
    await user.api("DELETE", `/tasks/${series.id}`);
    assert.equal((await read(open.id)).status, "pending");
  });
});

describe("in bulk", () => {
  it("a series and its occurrence are written together and undone together", async () => {
    const series = await add();
    const open = await openOf(series.id);
    const { body } = await user.api<BulkAnswer>("POST", "/tasks/bulk", {
      operations: [
        { op: "update", id: series.id, patch: { title: "Bulk" } },
        { op: "skip", id: open.id },
        { op: "reopen", id: open.id },
        { op: "complete", id: series.id },
      ],
    });
    assert.deepEqual(
      body.tasks.map(({ title }) => title),
      ["Bulk", "Bulk"],
    );
    await opens(series.id, ["2999-03-02T09:00"]);
    await undo(body.undo);
    await opens(series.id, ["2999-03-01T09:00"]);
    assert.equal((await openOf(series.id)).title, "Water plants");
  });
});

describe("the services' own door", () => {
  it("opens to the service token alone, and acts for open accounts alone", async () => {
    const series = await add();
    const request = {
      user_id: user.userId,
      plans: [{ series_id: series.id, series_version: series.version, dates: ["2999-03-01T09:00"], passed_over: null }],
    };
    const ask = (token: string, body: object) =>
      fetch(`${taskflow.url}/api/v1/internal/occurrences`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    assert.equal((await ask(user.token, request)).status, 403);
    assert.equal((await ask("nobody", request)).status, 401);
    const { serviceToken } = taskflow.config;
    const kept = await ask(serviceToken, request);
    assert.deepEqual(
      ((await kept.json()) as { series: { outcome: string }[] }).series.map(({ outcome }) => outcome),
      ["kept"],
    );
    const stale = await ask(serviceToken, { ...request, plans: [{ ...request.plans[0], series_version: 99 }] });
    assert.deepEqual(
      ((await stale.json()) as { series: { outcome: string }[] }).series.map(({ outcome }) => outcome),
      ["stale"],
    );
    const stranger = await taskflow.client.register();
    const gone = await ask(serviceToken, { ...request, user_id: stranger.userId });
    assert.deepEqual(
      ((await gone.json()) as { series: { outcome: string }[] }).series.map(({ outcome }) => outcome),
      ["gone"],
      "not another user's series",
    );
    await taskflow.query("UPDATE users SET disabled_at = now() WHERE id = $1", [stranger.userId]);
    assert.equal((await ask(serviceToken, { ...request, user_id: stranger.userId })).status, 403);
  });
});
