import { Bell } from "lucide-react";
import type { ReactElement } from "react";
import type { Task } from "../../../../src/contract/task.ts";
import { instantOf, type Clock } from "../../time/due-date.ts";
import { dueWords } from "../../time/due-words.ts";
import { dueVocabulary } from "../../time/messages.ts";
import { Tooltip } from "../../ui/Tooltip.tsx";
import { text } from "../messages.ts";
import { waitingOf } from "./reminders.ts";

interface ReminderMarkProps {
  readonly task: Task;
  readonly clock: Clock;
  readonly className: string | undefined;
}

/** Says that a task will remind, and when next; nothing for one that will not. */
export const ReminderMark = ({ task, clock, className }: ReminderMarkProps): ReactElement | null => {
  if (task.reminders === undefined || task.reminders.length === 0) return null;
  const words = waitingWords(task, clock);
  if (words === null) return null;
  return (
    <Tooltip text={words}>
      <span className={className}>
        <Bell size={14} aria-hidden />
        <span className="visually-hidden">{words}</span>
      </span>
    </Tooltip>
  );
};

const waitingWords = (task: Task, clock: Clock): string | null => {
  const [next, ...others] = waitingOf(task, instantOf(clock.time, clock.zone));
  if (next?.remind_at == null) return null;
  const first = text.remindsOn(dueWords(next.remind_at, clock, dueVocabulary).text);
  return others.length === 0 ? first : text.andMoreReminders(first, others.length);
};
