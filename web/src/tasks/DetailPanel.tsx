import { CalendarDays, Check, Flag, RotateCcw, Trash2, Undo2, X } from "lucide-react";
import { lazy, Suspense, useEffect, type ReactElement, type ReactNode } from "react";
import { useLocation } from "wouter";
import type { Task } from "../../../src/contract/task.ts";
import { refusedOperation } from "../api/replica.ts";
import { ensureLoaded } from "../api/sync.ts";
import { useTasks } from "../api/tasks-store.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { ErrorBoundary } from "../ui/ErrorBoundary.tsx";
import { locale } from "../ui/messages.ts";
import { Tabs, type TabChoice } from "../ui/Tabs.tsx";
import { deleteTasks, restoreTask, toggleCompleted } from "./actions.ts";
import { useClock } from "../time/clock.ts";
import { Description } from "./Description.tsx";
import styles from "./DetailPanel.module.css";
import { DueChip } from "./DueChip.tsx";
import { formatInstant } from "../time/due-words.ts";
import { closeTask } from "./list-focus.ts";
import { openPicker, type Picker } from "./list-state.ts";
import { text } from "./messages.ts";
import { chooseDetailTab, openTask, replaceOpenTask, useDetailTab, type DetailTab } from "./open-task.ts";
import { Refusal } from "./Refusal.tsx";
import { ReminderFact } from "./reminders/ReminderFact.tsx";
import { RepeatFact } from "./repeat/RepeatFact.tsx";
import { isSeries, successorOf } from "./series.ts";
import { TitleField } from "./TitleField.tsx";
import { TitleLinks } from "./TitleLinks.tsx";

const SeriesDetail = lazy(async () => ({ default: (await import("./repeat/SeriesDetail.tsx")).SeriesDetail }));

const tabs: readonly TabChoice<DetailTab>[] = [
  { value: "detail", label: text.detailTab },
  { value: "history", label: text.historyTab },
];

interface DetailPanelProps {
  readonly id: string;
  /** What the history tab shows; given by the app. */
  readonly history: ReactNode;
}

/** Everything about one task. All of it saves by itself. */
export const DetailPanel = ({ id, history }: DetailPanelProps): ReactElement | null => {
  const task = useTasks((state) => state.replica.view.get(id));
  const isLookedFor = useWhereabouts(task === undefined);
  const tab = useDetailTab();
  useSuccessor(id);
  if (task === undefined) return isLookedFor ? null : <Gone history={history} />;
  return (
    <div className={styles.panel}>
      <Head task={task} />
      <Tabs label={text.detail} value={tab} choices={tabs} onChoose={chooseDetailTab}>
        {tab === "detail" ? (
          <ErrorBoundary key={id} of={task} renderFailure={(tryAgain) => <Failed task={task} onTryAgain={tryAgain} />}>
            <Facets key={id} task={task} />
          </ErrorBoundary>
        ) : (
          <Suspense>
            <div className={styles.body}>{history}</div>
          </Suspense>
        )}
      </Tabs>
    </div>
  );
};

const Facets = ({ task }: { readonly task: Task }): ReactElement =>
  isSeries(task) ? (
    <Suspense>
      <SeriesDetail series={task} />
    </Suspense>
  ) : (
    <Body task={task} />
  );

const everyList = ["pending", "series", "completed", "deleted"] as const;

/** A task that is in none of the lists known so far may be in another: true until all were looked through. */
const useWhereabouts = (isMissing: boolean): boolean => {
  const isOnline = useTasks((state) => state.ready && state.connection === "live");
  const isOffline = useTasks((state) => state.connection === "offline");
  const isComplete = useTasks((state) => everyList.every((list) => state.loaded.has(list)));
  useEffect(() => {
    if (isMissing && isOnline) void Promise.all(everyList.map(ensureLoaded)).catch(() => undefined);
  }, [isMissing, isOnline]);
  return isMissing && !isComplete && !isOffline;
};

/**
 * A task that was made a series, or an occurrence that its series took back, gives way to the occurrence that stands in
 * the lists now.
 */
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
    <IconButton label={text.close} shortcut="Esc" onClick={() => closeTask(task.id)}>
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
      <TitleLinks title={task.title} />
      {refused !== undefined && <Refusal operation={refused} place="panel" className={styles.refusal} />}
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

/** What is left when the facts of a task cannot be shown: its words, which can be read and mended. */
const Failed = ({ task, onTryAgain }: { readonly task: Task; readonly onTryAgain: () => void }): ReactElement => (
  <div className={styles.body}>
    <div className={styles.refusal} role="alert">
      <strong>{text.taskFailed}</strong>
      <span>{text.taskFailedText}</span>
      <Button look="link" onClick={onTryAgain}>
        {text.tryAgain}
      </Button>
    </div>
    <TitleField task={task} />
    <Description task={task} />
  </div>
);

const Facts = ({ task }: { readonly task: Task }): ReactElement => {
  const clock = useClock();
  const pick = (kind: Picker["kind"], anchor: Element): void => openPicker({ kind, ids: [task.id], anchor });
  return (
    <dl className={styles.facts}>
      <dt>{text.dueDate}</dt>
      <dd className={styles.due} data-pick="due">
        {task.due_date === null ? (
          <button
            type="button"
            className={styles.fact}
            aria-haspopup="dialog"
            onClick={(event) => pick("due", event.currentTarget)}
          >
            <CalendarDays size={14} aria-hidden />
            {text.noDate}
          </button>
        ) : (
          <DueChip
            due={task.due_date}
            clock={clock}
            isDone={task.completed || task.deleted_at !== null}
            onClick={(event) => pick("due", event.currentTarget)}
          />
        )}
      </dd>
      <RepeatFact task={task} className={styles.fact} onEdit={(anchor) => pick("repeat", anchor)} />
      <ReminderFact task={task} className={styles.fact} onEdit={(anchor) => pick("reminders", anchor)} />
      <dt>{text.priority}</dt>
      <dd data-pick="priority">
        <button
          type="button"
          className={styles.fact}
          aria-haspopup="menu"
          onClick={(event) => pick("priority", event.currentTarget)}
        >
          <Flag size={14} aria-hidden />
          {text[task.priority]}
        </button>
      </dd>
    </dl>
  );
};

/** Nothing is left of it but its history. */
const Gone = ({ history }: { readonly history: ReactNode }): ReactElement => (
  <div className={styles.panel}>
    <div className={styles.gone}>
      <h2>{text.gone}</h2>
      <p>{text.goneText}</p>
      <div>
        <Button onClick={() => openTask(null)}>{text.close}</Button>
      </div>
    </div>
    <Suspense>
      <div className={styles.body}>{history}</div>
    </Suspense>
  </div>
);
