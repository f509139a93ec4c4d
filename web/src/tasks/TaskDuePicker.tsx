import { Repeat } from "lucide-react";
import { lazy, Suspense, useState, type ReactElement } from "react";
import type { SeriesScope } from "../../../src/contract/recurrence.ts";
import type { Task } from "../../../src/contract/task.ts";
import { useTasks } from "../api/tasks-store.ts";
import { setDue, tasksOf } from "./actions.ts";
import { useClock } from "../time/clock.ts";
import { DuePicker } from "./DuePicker.tsx";
import styles from "./DuePicker.module.css";
import { closePicker, type Picker } from "./list-state.ts";
import { text } from "./repeat/messages.ts";
import { capitalised } from "./repeat/words.ts";
import { isRunning, isSeries, seriesOf } from "./series.ts";

const TaskRepeat = lazy(async () => ({ default: (await import("./repeat/TaskRepeat.tsx")).TaskRepeat }));

interface TaskDuePickerProps {
  readonly picker: Picker;
  readonly first: Task;
  /** Several tasks get a date together, but repeat each on its own. */
  readonly isSingle: boolean;
}

/** The due date of tasks, and how one repeats, in one popover. */
export const TaskDuePicker = ({ picker, first, isSingle }: TaskDuePickerProps): ReactElement => {
  const clock = useClock();
  const [isRepeat, setRepeat] = useState(picker.kind === "repeat" && isSingle);
  const [scope, setScope] = useState<SeriesScope>("this");
  const series = useTasks((state) => seriesOf(state.replica.view, first));
  const isRunningOccurrence = isSingle && series !== undefined && series !== first && isRunning(series);
  const canRepeat = isSingle && (series !== undefined || first.parent_recurring_task_id == null);
  const back = (): void => (picker.kind === "repeat" ? closePicker() : setRepeat(false));
  return (
    <DuePicker
      anchor={picker.anchor}
      due={first.due_date}
      clock={clock}
      isRequired={scope !== "this" || isSeries(first)}
      onPick={(due) => setDue(tasksOf(picker.ids), due, clock, scope)}
      onClose={closePicker}
      top={isRunningOccurrence && <Scope scope={scope} onChoose={setScope} />}
      foot={canRepeat && <RepeatEntry task={series ?? first} onOpen={() => setRepeat(true)} />}
      {...(isRepeat && canRepeat
        ? {
            page: (
              <Suspense>
                <TaskRepeat task={first} series={series} clock={clock} onBack={back} onDone={closePicker} />
              </Suspense>
            ),
          }
        : {})}
    />
  );
};

const scopes = [
  { value: "this", label: text.scopeThis },
  { value: "following", label: text.scopeFollowing },
  { value: "all", label: text.scopeAll },
] as const;

const Scope = ({ scope, onChoose }: { readonly scope: SeriesScope; readonly onChoose: (scope: SeriesScope) => void }): ReactElement => (
  <label className={styles.scope}>
    <span>{text.moves}</span>
    <select value={scope} onChange={(event) => onChoose(scopes.find(({ value }) => value === event.currentTarget.value)?.value ?? "this")}>
      {scopes.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  </label>
);

const RepeatEntry = ({ task, onOpen }: { readonly task: Task; readonly onOpen: () => void }): ReactElement => (
  <>
    <div className={styles.separator} />
    <button type="button" className={styles.shortcut} onClick={onOpen}>
      <Repeat size={16} aria-hidden />
      <span>{text.repeat}</span>
      <small className={styles.sentence}>{isRunning(task) ? capitalised(task.recurrence_text ?? text.repeats) : text.none}</small>
    </button>
  </>
);
