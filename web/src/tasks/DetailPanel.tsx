import { CalendarDays, Check, Flag, RotateCcw, Trash2, Undo2, X } from "lucide-react";
import { lazy, Suspense, useEffect, type ReactElement } from "react";
import { useLocation } from "wouter";
import type { Task } from "../../../src/contract/task.ts";
import { refusedOperation } from "../api/replica.ts";
import { useTasks } from "../api/tasks-store.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { locale } from "../ui/messages.ts";
import { deleteTasks, restoreTask, toggleCompleted } from "./actions.ts";
import { useClock } from "../time/clock.ts";
import { Description } from "./Description.tsx";
import styles from "./DetailPanel.module.css";
import { DueChip } from "./DueChip.tsx";
import { formatInstant } from "../time/due-words.ts";
import { focusRow, openPicker, type Picker } from "./list-state.ts";
import { text } from "./messages.ts";
import { openTask, replaceOpenTask } from "./open-task.ts";
import { Refusal } from "./Refusal.tsx";
import { RepeatFact } from "./repeat/RepeatFact.tsx";
import { isSeries, successorOf } from "./series.ts";
import { TitleField } from "./TitleField.tsx";

const SeriesDetail = lazy(async () => ({ default: (await import("./repeat/SeriesDetail.tsx")).SeriesDetail }));

const close = (id: string): void => {
  openTask(null);
  focusRow(id);
};

/** Everything about one task. All of it saves by itself. */
export const DetailPanel = ({ id }: { readonly id: string }): ReactElement | null => {
  const task = useTasks((state) => state.replica.view.get(id));
  const isKnown = useTasks((state) => state.ready && state.loaded.has("pending") && state.loaded.has("series"));
  useSuccessor(id);
  if (task === undefined) return isKnown ? <Gone /> : null;
  return (
    <div className={styles.panel}>
      <Head task={task} />
      {isSeries(task) ? (
        <Suspense>
          <SeriesDetail key={id} series={task} />
        </Suspense>
      ) : (
        <Body key={id} task={task} />
      )}
    </div>
  );
};

/** A task that was made a series, or an occurrence that its series took back, gives way to the occurrence that stands in the lists now. */
const useSuccessor = (id: string): void => {
  const isAmongSeries = useLocation()[0] === "/series";
  const successor = useTasks((state) => (isAmongSeries ? undefined : successorOf(state.replica.view, id)?.id));
  useEffect(() => {
    if (successor !== undefined) replaceOpenTask(successor);
  }, [successor]);
};

const Head = ({ task }: { readonly task: Task }): ReactElement => (
  <div className={styles.head}>
    {task.deleted_at === null && isSeries(task) && <span />}
    {task.deleted_at === null && !isSeries(task) && (
      <Button look="outline" onClick={() => toggleCompleted([task])}>
        {task.completed ? <RotateCcw size={16} aria-hidden /> : <Check size={16} aria-hidden />}
        {task.completed ? text.reopenShort : text.completeShort}
      </Button>
    )}
    {task.deleted_at !== null && (
      <Button look="outline" onClick={() => restoreTask(task)}>
        <Undo2 size={16} aria-hidden />
        {text.restoreShort}
      </Button>
    )}
    {task.deleted_at === null && (
      <IconButton label={text.deleteShort} shortcut="Delete" onClick={() => deleteTasks([task])}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
    )}
    <IconButton label={text.close} shortcut="Esc" onClick={() => close(task.id)}>
      <X size={18} aria-hidden />
    </IconButton>
  </div>
);

const Body = ({ task }: { readonly task: Task }): ReactElement => {
  const clock = useClock();
  const refused = useTasks((state) => refusedOperation(state.replica, task.id));
  const when = (instant: string): string => formatInstant(instant, clock.zone, locale);
  return (
    <div className={styles.body}>
      <TitleField task={task} />
      {refused !== undefined && <Refusal operation={refused} className={styles.refusal} />}
      <Facts task={task} />
      <Description task={task} />
      <div className={styles.foot}>
        <p>{text.created(when(task.created_at))}</p>
        <p>{text.updated(when(task.updated_at))}</p>
        {task.completed_at !== null && <p>{text.completedAt(when(task.completed_at))}</p>}
        {task.deleted_at !== null && <p>{text.deletedAt(when(task.deleted_at))}</p>}
      </div>
    </div>
  );
};

const Facts = ({ task }: { readonly task: Task }): ReactElement => {
  const clock = useClock();
  const pick = (kind: Picker["kind"], anchor: Element): void => openPicker({ kind, ids: [task.id], anchor });
  return (
    <dl className={styles.facts}>
      <dt>{text.dueDate}</dt>
      <dd>
        {task.due_date === null ? (
          <button type="button" className={styles.fact} aria-haspopup="dialog" onClick={(event) => pick("due", event.currentTarget)}>
            <CalendarDays size={14} aria-hidden />
            {text.noDate}
          </button>
        ) : (
          <DueChip due={task.due_date} clock={clock} isDone={task.completed || task.deleted_at !== null} onClick={(event) => pick("due", event.currentTarget)} />
        )}
      </dd>
      <RepeatFact task={task} className={styles.fact} onEdit={(anchor) => pick("repeat", anchor)} />
      <dt>{text.priority}</dt>
      <dd>
        <button type="button" className={styles.fact} aria-haspopup="menu" onClick={(event) => pick("priority", event.currentTarget)}>
          <Flag size={14} aria-hidden />
          {text[task.priority]}
        </button>
      </dd>
    </dl>
  );
};

const Gone = (): ReactElement => (
  <div className={styles.gone}>
    <h2>{text.gone}</h2>
    <p>{text.goneText}</p>
    <div>
      <Button onClick={() => openTask(null)}>{text.close}</Button>
    </div>
  </div>
);
