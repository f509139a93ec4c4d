import type { Task } from "../../contract/task.ts";
import { isSeries, ruleFieldNames } from "../series/series-rule.ts";
import { changesBetween, moveToClock, type TaskContext } from "../task.ts";
import { changedReminders, hasOtherReminders, putBackReminders } from "./reminders.ts";

/** A task as a write found it and as it left it; `before` is null for a task that the write made. */
export interface Written {
  readonly before: Task | null;
  readonly left: Task;
}

type Field = keyof Task;

/** What a series has from its occurrences: nobody writes it. */
export const followingOccurrences: readonly Field[] = ["next_occurrence_date", "recurrence_passed_over"];

/** What makes a task repeat. It means something only together, so two writes of parts of it are in each other's way. */
const repetition: readonly Field[] = [...ruleFieldNames, "recurrence_rule", "recurrence_text"];

/** Where an occurrence stands in its series. */
const place: readonly Field[] = ["parent_recurring_task_id", "occurrence_date"];

/** Whether an occurrence waits. One that was done or deleted since is not moved to another place. */
const state: readonly Field[] = ["status", "completed_at", "deleted_at", "occurrence_outcome"];

/** Time in the trash that is taken up again where it was left; after more of it, the usual time begins anew. */
const TRASH_GOES_ON_MS = 86_400_000;

const changedFields = (before: Task | null, left: Task): readonly Field[] =>
  Object.keys(changesBetween(before, left)) as Field[];

const isOneOf = (group: readonly Field[]) => (field: Field) => group.includes(field);

/**
 * The fields of a task that a write changed, without what follows from others: the instant of the due date, a series'
 * next date, the instants of reminders with an offset.
 */
const writtenFields = ({ before, left }: Written): readonly Field[] => {
  const follows = before !== null && isSeries(before) && isSeries(left) ? followingOccurrences : [];
  return changedFields(before, left).filter((field) => {
    if (field === "reminders") return changedReminders(before, left).length > 0;
    return field !== "due_at" && !follows.includes(field);
  });
};

/** The fields that must be what the write left: those it changed, and what means something only with these. */
const scopeOf = (written: Written, current: Task): readonly Field[] => {
  const fields = writtenFields(written);
  const repeats = [written.before, written.left, current].some((task) => task !== null && isSeries(task));
  return [
    ...new Set([
      ...fields,
      ...(repeats && fields.some(isOneOf(repetition)) ? repetition : []),
      ...(fields.some(isOneOf(place)) ? state : []),
    ]),
  ];
};

/**
 * The fields in which a task is no longer what a write left, of those that taking it back rests on. Of a task that the
 * write made these are all of them. What moved because the user is in another zone now, or has another hour for all-day
 * tasks, has not changed.
 */
export const fieldsInTheWay = (written: Written, current: Task, context: TaskContext): readonly Field[] => {
  const { before, left } = written;
  const expected = moveToClock(left, context)?.after ?? left;
  const changed = changedFields(expected, current);
  const scope = before === null ? changed : scopeOf(written, current);
  return scope.filter((field) => {
    if (field === "reminders") return hasOtherReminders(before === null ? { before: left, left } : written, current);
    if (isSeries(current) && followingOccurrences.includes(field)) return false;
    return changed.includes(field);
  });
};

/** The task as it is now, with the fields that a write changed as they were before it. */
export const putBackFields = (written: Written & { before: Task }, current: Task, { now }: TaskContext): Task => {
  const { before } = written;
  const old: Partial<Task> = Object.fromEntries(writtenFields(written).map((field) => [field, before[field] ?? null]));
  const wasTrashed = old.deleted_at == null ? undefined : Date.parse(old.deleted_at);
  const isLongAgo = wasTrashed !== undefined && now - wasTrashed > TRASH_GOES_ON_MS;
  const task = {
    ...current,
    ...old,
    ...(isLongAgo ? { deleted_at: new Date(now).toISOString() } : {}),
    ...(old.reminders === undefined ? {} : { reminders: putBackReminders(written, current) }),
  };
  return { ...task, completed: task.status === "completed" };
};
