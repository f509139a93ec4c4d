import type { ReactElement } from "react";
import type { SeriesScope } from "../../../../src/contract/recurrence.ts";
import type { Task } from "../../../../src/contract/task.ts";
import { dayOf, type Clock } from "../../time/due-date.ts";
import { dropDraft } from "../../api/drafts.ts";
import { isRunning } from "../series.ts";
import { changeRepeat, makeRepeat, stopRepeating, type Repeat } from "./actions.ts";
import { repeatField } from "./kept-draft.ts";
import { RepeatEditor, type Anchor } from "./RepeatEditor.tsx";

interface TaskRepeatProps {
  readonly task: Task;
  /** Of an occurrence its series, which may have ended; of a series itself. */
  readonly series: Task | undefined;
  readonly clock: Clock;
  readonly onBack: () => void;
  readonly onDone: () => void;
}

const occurrenceScopes: readonly SeriesScope[] = ["all", "following"];

/** The repeat editor for a task: one that does not repeat, an occurrence, or a series itself. */
export const TaskRepeat = ({ task, series, clock, onBack, onDone }: TaskRepeatProps): ReactElement => {
  const due = task.due_date ?? clock.day;
  const repeat = repeatOfTask(series ?? task);
  const occurrence = series === task ? undefined : task;
  const field = repeatField((series ?? task).id);
  const save = (next: Repeat | null, scope: SeriesScope): void => {
    if (isSame(next, repeat)) dropDraft(field);
    else write({ task, series, occurrence, next, scope, clock, field });
    onDone();
  };
  return (
    <RepeatEditor
      field={field}
      day={dayOf(occurrence?.due_date ?? series?.next_occurrence_date ?? due, clock.zone)}
      repeat={repeat}
      sentence={repeat === null ? null : ((series ?? task).recurrence_text ?? null)}
      anchorOf={(scope, basis) => anchorOf(due, scope === "all" ? series : undefined, occurrence, basis, clock)}
      scopes={repeat !== null && series !== undefined && occurrence !== undefined ? occurrenceScopes : []}
      clock={clock}
      onSave={save}
      onBack={onBack}
    />
  );
};

interface Change {
  readonly task: Task;
  readonly series: Task | undefined;
  readonly occurrence: Task | undefined;
  readonly next: Repeat | null;
  readonly scope: SeriesScope;
  readonly clock: Clock;
  readonly field: string;
}

const write = ({ task, series, occurrence, next, scope, clock, field }: Change): void => {
  if (series === undefined) {
    if (next !== null) makeRepeat(task, next, clock.day, field);
  } else if (next === null) stopRepeating(series, field);
  else changeRepeat({ series, occurrence, repeat: next, scope, field });
};

const repeatOfTask = (task: Task): Repeat | null => {
  const { recurrence_rule, recurrence_pattern, recurrence_basis, recurrence_end_date } = task;
  const pattern = recurrence_rule == null ? recurrence_pattern : `RRULE:${recurrence_rule}`;
  if (pattern == null || !isRunning(task)) return null;
  return { pattern, basis: recurrence_basis ?? "schedule", endDate: recurrence_end_date ?? null };
};

/**
 * The rule of a whole series runs from where it began, and what is of interest are the dates from now on; counted from
 * completion, it begins anew with each of them.
 */
const anchorOf = (
  due: string,
  series: Task | undefined,
  occurrence: Task | undefined,
  basis: Repeat["basis"],
  clock: Clock,
): Anchor => {
  if (series?.due_date == null) return { due };
  const next = occurrence?.occurrence_date ?? series.next_occurrence_date ?? clock.day;
  return basis === "completion" ? { due: next } : { due: series.due_date, from: next.slice(0, 10) };
};

const isSame = (one: Repeat | null, other: Repeat | null): boolean =>
  one === other ||
  (one !== null &&
    other !== null &&
    one.pattern === other.pattern &&
    one.basis === other.basis &&
    one.endDate === other.endDate);
