import { Repeat, SkipForward } from "lucide-react";
import type { ReactElement } from "react";
import { Link } from "wouter";
import type { Task } from "../../../../src/contract/task.ts";
import { useTasks } from "../../api/tasks-store.ts";
import { Button } from "../../ui/Button.tsx";
import { skipOccurrences } from "../actions.ts";
import { isRunning, seriesOf } from "../series.ts";
import { stopRepeating } from "./actions.ts";
import { isByCompletion } from "./coming.ts";
import { text } from "./messages.ts";
import styles from "./RepeatFact.module.css";
import { useNextDates } from "./use-next-dates.ts";
import { ruleWords } from "./words.ts";

interface RepeatFactProps {
  readonly task: Task;
  readonly className: string | undefined;
  readonly onEdit: (anchor: Element) => void;
}

/** How a task repeats, among its facts, and what can be done about it. */
export const RepeatFact = ({ task, className, onEdit }: RepeatFactProps): ReactElement | null => {
  const series = useTasks((state) => seriesOf(state.replica.view, task));
  if (series === undefined && task.parent_recurring_task_id != null) return null;
  const source = series ?? task;
  const words = isRunning(source) ? ruleWords(source) : text.none;
  return (
    <>
      <dt>{text.repeat}</dt>
      <dd>
        <button
          type="button"
          className={className}
          aria-haspopup="dialog"
          onClick={(event) => onEdit(event.currentTarget)}
        >
          <Repeat size={14} aria-hidden />
          {words}
        </button>
      </dd>
      {series !== undefined && series !== task && isRunning(series) && <Coming series={series} occurrence={task} />}
    </>
  );
};

/** The dates after this occurrence, to skip it, and the ways to its series. */
const Coming = ({ series, occurrence }: { readonly series: Task; readonly occurrence: Task }): ReactElement => (
  <>
    {!(occurrence.completed && isByCompletion(series)) && (
      <NextDays series={series} after={occurrence.occurrence_date ?? ""} />
    )}
    <dt className="visually-hidden">{text.series}</dt>
    <dd className={styles.actions}>
      {!occurrence.completed && (
        <Button look="quiet" onClick={() => skipOccurrences([occurrence])}>
          <SkipForward size={14} aria-hidden />
          {text.skip}
        </Button>
      )}
      <Button look="quiet" onClick={() => stopRepeating(series)}>
        {text.stop}
      </Button>
      <Link className={styles.link} href={`/series?task=${series.id}`}>
        {text.showSeries}
      </Link>
    </dd>
  </>
);

/** The next dates of a series, after one of them. Nothing while they are not known: all of it can be done without. */
export const NextDays = ({ series, after }: { readonly series: Task; readonly after: string }): ReactElement | null => {
  const { dates } = useNextDates(series, after);
  const [first] = dates;
  if (first === undefined) return null;
  return isByCompletion(series) ? (
    <>
      <dt>{text.nextDate}</dt>
      <dd className={styles.dates}>{text.ifCompletedToday(first)}</dd>
    </>
  ) : (
    <>
      <dt>{text.nextDates}</dt>
      <dd className={styles.dates}>
        {dates.map((date) => (
          <span key={date}>{date}</span>
        ))}
      </dd>
    </>
  );
};
