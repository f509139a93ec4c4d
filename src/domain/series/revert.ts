import { DomainError, invalidField } from "../../contract/problem.ts";
import type { Task } from "../../contract/task.ts";
import type { UnsequencedEvent } from "../task-event.ts";
import { clockFieldNames, type TaskChange } from "../task.ts";
import { conflictsInWords, editsInWords } from "../undo/conflict-words.ts";
import { fieldsInTheWay, putBackFields } from "../undo/written.ts";
import { createDraft, type SeriesContext } from "./draft.ts";
import { settle } from "./settle.ts";
import { reverted } from "./undo.ts";
import { putBack } from "./put-back.ts";

/** Tasks as they were, by id; null for one that was not there. */
export type PastTasks = ReadonlyMap<string, Task | null>;

/** Makes tasks what they were: one that was not there goes to the trash, one that is in the trash comes back. */
export const decideReturn = (
  tasks: ReadonlyMap<string, Task>,
  past: PastTasks,
  context: SeriesContext,
): readonly TaskChange[] => {
  const draft = createDraft(tasks, context);
  for (const [id, then] of past) {
    const current = tasks.get(id);
    if (current !== undefined)
      putBack(draft, reverted(then && trashedNow(then, current, context), current, context), past, context);
  }
  settle(draft, context, { madeSince: "" });
  return draft.changes();
};

/** Whatever goes to the trash stays there for the usual time, however long ago it was there before. */
const trashedNow = (then: Task, { deleted_at }: Task, { now }: SeriesContext): Task =>
  then.deleted_at === null ? then : { ...then, deleted_at: deleted_at ?? new Date(now).toISOString() };

/** Fields that follow from others: that they have moved on is no conflict. */
const following: ReadonlySet<string> = new Set([
  "due_at",
  "completed_at",
  "recurrence_rule",
  "recurrence_text",
  "recurrence_time_zone",
  "recurrence_passed_over",
  "next_occurrence_date",
  "reminder_offset",
]);

/** A move of the user's clock is told with what followed it, and is not taken back with it. */
const ofClock: ReadonlySet<string> = new Set(clockFieldNames);

/**
 * Takes one change of a task back: the fields it changed get the values they had before.
 * @throws DomainError `revert_conflict` naming those that have changed since, unless `force`
 */
export const decideTakeBack = (
  tasks: ReadonlyMap<string, Task>,
  current: Task,
  event: UnsequencedEvent,
  force: boolean,
  context: SeriesContext,
): readonly TaskChange[] => {
  const changes = Object.entries(event.changes).filter(([field]) => !ofClock.has(field));
  if (changes.length === 0) throw invalidField("event_id", "names an event that changed nothing");
  const isCreation = event.event_type === "task.created";
  const left: Task = { ...current, ...Object.fromEntries(changes.map(([field, change]) => [field, change.new])) };
  const before: Task = { ...current, ...Object.fromEntries(changes.map(([field, change]) => [field, change.old])) };
  const written = { before: isCreation ? null : before, left };
  const fields = fieldsInTheWay(written, current, context).filter((field) => !following.has(field));
  if (fields.length > 0 && !force) {
    const conflict = { id: current.id, title: current.title, fields, what: editsInWords(fields, current) };
    throw new DomainError("revert_conflict", `${conflictsInWords([conflict])}, so nothing was reverted`, {
      members: { fields, task: current },
    });
  }
  const past = isCreation ? null : putBackFields({ before, left }, current, context);
  return decideReturn(tasks, new Map([[current.id, past]]), context);
};
