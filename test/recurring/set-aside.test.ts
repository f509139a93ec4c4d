import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DomainError } from "../../src/contract/problem.ts";
import type { TaskApi } from "../../src/ports.ts";
import { type Bench, createBench, type Replica } from "./processor.ts";

/*
 * A series whose dates cannot be made is set aside, with the reason, and holds up no other one. Its next event brings it back.
 */

let bench: Bench;

before(async () => {
  bench = await createBench("2026-03-01T08:00:00.000Z");
});
after(() => bench.drop());

const DAY = 86_400_000;
/** Longer than any pause between two tries. */
const TRY_AGAIN_MS = 61_000;
const MOST_TRIES = 8;

/** A day later it has come, and the next is to come. */
const tonight = (): string => `${new Date(bench.clock.at).toISOString().slice(0, 10)}T23:59`;

const begin = async (replica: Replica) => {
  const actor = await bench.newUser();
  const id = await bench.addSeries(actor, { due_date: tonight() });
  const learn = async () => {
    for (const event of await bench.events(actor.userId)) await replica.handle(event);
  };
  await learn();
  return { actor, id, learn };
};

const rowOf = async (id: string) => {
  const [row] = await bench.database.prepared<{ dead_reason: string | null; look_at: Date | null }>(
    "set-aside-row",
    "SELECT dead_reason, look_at FROM recurring_series WHERE series_id = $1",
    [id],
  );
  return row;
};

const openDates = (id: string) =>
  bench.dates(id).then((dates) => dates.filter((date) => date.endsWith(" open")).length);

/** An owner of tasks that refuses one series, whatever it comes with. */
const refusing = (id: string, refusal: () => Error): TaskApi => ({
  ...bench.taskApi,
  keepOccurrences: async (request) => {
    if (request.plans.some(({ series_id }) => series_id === id)) throw refusal();
    return bench.taskApi.keepOccurrences(request);
  },
});

describe("a series whose dates cannot be made", () => {
  for (const [name, column, value] of [
    ["a pattern that is none", "recurrence_pattern", "every blue moon"],
    ["a next date that is none", "next_occurrence_date", "soon"],
    ["a zone that is none", "recurrence_time_zone", "Mars/Olympus"],
    ["a due date that is none", "due_date", "the end"],
  ] as const)
    it(`as it is known with ${name}, is set aside, and the others go on`, async () => {
      const replica = bench.replica();
      const [bad, good] = [await begin(replica), await begin(replica)];
      await replica.sweep();
      await bench.database.prepared(
        `spoil-${column}`,
        `UPDATE recurring_series SET ${column} = $2 WHERE series_id = $1`,
        [bad.id, value],
      );
      bench.clock.at += DAY;
      await replica.sweep();
      assert.equal(await openDates(good.id), 2, "the other one has today's and the next");
      const row = await rowOf(bad.id);
      assert.equal(row?.look_at, null, "it is looked at no more");
      assert.ok(row?.dead_reason, "and it is known why");
      assert.ok(replica.setAside().some((line) => line.includes(bad.id)));
    });

  it("because its owner refuses it, is set aside after so many tries", async () => {
    const first = bench.replica();
    const [bad, good] = [await begin(first), await begin(first)];
    await first.sweep();
    const replica = bench.replica(refusing(bad.id, () => new DomainError("conflict", "never")));
    bench.clock.at += DAY;
    for (let tries = 1; tries < MOST_TRIES; tries += 1) {
      await replica.sweep();
      assert.deepEqual(replica.setAside(), [], `it is tried again after ${tries}`);
      bench.clock.at += TRY_AGAIN_MS;
    }
    await replica.sweep();
    assert.equal(replica.setAside().length, 1);
    assert.match((await rowOf(bad.id))?.dead_reason ?? "", /never/);
    assert.equal(await openDates(good.id), 2);
  });

  it("of the same user as another one, holds that one up no more than others'", async () => {
    const first = bench.replica();
    const { actor, id, learn } = await begin(first);
    const sibling = await bench.addSeries(actor, { due_date: tonight() });
    await learn();
    await first.sweep();
    const replica = bench.replica(refusing(id, () => new DomainError("conflict", "never")));
    bench.clock.at += DAY;
    await replica.sweep();
    assert.equal(await openDates(sibling), 2);
  });

  it("while its owner is away, is never set aside", async () => {
    const first = bench.replica();
    const { id } = await begin(first);
    await first.sweep();
    const replica = bench.replica(refusing(id, () => new DomainError("unavailable", "away")));
    bench.clock.at += DAY;
    for (let tries = 0; tries < MOST_TRIES + 2; tries += 1) {
      await replica.sweep();
      bench.clock.at += TRY_AGAIN_MS;
    }
    assert.deepEqual(replica.setAside(), []);
    await first.sweep();
    assert.equal(await openDates(id), 2, "it goes on when its owner is back");
  });

  it("comes back with its next event", async () => {
    const replica = bench.replica();
    const { actor, id, learn } = await begin(replica);
    await replica.sweep();
    await bench.database.prepared(
      "spoil-once",
      "UPDATE recurring_series SET recurrence_pattern = 'none' WHERE series_id = $1",
      [id],
    );
    bench.clock.at += DAY;
    await replica.sweep();
    await bench.run(actor, { kind: "task.update", id, patch: { title: "again" } });
    await learn();
    await replica.sweep();
    assert.equal((await rowOf(id))?.dead_reason, null);
    assert.equal(await openDates(id), 2);
  });
});
