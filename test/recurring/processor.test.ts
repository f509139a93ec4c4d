import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { TaskApi } from "../../src/ports.ts";
import { DomainError } from "../../src/contract/problem.ts";
import { type Bench, createBench, type Replica } from "./processor.ts";

const START = "2026-03-01T08:00:00.000Z";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let bench: Bench;
let replica: Replica;

before(async () => {
  bench = await createBench(START);
  replica = bench.replica();
});
after(() => bench.drop());

/** A series with the processor up to date on it, at the start of the clock. */
const begin = async (input: Parameters<Bench["addSeries"]>[1] = {}, zone?: string) => {
  bench.clock.at = Date.parse(START);
  const actor = await bench.newUser(zone);
  const id = await bench.addSeries(actor, input);
  const tell = async (): Promise<void> => {
    for (const event of await bench.events(actor.userId)) await replica.handle(event);
  };
  const run = async (): Promise<void> => {
    await tell();
    await replica.sweep();
  };
  await run();
  return { actor, id, run, dates: () => bench.dates(id) };
};

const [first, second, third] = ["2026-03-01T09:00", "2026-03-02T09:00", "2026-03-03T09:00"] as const;

describe("a series", () => {
  it("has its next date when the open one is completed, and when its time has come, and only then", async () => {
    const { actor, id, run, dates } = await begin();
    await run();
    assert.deepEqual(await dates(), [`${first} open`]);
    await bench.run(actor, { kind: "task.complete", id });
    await run();
    assert.deepEqual(await dates(), [`${first} completed`, `${second} open`]);
    bench.clock.at += DAY;
    await replica.sweep();
    assert.deepEqual(await dates(), [`${first} completed`, `${second} open`], "08:00, it is not time");
    bench.clock.at += HOUR;
    await replica.sweep();
    assert.deepEqual(await dates(), [`${first} completed`, `${second} open`, `${third} open`]);
  });

  it("after downtime makes the newest missed date and the next one, and records what it left out", async () => {
    const { actor, id, dates } = await begin();
    bench.clock.at += 10 * DAY + 2 * HOUR;
    await replica.sweep();
    assert.deepEqual(await dates(), [`${first} open`, "2026-03-11T09:00 open", "2026-03-12T09:00 open"]);
    const series = await bench.readTask(actor, id);
    assert.deepEqual(
      [series.recurrence_passed_over, series.next_occurrence_date],
      ["2026-03-02T09:00/2026-03-10T09:00", "2026-03-12T09:00"],
    );
  });

  it("that catches up with all makes every missed date", async () => {
    const { dates } = await begin({ recurrence_catch_up: "all" });
    bench.clock.at += 3 * DAY + 2 * HOUR;
    await replica.sweep();
    assert.deepEqual(
      await dates(),
      ["01", "02", "03", "04", "05"].map((day) => `2026-03-${day}T09:00 open`),
    );
  });

  it("with thousands of missed dates makes them all, in several writes", async () => {
    const { dates } = await begin({ recurrence_pattern: "RRULE:FREQ=HOURLY", recurrence_catch_up: "all" });
    bench.clock.at += 60 * DAY;
    await replica.sweep();
    const made = await dates();
    assert.equal(made.length, 60 * 24 + 1);
    assert.equal(new Set(made).size, made.length);
  });

  it("with the basis completion makes nothing by time", async () => {
    const { actor, id, run, dates } = await begin({ recurrence_basis: "completion" });
    bench.clock.at += 10 * DAY;
    await replica.sweep();
    assert.deepEqual(await dates(), [`${first} open`]);
    await bench.run(actor, { kind: "task.complete", id });
    await run();
    assert.deepEqual(await dates(), [`${first} completed`, "2026-03-12T09:00 open"]);
  });

  it("with the basis completion and a COUNT has so many dates", async () => {
    const { actor, id, run, dates } = await begin({
      recurrence_basis: "completion",
      recurrence_pattern: "RRULE:FREQ=DAILY;COUNT=3",
    });
    for (let time = 0; time < 5; time += 1) {
      await bench.run(actor, { kind: "task.complete", id });
      await run();
      bench.clock.at += 2 * MINUTE;
    }
    assert.deepEqual(
      (await dates()).map((text) => text.split(" ")[1]),
      ["completed", "completed", "completed"],
    );
  });

  it("that is paused has nothing until the day it goes on", async () => {
    const { actor, id, run, dates } = await begin();
    await bench.run(actor, { kind: "task.update", id, patch: { recurrence_paused_until: "2026-03-05" } });
    await run();
    bench.clock.at += 2 * DAY;
    await replica.sweep();
    assert.deepEqual(await dates(), []);
    bench.clock.at = Date.parse("2026-03-05T00:00:00.000Z");
    await replica.sweep();
    assert.deepEqual(await dates(), ["2026-03-05T09:00 open"]);
  });

  it("ends with its last date", async () => {
    const { dates } = await begin({ recurrence_end_date: "2026-03-02" });
    bench.clock.at += 30 * DAY;
    await replica.sweep();
    assert.deepEqual(await dates(), [`${first} open`, `${second} open`]);
  });

  it("that was ended, or whose account is disabled, makes nothing", async () => {
    const ended = await begin();
    await bench.run(ended.actor, { kind: "task.update", id: ended.id, patch: { recurrence_pattern: null } });
    await ended.run();
    const disabled = await begin();
    await bench.database.prepared("disable", "UPDATE users SET disabled_at = now() WHERE id = $1", [
      disabled.actor.userId,
    ]);
    bench.clock.at += 5 * DAY;
    await replica.sweep();
    assert.deepEqual([await ended.dates(), await disabled.dates()], [[`${first} open`], [`${first} open`]]);
    const [row] = await bench.database.prepared<{ dead_reason: string }>(
      "dead",
      "SELECT dead_reason FROM recurring_series WHERE series_id = $1",
      [disabled.id],
    );
    assert.equal(row?.dead_reason, "the account is closed or disabled");
  });

  it("of a purged task is forgotten", async () => {
    const { actor, id, run } = await begin();
    await bench.run(actor, { kind: "task.delete", id });
    await bench.purge(actor, [id], () => true);
    await run();
    const rows = await bench.database.prepared(
      "known",
      "SELECT FROM recurring_series WHERE series_id = $1 AND look_at IS NOT NULL",
      [id],
    );
    assert.deepEqual(rows, []);
  });
});

