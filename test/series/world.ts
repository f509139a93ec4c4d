import assert from "node:assert/strict";
import { DomainError } from "../../src/contract/problem.ts";
import type { Task } from "../../src/contract/task.ts";
import type { SeriesContext } from "../../src/domain/series/draft.ts";
import { decideKeep } from "../../src/domain/series/keep-series.ts";
import { isSeries } from "../../src/domain/series/series-rule.ts";
import { isCounted } from "../../src/domain/series/times-done.ts";
import { decideUndo } from "../../src/domain/series/undo.ts";
import { moveToClock, type TaskChange } from "../../src/domain/task.ts";
import { lookAt } from "../../src/services/recurring/plan.ts";
import { learnedFrom } from "../../src/services/recurring/series-store.ts";

export type Tasks = ReadonlyMap<string, Task>;

/** One user's tasks in memory, a clock, and a processor that is never late: what the services do, without I/O. */
export interface World {
  readonly tasks: Tasks;
  readonly context: SeriesContext;
  /** The same world, to go on in another way. */
  copy(): World;
  /** Goes to the moment of the next write, at which time alone may have brought dates. */
  tick(): void;
  /** Makes what a decision came to; undefined when it was refused. */
  write(decide: (tasks: Tasks, context: SeriesContext) => readonly TaskChange[]): readonly TaskChange[] | undefined;
  undo(changes: readonly TaskChange[]): readonly TaskChange[] | undefined;
  /** Lets time pass, at the end of which the processor looks. */
  wait(ms: number): void;
  moveTo(zone: string): void;
  /** Takes a task away for good. */
  remove(id: string): void;
}

const MAX_LOOKS = 50;
/** No two writes are made at the same millisecond. */
const WRITE_MS = 1;

const placeOf = ({ parent_recurring_task_id: series, occurrence_date }: Task): string =>
  `${series ?? ""} ${occurrence_date ?? ""}`;

/** Where a world begins: with what another one has come to. */
interface Beginning {
  readonly tasks: Tasks;
  readonly keptDates: ReadonlyMap<string, string>;
}

export const createWorld = (now: number, zone: string, from?: Beginning): World => {
  const tasks = new Map(from?.tasks);
  const keptDates = new Map(from?.keptDates);
  const clock = { now, zone };
  let ids = tasks.size;
  let isTicked = false;

  const context = (): SeriesContext => ({
    now: clock.now,
    zone: clock.zone,
    allDayHour: 9,
    newId: () => `new-${(ids += 1)}`,
    occurrenceId: (series, date) => `${series}@${date}`,
    reminderId: (reminder, occurrence) => `${reminder} of ${occurrence}`,
    occurrencesMade: (id) =>
      [...tasks.values()].filter((task) => task.parent_recurring_task_id === id && isCounted(task)).length,
  });

  /** The store looks at each row by itself, in whatever order, so that no place may pass from one task to another. */
  const refuseTakenPlaces = (changes: readonly TaskChange[]): void => {
    const holders = new Map([...tasks.values()].map((task) => [placeOf(task), task.id]));
    for (const { before, after } of changes) {
      const holder = holders.get(placeOf(after));
      const isMoved = before === null || placeOf(before) !== placeOf(after);
      if (after.parent_recurring_task_id != null && isMoved)
        assert.ok(holder === undefined || holder === after.id, `${placeOf(after)} is free before it is taken`);
    }
  };

  const apply = (changes: readonly TaskChange[]): void => {
    refuseTakenPlaces(changes);
    for (const { before, after } of changes) {
      assert.equal(after.version, (before?.version ?? 0) + 1, "a change is the next version");
      const current = tasks.get(after.id) ?? null;
      if (current !== before) assert.deepEqual(current, before, "a change begins at what there is");
      tasks.set(after.id, after);
    }
    const places = new Set<string>();
    for (const task of tasks.values()) {
      if (task.parent_recurring_task_id == null) continue;
      assert.ok(!places.has(placeOf(task)), `a series has each date once: ${placeOf(task)}`);
      places.add(placeOf(task));
    }
  };

  const keep = (): void => {
    for (const { id } of [...tasks.values()].filter(isSeries)) {
      for (let looks = 0; looksAgain(id); looks += 1) assert.ok(looks < MAX_LOOKS, "the processor comes to an end");
    }
  };

  /** One look at a series; whether another one is due at once. */
  const looksAgain = (id: string): boolean => {
    const series = tasks.get(id);
    if (series === undefined || series.deleted_at !== null) return false;
    const row = { ...learnedFrom(series, clock.now), kept_date: keptDates.get(`${id} ${series.version}`) ?? null };
    const { dates, passedOver } = lookAt(row, clock.now);
    if (dates.length === 0) return false;
    const plan = { series_id: id, series_version: series.version, dates: [...dates], passed_over: passedOver };
    apply(decideKeep(tasks, [plan], context()).changes);
    const kept = tasks.get(id);
    keptDates.set(`${id} ${kept?.version}`, dates.at(-1) ?? "");
    return kept?.next_occurrence_date === dates.at(-1);
  };

  const tick = (): void => {
    clock.now += WRITE_MS;
    isTicked = true;
    keep();
  };

  const write: World["write"] = (decide) => {
    if (!isTicked) tick();
    isTicked = false;
    let changes: readonly TaskChange[];
    try {
      changes = decide(tasks, context());
    } catch (error) {
      if (error instanceof DomainError) return undefined;
      throw error;
    }
    apply(changes);
    keep();
    return changes;
  };

  return {
    tasks,
    get context() {
      return context();
    },
    copy: () => createWorld(clock.now, clock.zone, { tasks, keptDates }),
    tick,
    write,
    undo: (changes) =>
      write((all, now) => {
        const first = new Map(changes.toReversed().map(({ before, after }) => [after.id, before]));
        const last = new Map(changes.map(({ after }) => [after.id, after]));
        return decideUndo(all, { first, last }, now);
      }),
    wait(ms) {
      clock.now += ms;
      keep();
    },
    remove: (id) => void tasks.delete(id),
    moveTo(to) {
      clock.zone = to;
      apply([...tasks.values()].flatMap((task) => moveToClock(task, context()) ?? []));
      keep();
    },
  };
};
