import type { SeriesScope, WritableRecurrence } from "../../../../src/contract/recurrence.ts";
import type { Task } from "../../../../src/contract/task.ts";
import { actAndTell } from "../undo-steps.ts";
import type { CivilDay, Clock } from "../../time/due-date.ts";
import { text } from "./messages.ts";
import { dayInSentence } from "./words.ts";

/** What the user can do about repeating. `field` is the one whose draft it saves. */

/** How a task repeats, as the editor has it. */
export interface Repeat {
  readonly pattern: string;
  readonly basis: "schedule" | "completion";
  /** The last date there may be. */
  readonly endDate: CivilDay | null;
}

const fieldsOf = ({ pattern, basis, endDate }: Repeat): WritableRecurrence => ({
  recurrence_pattern: pattern,
  recurrence_basis: basis,
  recurrence_end_date: endDate,
});

/** Makes a task repeat, from its due date on or from `firstDay` when it has none. */
export const makeRepeat = (task: Task, repeat: Repeat, firstDay: CivilDay, field: string): void => {
  const due = task.due_date === null ? { due_date: firstDay } : {};
  actAndTell(
    { kind: "update", id: task.id, patch: { ...due, ...fieldsOf(repeat) } },
    text.didRepeat(task.title),
    field,
  );
};

interface RuleChange {
  readonly series: Task;
  readonly occurrence: Task | undefined;
  readonly repeat: Repeat;
  readonly scope: SeriesScope;
  readonly field: string;
}

/** Changes the rule of a series as a whole, or from one of its occurrences on. */
export const changeRepeat = ({ series, occurrence, repeat, scope, field }: RuleChange): void => {
  const isFollowing = scope === "following" && occurrence !== undefined;
  const target = isFollowing ? { id: occurrence.id, scope } : { id: series.id };
  actAndTell({ kind: "update", patch: fieldsOf(repeat), ...target }, text.didChangeRule(series.title), field);
};

/** Ends a series; what is open of it stays to be done. */
export const stopRepeating = (series: Task, field?: string): void => {
  actAndTell({ kind: "update", id: series.id, patch: { recurrence_pattern: null } }, text.didStop(series.title), field);
};

/** Makes nothing of a series before `day`. */
export const pauseSeries = (series: Task, day: CivilDay, clock: Clock, field: string): void => {
  actAndTell(
    { kind: "update", id: series.id, patch: { recurrence_paused_until: day } },
    text.didPause(series.title, dayInSentence(day, clock).replace(/^on /, "")),
    field,
  );
};

export const resumeSeries = (series: Task): void => {
  actAndTell({ kind: "update", id: series.id, patch: { recurrence_paused_until: null } }, text.didResume(series.title));
};
