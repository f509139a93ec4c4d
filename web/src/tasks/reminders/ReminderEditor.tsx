import { useEffect, useRef, useState, type ReactElement } from "react";
import type { SeriesScope } from "../../../../src/contract/recurrence.ts";
import type { TaskReminder } from "../../../../src/contract/reminder.ts";
import type { Task } from "../../../../src/contract/task.ts";
import { dropDraft } from "../../api/drafts.ts";
import { useUser } from "../../api/session.ts";
import { useTasks } from "../../api/tasks-store.ts";
import { instantOf, kindOf, type Clock } from "../../time/due-date.ts";
import { PickerHead, pickerPage } from "../PickerPage.tsx";
import { ScopeSelect } from "../ScopeSelect.tsx";
import { newReminder, setReminders } from "./actions.ts";
import { AskForBrowser } from "./AskForBrowser.tsx";
import { CustomOffset, CustomMoment } from "./CustomReminder.tsx";
import { text } from "./messages.ts";
import { hourText, isSameOffset } from "./offsets.ts";
import { PresetRow, ReminderRow } from "./ReminderRow.tsx";
import styles from "./ReminderEditor.module.css";
import { countWaiting, isPastSnooze, pendingLimit, remindersOf, sortedReminders } from "./reminders.ts";

interface ReminderEditorProps {
  readonly task: Task;
  readonly clock: Clock;
  /** For an occurrence of a series that goes on: its dates to come can be given the same reminders. */
  readonly isOccurrence: boolean;
  readonly onBack: () => void;
}

const timed = ["PT0S", "PT15M", "PT1H", "P1D", "P1W"];
const allDay = ["PT0S", "P1D", "P2D", "P1W"];

/**
 * When a task reminds: the usual times before it is due, one's own, or a moment; as many as wanted. Each choice saves
 * by itself.
 */
export const ReminderEditor = ({ task, clock, isOccurrence, onBack }: ReminderEditorProps): ReactElement => {
  const allDayHour = useUser()?.all_day_hour ?? 9;
  const [scope, setScope] = useState<SeriesScope>(isOccurrence ? "all" : "this");
  const now = instantOf(clock.time, clock.zone);
  const isFull = useTasks((state) => countWaiting(state.replica.view.values(), now) >= pendingLimit);
  const editor = useRef<HTMLDivElement>(null);
  useEffect(() => editor.current?.querySelector<HTMLElement>("input:enabled, select:enabled")?.focus(), []);

  const reminders = remindersOf(task);
  const presets = task.due_date === null ? [] : kindOf(task.due_date) === "date" ? allDay : timed;
  const setting = { due: task.due_date, clock, allDayHour };
  const ofPreset = (offset: string): TaskReminder | undefined =>
    reminders.find((each) => each.offset !== null && isSameOffset(each.offset, offset));
  const isListed = (reminder: TaskReminder): boolean =>
    !isPastSnooze(reminder) && !presets.some((preset) => ofPreset(preset) === reminder);
  const others = sortedReminders(reminders.filter(isListed));
  const [offsetField, momentField] = [`reminder-offset.${task.id}`, `reminder-moment.${task.id}`];
  const add = (when: { offset: string } | { remind_at: string }, field?: string): void =>
    setReminders(task, [...reminders, newReminder(when, task, clock, allDayHour)], scope, field);
  const remove = (reminder: TaskReminder): void =>
    setReminders(
      task,
      reminders.filter(({ id }) => id !== reminder.id),
      scope,
    );
  const addOffset = (offset: string, field?: string): void => {
    if (ofPreset(offset) === undefined) add({ offset }, field);
    else if (field !== undefined) dropDraft(field);
  };

  return (
    <div ref={editor} className={pickerPage}>
      <PickerHead title={text.reminders} backLabel={text.back} onBack={onBack} />
      {isOccurrence && (
        <ScopeSelect className={styles.scope} label={text.applies} scopes={scopes} scope={scope} onChoose={setScope} />
      )}
      {others.length > 0 && (
        <ul>
          {others.map((reminder) => (
            <ReminderRow
              key={reminder.id}
              reminder={reminder}
              task={task}
              setting={setting}
              now={now}
              onRemove={() => remove(reminder)}
            />
          ))}
        </ul>
      )}
      {presets.length > 0 ? (
        <fieldset className={styles.presets}>
          <legend className="visually-hidden">{text.reminders}</legend>
          {presets.map((offset) => (
            <PresetRow
              key={offset}
              offset={offset}
              reminder={ofPreset(offset)}
              task={task}
              setting={setting}
              now={now}
              isFull={isFull}
              onAdd={() => addOffset(offset)}
              onRemove={remove}
            />
          ))}
        </fieldset>
      ) : (
        <p className={styles.note}>{text.needsDue}</p>
      )}
      {isFull && (
        <p className={styles.note} role="status">
          {text.limit}
        </p>
      )}
      <div className={styles.separator} />
      {presets.length > 0 && (
        <CustomOffset field={offsetField} isDisabled={isFull} onAdd={(offset) => addOffset(offset, offsetField)} />
      )}
      <CustomMoment
        field={momentField}
        clock={clock}
        isDisabled={isFull}
        onAdd={(moment) => add({ remind_at: moment }, momentField)}
      />
      {task.due_date !== null && kindOf(task.due_date) === "date" && (
        <p className={styles.note}>{text.allDay(hourText(allDayHour))}</p>
      )}
      {reminders.length > 0 && <AskForBrowser />}
    </div>
  );
};

const scopes = [
  { value: "all", label: text.occurrencesToCome },
  { value: "this", label: text.thisOne },
] as const;
