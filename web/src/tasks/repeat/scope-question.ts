import { create } from "zustand";
import type { SeriesScope } from "../../../../src/contract/recurrence.ts";
import type { Task } from "../../../../src/contract/task.ts";
import { ensureLoaded } from "../../api/sync.ts";
import { useTasks } from "../../api/tasks-store.ts";
import { repeatingOf, scopedTo, type Repeating, type Scoped } from "./scoped.ts";

/** What is done to dates of series, and may be meant for others. */
export type ScopedDeed = "title" | "description" | "priority" | "due" | "delete";

/** Done by one key or click: who leaves the question without an answer has lost nothing, and nothing is done. */
const isDropped: Readonly<Record<ScopedDeed, boolean>> = {
  title: false,
  description: false,
  priority: false,
  due: true,
  delete: true,
};

export interface ScopeQuestion {
  readonly deed: ScopedDeed;
  /** At least one. */
  readonly repeating: readonly Repeating[];
  /** To how many tasks it is done, also those that do not repeat. */
  readonly count: number;
  /** What is chosen before the user chooses: where the series are listed, all of it is meant. */
  readonly preset: SeriesScope;
  readonly answer: (scope: SeriesScope) => void;
}

/** The question that waits for an answer; one at a time. */
export const useScopeQuestion = create<{ readonly question: ScopeQuestion | null }>(() => ({ question: null }));

/**
 * Asks which dates are meant of the tasks that repeat, and does it for these and for the tasks that do not; at once
 * where none is of a series that goes on. Whether one is may have to be read first.
 */
export const askScope = (
  tasks: readonly Task[],
  deed: ScopedDeed,
  run: (targets: readonly Scoped[]) => unknown,
): void => {
  const { replica, connection } = useTasks.getState();
  const isUnknown = tasks.some(
    ({ parent_recurring_task_id: id }) => id !== undefined && id !== null && !replica.view.has(id),
  );
  const askNow = (): void => ask(tasks, deed, run);
  if (!isUnknown || connection !== "live") askNow();
  else ensureLoaded("series").then(askNow, askNow);
};

const ask = (tasks: readonly Task[], deed: ScopedDeed, run: (targets: readonly Scoped[]) => unknown): void => {
  const repeating = repeatingOf(useTasks.getState().replica.view, tasks);
  const answer = (scope: SeriesScope): unknown => run(scopedTo(tasks, repeating, scope));
  if (repeating.length === 0) return void answer("this");
  const preset = location.pathname === "/series" ? "all" : "this";
  // The row that was edited takes the focus back first, and has it again after the answer.
  afterFocus(() => useScopeQuestion.setState({ question: { deed, repeating, count: tasks.length, preset, answer } }));
};

/** Whether leaving the question leaves everything as it is. */
export const isDropping = ({ deed }: ScopeQuestion): boolean => isDropped[deed];

/** What was typed is kept whatever the answer is: without one it is for the date it was typed at. */
export const leaveQuestion = (question: ScopeQuestion): void => {
  useScopeQuestion.setState({ question: null });
  if (!isDropping(question)) question.answer("this");
};

export const answerQuestion = (question: ScopeQuestion, scope: SeriesScope): void => {
  useScopeQuestion.setState({ question: null });
  // A row that goes hands its focus to the next, so it must have it again.
  if (isDropping(question)) afterFocus(() => question.answer(scope));
  else question.answer(scope);
};

const afterFocus = (run: () => void): void => {
  requestAnimationFrame(() => requestAnimationFrame(run));
};
