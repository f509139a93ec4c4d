import { Bell, Repeat } from "lucide-react";
import { lazy, Suspense, useMemo, useState, type ReactElement } from "react";
import type { SeriesScope } from "../../../src/contract/recurrence.ts";
import type { Task } from "../../../src/contract/task.ts";
import { useTasks } from "../api/tasks-store.ts";
import { changeDue, tasksOf } from "./actions.ts";
import { useClock } from "../time/clock.ts";
import { commonDue } from "../time/due-date.ts";
import { DuePicker } from "./DuePicker.tsx";
import styles from "./DuePicker.module.css";
import { closePicker, type Picker } from "./list-state.ts";
import { text as reminderText } from "./reminders/messages.ts";
import { isPastSnooze, remindersOf } from "./reminders/reminders.ts";
import { text } from "./repeat/messages.ts";
import { scopeChoices } from "./repeat/scope-choices.ts";
import { repeatingOf, scopedTo, type Repeating } from "./repeat/scoped.ts";
import { capitalised } from "./repeat/words.ts";
import { ScopeSelect } from "./ScopeSelect.tsx";
import { isRunning, isSeries, seriesOf } from "./series.ts";

const ReminderEditor = lazy(async () => ({ default: (await import("./reminders/ReminderEditor.tsx")).ReminderEditor }));
const TaskRepeat = lazy(async () => ({ default: (await import("./repeat/TaskRepeat.tsx")).TaskRepeat }));

interface TaskDuePickerProps {
  readonly picker: Picker;
  /** At least one. */
  readonly tasks: readonly Task[];
  readonly first: Task;
}

/** The due date of tasks, and how one repeats and reminds, in one popover. */
export const TaskDuePicker = ({ picker, tasks, first }: TaskDuePickerProps): ReactElement => {
  // Several tasks get a date together, but repeat and remind each on its own.
  const isSingle = tasks.length === 1;
  const clock = useClock();
  const [page, setPage] = useState(isSingle ? picker.kind : "due");
  const [scope, setScope] = useState<SeriesScope>("this");
  const series = useTasks((state) => seriesOf(state.replica.view, first));
  const repeating = useRepeating(tasks);
  const canRepeat = isSingle && (series !== undefined || first.parent_recurring_task_id == null);
  const back = (): void => (picker.kind === "due" ? setPage("due") : closePicker());
  const pages: Partial<Record<Picker["kind"], ReactElement>> = {
    ...(canRepeat
      ? { repeat: <TaskRepeat task={first} series={series} clock={clock} onBack={back} onDone={closePicker} /> }
      : {}),
    reminders: <ReminderEditor task={first} clock={clock} isOccurrence={repeating.length > 0} onBack={back} />,
  };
  return (
    <DuePicker
      anchor={picker.anchor}
      due={commonDue(
        tasks.map(({ due_date }) => due_date),
        clock.zone,
      )}
      clock={clock}
      isRequired={scope !== "this" || isSeries(first)}
      onChange={(change) => changeDue(scopedTo(tasksOf(picker.ids), repeating, scope), change, clock)}
      onClose={closePicker}
      top={
        repeating.length > 0 && (
          <ScopeSelect
            className={styles.scope}
            label={text.moves}
            scopes={scopeChoices(repeating.length === 1)}
            scope={scope}
            onChoose={setScope}
          />
        )
      }
      foot={
        isSingle && (
          <>
            <div className={styles.separator} />
            {canRepeat && <RepeatEntry task={series ?? first} onOpen={() => setPage("repeat")} />}
            <ReminderEntry task={first} onOpen={() => setPage("reminders")} />
          </>
        )
      }
      {...(pages[page] === undefined ? {} : { page: <Suspense>{pages[page]}</Suspense> })}
    />
  );
};

/** Those of the tasks that are dates of a series that goes on. */
const useRepeating = (tasks: readonly Task[]): readonly Repeating[] => {
  const view = useTasks((state) => state.replica.view);
  return useMemo(() => repeatingOf(view, tasks), [view, tasks]);
};

const RepeatEntry = ({ task, onOpen }: { readonly task: Task; readonly onOpen: () => void }): ReactElement => (
  <button type="button" className={styles.shortcut} onClick={onOpen}>
    <Repeat size={16} aria-hidden />
    <span>{text.repeat}</span>
    <small className={styles.sentence}>
      {isRunning(task) ? capitalised(task.recurrence_text ?? text.repeats) : text.none}
    </small>
  </button>
);

const ReminderEntry = ({ task, onOpen }: { readonly task: Task; readonly onOpen: () => void }): ReactElement => {
  const count = remindersOf(task).filter((reminder) => !isPastSnooze(reminder)).length;
  return (
    <button type="button" className={styles.shortcut} onClick={onOpen}>
      <Bell size={16} aria-hidden />
      <span>{reminderText.reminders}</span>
      <small className={styles.sentence}>{count === 0 ? reminderText.none : count}</small>
    </button>
  );
};
