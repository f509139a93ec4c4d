import type { Task } from "../../../../src/contract/task.ts";
import { useTasks, type TasksState } from "../../api/tasks-store.ts";
import { clockNow } from "../../time/clock.ts";
import { text } from "./messages.ts";
import { dayInSentence } from "./words.ts";

/** As long as a toast is read. */
const patienceMs = 7000;

/** A task that was completed or skipped. */
export interface Finished {
  readonly operationId: string;
  /** What was done, as the toast says it. */
  readonly what: string;
  readonly occurrence: Task;
  /** The series' next date until then. */
  readonly before: string | null | undefined;
  /** Says more in the toast. */
  readonly tell: (text: string) => void;
}

/** Says when a task that was completed or skipped comes next, once the server has answered. */
export const followNextDate = ({ operationId, what, occurrence, before, tell }: Finished): void => {
  const seriesId = occurrence.parent_recurring_task_id ?? "";
  const look = (state: TasksState): boolean => {
    const next = nextDate(state, operationId, occurrence.id, seriesId, before);
    if (next === undefined) return false;
    tell(next === null ? text.wasLast(what) : text.withNext(what, dayInSentence(next, clockNow())));
    return true;
  };
  if (look(useTasks.getState())) return;
  const stop = useTasks.subscribe((state) => look(state) && stop());
  setTimeout(stop, patienceMs);
};

/**
 * The answer has the date with the occurrence, the stream with the series: whichever was here first. Undefined until
 * then.
 */
const nextDate = (
  { replica }: TasksState,
  operationId: string,
  id: string,
  seriesId: string,
  before: string | null | undefined,
): string | null | undefined => {
  if (replica.queue.some((operation) => operation.id === operationId)) return undefined;
  const answered = replica.truth.get(id);
  if (answered?.completed !== true) return undefined;
  if (answered.next_occurrence_date != null) return answered.next_occurrence_date;
  const next = replica.truth.get(seriesId)?.next_occurrence_date;
  return next === before ? undefined : next;
};
