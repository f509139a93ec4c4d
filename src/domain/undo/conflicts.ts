import type { Task } from "../../contract/task.ts";
import { sameValue } from "../same-value.ts";
import { dueDateAt, inheritedFields, isOccurrence, isUntouched, isWithdrawn } from "../series/occurrence.ts";
import { isSeries } from "../series/series-rule.ts";
import type { TaskContext } from "../task.ts";
import { type Conflict, editsInWords } from "./conflict-words.ts";
import { fieldsInTheWay, type Written } from "./written.ts";

/** What stands in the way of taking a write back: every field, by task, and what was done to it since. */
export const findConflicts = (
  written: readonly Written[],
  tasks: ReadonlyMap<string, Task>,
  context: TaskContext,
): readonly Conflict[] => {
  const ids = new Set(written.map(({ left }) => left.id));
  return written.flatMap((one) => [
    ...(conflictOf(one, tasks.get(one.left.id), context) ?? []),
    ...touchedSince(one, ids, tasks),
  ]);
};

const conflictOf = (written: Written, current: Task | undefined, context: TaskContext): readonly Conflict[] => {
  const { before, left } = written;
  if (current === undefined) return [{ id: left.id, title: left.title, fields: [], what: ["removed for good"] }];
  const fields = fieldsInTheWay(written, current, context);
  if (fields.length === 0) return [];
  const isBack = before !== null && fields.every((field) => sameValue(before[field], current[field]));
  return [
    { id: left.id, title: current.title, fields, what: isBack ? ["put back already"] : editsInWords(fields, current) },
  ];
};

/**
 * What somebody has done with occurrences that a new series has made since. It would go with the series, and is more
 * than the write that made the series.
 */
const touchedSince = (
  { before, left }: Written,
  ids: ReadonlySet<string>,
  tasks: ReadonlyMap<string, Task>,
): readonly Conflict[] => {
  const series = tasks.get(left.id);
  if (before !== null || series === undefined || !isSeries(series)) return [];
  return [...tasks.values()]
    .filter((task) => task.parent_recurring_task_id === series.id && isOccurrence(task) && !ids.has(task.id))
    .filter((task) => !isWithdrawn(task) && !isUntouched(series, task))
    .map((task) => {
      const fields = touchedFields(series, task);
      return { id: task.id, title: task.title, fields, what: editsInWords(fields, task) };
    });
};

/** Where an occurrence is no longer what its series makes. */
const touchedFields = (series: Task, occurrence: Task): readonly (keyof Task)[] => {
  const made: Partial<Task> = {
    ...Object.fromEntries(inheritedFields.map((field) => [field, series[field]])),
    due_date: dueDateAt(series, occurrence.occurrence_date ?? ""),
    status: "pending",
    deleted_at: null,
    occurrence_outcome: null,
  };
  const fields = (Object.keys(made) as (keyof Task)[]).filter((field) => !sameValue(made[field], occurrence[field]));
  return fields.length === 0 ? ["reminders"] : fields;
};
