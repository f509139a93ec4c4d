import { Bell } from "lucide-react";
import type { ReactElement } from "react";
import type { Task } from "../../../../src/contract/task.ts";
import { useUser } from "../../api/session.ts";
import { useClock } from "../../time/clock.ts";
import { text } from "./messages.ts";
import { isPastSnooze, remindersOf, sortedReminders } from "./reminders.ts";
import { reminderWords } from "./words.ts";

interface ReminderFactProps {
  readonly task: Task;
  readonly className: string | undefined;
  readonly onEdit: (anchor: Element) => void;
}

/** When a task reminds, among its facts. */
export const ReminderFact = ({ task, className, onEdit }: ReminderFactProps): ReactElement => {
  const clock = useClock();
  const allDayHour = useUser()?.all_day_hour ?? 9;
  const [first, ...others] = sortedReminders(remindersOf(task).filter((reminder) => !isPastSnooze(reminder)));
  const words = first === undefined ? text.none : reminderWords(first, { due: task.due_date, clock, allDayHour });
  return (
    <>
      <dt>{text.reminders}</dt>
      <dd>
        <button
          type="button"
          className={className}
          aria-haspopup="dialog"
          onClick={(event) => onEdit(event.currentTarget)}
        >
          <Bell size={14} aria-hidden />
          {others.length === 0 ? words : text.andMore(words, others.length)}
        </button>
      </dd>
    </>
  );
};
