import assert from "node:assert/strict";
import fc from "fast-check";
import { isWithdrawn } from "../../src/domain/series/occurrence.ts";
import { decideCreate } from "../../src/domain/series/task-write.ts";
import type { TaskChange } from "../../src/domain/task.ts";
import {
  editsOpenNoMoreDates,
  idsStayWithTheirDates,
  type Moment,
  settledDatesDoNotComeAgain,
  settledStaysSettled,
  theNextDateIsOpen,
  whatWasWrittenIsKept,
  anotherTimeMovesNoDay,
  noDateBeyondCount,
  wordsAreNotRefused,
  wordsReachWhatIsMeant,
  wordsChangeNoDate,
  type WrittenTexts,
} from "./rules.ts";
import { anyStep, patterns, type Step, take, targetOf, zones } from "./steps.ts";
import { createWorld, type World } from "./world.ts";

const MAX_STEPS = 10;
/** Today, today at a time, later, long ago, and at an instant that is the same in every zone. */
const dues = [
  "2026-03-03",
  "2026-03-03T09:00",
  "2026-03-05T18:00",
  "2026-01-31T09:00",
  "2026-03-04T17:00:00Z",
] as const;
const START = Date.parse("2026-03-03T08:00:00.000Z");

/** A series, and what happens to it. */
export interface History {
  readonly pattern: string;
  readonly due: string;
  readonly basis: "schedule" | "completion";
  readonly zone: string;
  readonly steps: readonly Step[];
}

export const anyHistory: fc.Arbitrary<History> = fc.record({
  pattern: fc.constantFrom(...patterns),
  due: fc.constantFrom(...dues),
  basis: fc.constantFrom("schedule", "schedule", "completion"),
  zone: fc.constantFrom(...zones),
  steps: fc.array(anyStep, { minLength: 1, maxLength: MAX_STEPS }),
});

/** A world with a new series. There are few of them, and each is made once. */
const begin = (one: History): World => {
  const key = [one.pattern, one.due, one.basis, one.zone].join(" ");
  const known = begun.get(key) ?? beginNow(one);
  begun.set(key, known);
  return known.copy();
};

const begun = new Map<string, World>();

const beginNow = ({ pattern, due, basis, zone }: History): World => {
  const world = createWorld(START, zone);
  const input = {
    title: "series",
    due_date: due,
    recurrence_pattern: pattern,
    recurrence_basis: basis,
    reminder_offset: "PT15M",
  };
  world.write((tasks, now) => decideCreate(tasks, input, { id: "series", userId: "user" }, now).changes);
  return world;
};

const shown = (world: World) =>
  [...world.tasks.values()]
    .filter((task) => task.deleted_at === null && !isWithdrawn(task))
    .map(({ id, title, description, priority, status, due_date, occurrence_date, occurrence_outcome, ...rest }) => ({
      id,
      title,
      description,
      priority,
      status,
      due_date,
      occurrence_date,
      occurrence_outcome,
      next: rest.next_occurrence_date,
    }))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));

/** A date that the series has made anew meanwhile may stand in for the one that was moved away from it. */
const withoutIds = (tasks: ReturnType<typeof shown>) =>
  tasks
    .map(({ id: _id, ...rest }) => rest)
    .toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

const versionsOf = ({ tasks }: World): number => [...tasks.values()].reduce((sum, { version }) => sum + version, 0);

/** Lives one history, and holds every rule against each of its steps. */
export const live = (one: History): void => {
  const world = begin(one);
  const texts: WrittenTexts = new Map();
  let last: { changes: readonly TaskChange[]; shown: ReturnType<typeof shown> } | undefined;
  for (const [index, step] of one.steps.entries()) {
    const versions = versionsOf(world);
    world.tick();
    // What time alone has brought is no part of what is undone.
    if (versionsOf(world) !== versions) last = undefined;
    const before = new Map(world.tasks);
    const wasShown = shown(world);
    const target = targetOf(world, step);
    const text = `text ${index}`;
    let changes: readonly TaskChange[] | undefined = [];
    if (step.kind === "wait") world.wait(step.ms);
    else if (step.kind === "zone") world.moveTo(step.zone);
    else if (step.kind !== "undo") changes = take(world, step, target, text);
    else if (last !== undefined) {
      changes = world.undo(last.changes);
      assert.ok(changes !== undefined, "what was just done can be undone");
      assert.deepEqual(withoutIds(shown(world)), withoutIds(last.shown), "an undo leaves what was there");
    }
    const moment = { before, after: new Map(world.tasks), step, target, isDone: changes !== undefined };
    noteTexts(texts, moment, text);
    hold(moment, texts, world.context.now);
    const isUndoable = step.kind !== "wait" && step.kind !== "zone" && changes !== undefined && changes.length > 0;
    last = isUndoable && changes !== undefined ? { changes, shown: wasShown } : undefined;
  }
};

const hold = (moment: Moment, texts: WrittenTexts, now: number): void => {
  settledStaysSettled(moment);
  settledDatesDoNotComeAgain(moment);
  wordsChangeNoDate(moment);
  wordsAreNotRefused(moment);
  wordsReachWhatIsMeant(moment);
  anotherTimeMovesNoDay(moment, now);
  noDateBeyondCount(moment);
  idsStayWithTheirDates(moment);
  editsOpenNoMoreDates(moment, now);
  theNextDateIsOpen(moment, now);
  whatWasWrittenIsKept(moment, texts);
};

/** What was written on one date alone is remembered, until it is written over or undone. */
const noteTexts = (texts: WrittenTexts, { step, target, isDone }: Moment, text: string): void => {
  if (step.kind === "undo") texts.clear();
  if (!isDone || step.kind !== "write" || target === undefined) return;
  const { field } = step;
  if (field !== "title" && field !== "description") return;
  texts.delete(target[field] ?? "");
  if (step.scope === "this") texts.set(text, { field, id: target.id });
};