describe("events", () => {
  it("that come twice, late and in any order come to the same", async () => {
    const { actor, id, dates } = await begin();
    await bench.run(actor, { kind: "task.complete", id });
    await bench.run(actor, { kind: "task.update", id, patch: { title: "renamed" } });
    const events = await bench.events(actor.userId);
    for (const event of [...events.toReversed(), ...events, ...events.toReversed()]) {
      await replica.handle(event);
      await replica.sweep();
    }
    assert.deepEqual(await dates(), [`${first} completed`, `${second} open`]);
  });

  it("of a completion, its reopening and another completion, learned together, bring the next date back", async () => {
    const { actor, id, run, dates } = await begin();
    const [open] = await bench.database.prepared<{ id: string }>(
      "open",
      "SELECT id FROM tasks WHERE parent_recurring_task_id = $1",
      [id],
    );
    const occurrence = open?.id ?? "";
    await bench.run(actor, { kind: "task.complete", id: occurrence });
    await run();
    assert.deepEqual(await dates(), [`${first} completed`, `${second} open`]);
    await bench.run(actor, { kind: "task.reopen", id: occurrence });
    await bench.run(actor, { kind: "task.complete", id: occurrence });
    await run();
    assert.deepEqual(await dates(), [`${first} completed`, `${second} open`]);
  });

  it("of a completion that was reopened meanwhile make nothing", async () => {
    const { actor, id, dates } = await begin();
    await bench.run(actor, { kind: "task.complete", id });
    const late = await bench.events(actor.userId);
    await bench.run(actor, { kind: "task.reopen", id });
    for (const event of late) await replica.handle(event);
    await replica.sweep();
    assert.deepEqual(await dates(), [`${first} open`]);
  });
});

describe("a crash", () => {
  const failing = (when: "before" | "after"): TaskApi => ({
    async keepOccurrences(request) {
      if (when === "after") await bench.taskApi.keepOccurrences(request);
      throw new DomainError("unavailable", "gone in the middle");
    },
  });

  for (const when of ["before", "after"] as const)
    it(`${when} the owner of tasks has written leaves no gap and no repeat`, async () => {
      const { actor, id, dates } = await begin();
      await bench.run(actor, { kind: "task.complete", id });
      const broken = bench.replica(failing(when));
      for (const event of await bench.events(actor.userId)) await broken.handle(event);
      await broken.sweep();
      bench.clock.at += 1_000;
      await replica.sweep();
      assert.deepEqual(await dates(), [`${first} completed`, `${second} open`]);
    });

  it("after a series was taken leaves it to another replica", async () => {
    const { actor, id, dates } = await begin();
    await bench.run(actor, { kind: "task.complete", id });
    const dying = bench.replica({ keepOccurrences: () => new Promise(() => undefined) });
    for (const event of await bench.events(actor.userId)) await dying.handle(event);
    void dying.sweep();
    while (
      (
        await bench.database.prepared("leased", "SELECT FROM recurring_series WHERE series_id = $1 AND look_at > $2", [
          id,
          new Date(bench.clock.at),
        ])
      ).length === 0
    );
    await replica.sweep();
    assert.deepEqual(await dates(), [`${first} completed`], "it is the other's for a while");
    bench.clock.at += 5_000;
    await replica.sweep();
    assert.deepEqual(await dates(), [`${first} completed`, `${second} open`]);
  });
});

describe("at the same instant", () => {
  it("a completion and the sweep make one next date", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { actor, id, run, dates } = await begin();
      bench.clock.at += HOUR;
      await Promise.all([replica.sweep(), bench.run(actor, { kind: "task.complete", id })]);
      await run();
      assert.deepEqual(await dates(), [`${first} completed`, `${second} open`]);
    }
  });

  it("two replicas make one", async () => {
    const others = [bench.replica(), bench.replica()];
    const started = await Promise.all(Array.from({ length: 20 }, () => begin()));
    bench.clock.at += HOUR;
    await bench.database.prepared("all-due", "UPDATE recurring_series SET look_at = $1 WHERE look_at IS NOT NULL", [
      new Date(bench.clock.at),
    ]);
    // As after a lease has ended too early: each looks at all of them.
    await Promise.all(others.map((other) => other.sweep()));
    for (const { dates } of started) assert.deepEqual(await dates(), [`${first} open`, `${second} open`]);
  });
});

describe("the clock", () => {
  it("that jumps ahead and back repeats nothing, and goes on in its own time", async () => {
    const { dates } = await begin();
    bench.clock.at += 2 * DAY + 2 * HOUR;
    await replica.sweep();
    const ahead = await dates();
    bench.clock.at -= 2 * DAY;
    await replica.sweep();
    assert.deepEqual(await dates(), ahead);
    bench.clock.at += 3 * DAY;
    await replica.sweep();
    assert.deepEqual((await dates()).at(-1), "2026-03-05T09:00 open");
  });
});
