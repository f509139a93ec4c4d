import { create } from "zustand";
import type { SeriesScope } from "../../../../src/contract/recurrence.ts";
import type { Task } from "../../../../src/contract/task.ts";
import { ensureLoaded } from "../../api/sync.ts";
import { useTasks } from "../../api/tasks-store.ts";
import { isRunning, seriesOf } from "../series.ts";

/** What is done to one date of a series, and may be meant for others. */
export type ScopedDeed = "title" | "description" | "priority" | "delete";

export interface ScopeQuestion {
  readonly deed: ScopedDeed;
  readonly occurrence: Task;
  readonly series: Task;
  /** What is chosen before the user chooses: where the series are listed, all of it is meant. */
  readonly preset: SeriesScope;
  readonly answer: (scope: SeriesScope) => void;
}

/** The question that waits for an answer; one at a time. */
export const useScopeQuestion = create<{ readonly question: ScopeQuestion | null }>(() => ({ question: null }));

/**
 * Asks which dates of a series are meant, and does it for these; at once for a task that is none of a series that goes
 * on. Whether it is one may have to be read first.
 */
export const askScope = (task: Task, deed: ScopedDeed, answer: (scope: SeriesScope) => void): void => {
  const { replica, connection } = useTasks.getState();
  const isUnknown = task.parent_recurring_task_id != null && !replica.view.has(task.parent_recurring_task_id);
  if (!isUnknown || connection !== "live") return ask(task, deed, answer);
  const askNow = (): void => ask(task, deed, answer);
  ensureLoaded("series").then(askNow, askNow);
};

const ask = (task: Task, deed: ScopedDeed, answer: (scope: SeriesScope) => void): void => {
  const series = seriesOf(useTasks.getState().replica.view, task);
  if (series === undefined || series === task || !isRunning(series)) return answer("this");
  const preset = location.pathname === "/series" ? "all" : "this";
  // The row that was edited takes the focus back first, and has it again after the answer.
  afterFocus(() => useScopeQuestion.setState({ question: { deed, occurrence: task, series, preset, answer } }));
};

/** What was typed is kept whatever the answer is: without one it is for the date it was typed at. Nothing is deleted. */
export const leaveQuestion = ({ deed, answer }: ScopeQuestion): void => {
  useScopeQuestion.setState({ question: null });
  if (deed !== "delete") answer("this");
};

export const answerQuestion = ({ deed, answer }: ScopeQuestion, scope: SeriesScope): void => {
  useScopeQuestion.setState({ question: null });
  // A row that goes hands its focus to the next, so it must have it again.
  if (deed === "delete") afterFocus(() => answer(scope));
  else answer(scope);
};

const afterFocus = (run: () => void): void => {
  requestAnimationFrame(() => requestAnimationFrame(run));
};
