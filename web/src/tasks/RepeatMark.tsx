import { Repeat } from "lucide-react";
import type { ReactElement } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { useTasks } from "../api/tasks-store.ts";
import { Tooltip } from "../ui/Tooltip.tsx";
import { text } from "./messages.ts";
import { isRunning, seriesOf } from "./series.ts";

/** Says that a task repeats, and how; nothing for one that does not. */
export const RepeatMark = ({
  task,
  className,
}: {
  readonly task: Task;
  readonly className: string | undefined;
}): ReactElement | null => {
  const words = useTasks((state) => repeatWords(seriesOf(state.replica.view, task) ?? task));
  if (words === null) return null;
  return (
    <Tooltip text={words}>
      <span className={className}>
        <Repeat size={14} aria-hidden />
        <span className="visually-hidden">{words}</span>
      </span>
    </Tooltip>
  );
};

/** Before the server has answered, only that it repeats is known. */
const repeatWords = (series: Task): string | null => {
  if (!isRunning(series)) return null;
  return series.recurrence_text == null ? text.repeats : text.repeatsAs(series.recurrence_text);
};
