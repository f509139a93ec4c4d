import { X } from "lucide-react";
import type { ReactElement } from "react";
import { Link } from "wouter";
import type { TaskReminder } from "../../../../src/contract/reminder.ts";
import type { Task } from "../../../../src/contract/task.ts";
import { addressWith } from "../../ui/address.ts";
import { IconButton } from "../../ui/Button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { closePicker } from "../list-state.ts";
import { text } from "./messages.ts";
import { momentBefore } from "./offsets.ts";
import styles from "./ReminderEditor.module.css";
import { standingOf, type Standing } from "./reminders.ts";
import { momentWords, offsetWords, reminderWords, type Setting } from "./words.ts";

interface RowProps {
  readonly task: Task;
  readonly setting: Setting;
  /** RFC 3339 instant. */
  readonly now: string;
}

interface PresetRowProps extends RowProps {
  readonly offset: string;
  /** The reminder the task has at this time, if any. */
  readonly reminder: TaskReminder | undefined;
  readonly isFull: boolean;
  readonly onAdd: () => void;
  readonly onRemove: (reminder: TaskReminder) => void;
}

/** One of the usual times, on or off. */
export const PresetRow = ({
  offset,
  reminder,
  task,
  setting,
  now,
  isFull,
  onAdd,
  onRemove,
}: PresetRowProps): ReactElement => {
  const moment = setting.due === null ? null : momentBefore(setting.due, offset, setting.clock, setting.allDayHour);
  const isPast = reminder === undefined && moment !== null && moment <= now;
  return (
    <div className={styles.row}>
      <label className={styles.preset}>
        <input
          type="checkbox"
          checked={reminder !== undefined}
          disabled={isFull && reminder === undefined}
          onChange={() => (reminder === undefined ? onAdd() : onRemove(reminder))}
        />
        <span>{offsetWords(offset, setting)}</span>
        {moment !== null && (
          <small>{isPast ? text.wasAt(momentWords(moment, setting.clock)) : momentWords(moment, setting.clock)}</small>
        )}
      </label>
      {reminder !== undefined && (
        <StandingNote
          standing={standingOf(reminder, task, now)}
          reminder={reminder}
          name={offsetWords(offset, setting)}
        />
      )}
    </div>
  );
};

interface ReminderRowProps extends RowProps {
  readonly reminder: TaskReminder;
  readonly onRemove: () => void;
}

/** A reminder at a time of the user's own. */
export const ReminderRow = ({ reminder, task, setting, now, onRemove }: ReminderRowProps): ReactElement => {
  const words = reminderWords(reminder, setting);
  return (
    <li className={styles.row}>
      <div className={styles.own}>
        <span>{words}</span>
        {reminder.offset !== null && reminder.remind_at !== null && (
          <small>{momentWords(reminder.remind_at, setting.clock)}</small>
        )}
        <IconButton small label={text.remove(words)} onClick={onRemove}>
          <X size={14} aria-hidden />
        </IconButton>
      </div>
      <StandingNote standing={standingOf(reminder, task, now)} reminder={reminder} name={words} />
    </li>
  );
};

const notes: Record<Standing, string | null> = {
  waiting: null,
  given: text.given,
  acknowledged: text.acknowledged,
  passed: text.passed,
  "no-date": text.noDate,
  closed: text.closed,
};

/** What became of it, where that is not simply to come, and the way to the whole story. */
const StandingNote = ({
  standing,
  reminder,
  name,
}: {
  readonly standing: Standing;
  readonly reminder: TaskReminder;
  readonly name: string;
}): ReactElement | null => {
  const note = notes[standing];
  if (note === null) return null;
  return (
    <p className={classNames(styles.standing, standing === "passed" && styles.warn)}>
      {note}
      <Link
        href={addressWith("why", reminder.id)}
        className={styles.why}
        aria-label={text.whyOf(name)}
        onClick={closePicker}
      >
        {text.why}
      </Link>
    </p>
  );
};
