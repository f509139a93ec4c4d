import { CalendarRange, CheckCheck, Inbox, Sun, Trash2 } from "lucide-react";
import { useMemo, type ReactElement, type ReactNode } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { useTasks } from "../api/tasks-store.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { locale } from "../ui/messages.ts";
import { moveToDay } from "./actions.ts";
import { AddHere } from "./AddHere.tsx";
import { startAdding } from "./adding.ts";
import { addDays } from "../time/calendar.ts";
import { useClock } from "../time/clock.ts";
import { dayHeading, formatDay } from "../time/due-words.ts";
import { dueVocabulary } from "../time/messages.ts";
import { EmptyTrash } from "./EmptyTrash.tsx";
import { ExamplesNote } from "./ExamplesNote.tsx";
import { useList } from "./list-state.ts";
import { text } from "./messages.ts";
import { Screen } from "./Screen.tsx";
import styles from "./Screen.module.css";
import { selectAll, selectCompleted, selectToday, selectTrash, selectUpcoming } from "./selections.ts";
import { SortMenu } from "./SortMenu.tsx";
import type { Section } from "./TaskList.tsx";
import { useSort } from "./use-sort.ts";

const useView = () => useTasks((state) => state.replica.view);

/** What was completed a moment ago still has its row, but counts no longer. */
const countOpen = (tasks: readonly Task[]): number => tasks.filter(({ completed }) => !completed).length;

const AddFirst = (): ReactElement => (
  <Button look="primary" onClick={startAdding}>
    {text.add}
  </Button>
);

interface ListScreenProps {
  /** Beside the title; given by the app. */
  readonly action?: ReactNode;
}

export const TodayScreen = ({ action }: ListScreenProps): ReactElement => {
  const view = useView();
  const clock = useClock();
  const lingering = useList((state) => state.lingering);
  const [sort, chooseSort] = useSort("today");
  const { overdue, today } = useMemo(
    () => selectToday(view.values(), clock, lingering, sort),
    [view, clock, lingering, sort],
  );
  const sections = useMemo(
    (): Section[] => [
      {
        key: "overdue",
        heading: text.overdue,
        isLate: true,
        tasks: overdue,
        action: (
          <Button look="link" onClick={() => moveToDay(overdue, clock.day, clock)}>
            {text.rescheduleAll}
          </Button>
        ),
      },
      { key: "today", day: clock.day, ...(overdue.length > 0 ? { heading: text.today } : {}), tasks: today },
    ],
    [overdue, today, clock],
  );
  const date = formatDay(clock.day, locale, { weekday: "long", day: "numeric", month: "long" });
  const late = countOpen(overdue);
  const left = countOpen(today);
  const words = late === 0 ? text.leftToday(left) : text.leftOverdue(late, left);
  return (
    <Screen
      title={text.today}
      context={`${date} · ${late + left === 0 ? text.nothingLeft : words}`}
      action={
        <div className={styles.actions}>
          <SortMenu sort={sort} onChoose={chooseSort} />
          {action}
        </div>
      }
      needs="pending"
      clock={clock}
      sections={sections}
      top={
        <>
          <AddHere key={clock.day} clock={clock} defaultDue={clock.day} />
          <ExamplesNote />
        </>
      }
      empty={
        <EmptyState icon={<Sun size={26} aria-hidden />} title={text.emptyToday} action={<AddFirst />}>
          {text.emptyTodayText}
        </EmptyState>
      }
    />
  );
};

export const UpcomingScreen = (): ReactElement => {
  const view = useView();
  const clock = useClock();
  const lingering = useList((state) => state.lingering);
  const [sort, chooseSort] = useSort("upcoming");
  const days = useMemo(() => selectUpcoming(view.values(), clock, lingering, sort), [view, clock, lingering, sort]);
  const sections = useMemo(
    () =>
      days.map(({ day, tasks }): Section => ({
        key: day,
        day,
        heading: dayHeading(day, clock.day, dueVocabulary),
        tasks,
      })),
    [days, clock.day],
  );
  const tomorrow = addDays(clock.day, 1);
  return (
    <Screen
      title={text.upcoming}
      context={text.upcomingContext(days.reduce((sum, { tasks }) => sum + countOpen(tasks), 0))}
      action={<SortMenu sort={sort} onChoose={chooseSort} />}
      needs="pending"
      clock={clock}
      sections={sections}
      top={<AddHere key={tomorrow} clock={clock} defaultDue={tomorrow} />}
      empty={
        <EmptyState icon={<CalendarRange size={26} aria-hidden />} title={text.emptyUpcoming} action={<AddFirst />}>
          {text.emptyUpcomingText}
        </EmptyState>
      }
    />
  );
};

export const AllScreen = ({ action }: ListScreenProps): ReactElement => {
  const view = useView();
  const clock = useClock();
  const lingering = useList((state) => state.lingering);
  const [sort, chooseSort] = useSort("all");
  const tasks = useMemo(() => selectAll(view.values(), clock, sort, lingering), [view, clock, sort, lingering]);
  const sections = useMemo((): Section[] => [{ key: "all", tasks }], [tasks]);
  return (
    <Screen
      title={text.all}
      context={text.allContext(countOpen(tasks))}
      needs="pending"
      clock={clock}
      sections={sections}
      action={
        <div className={styles.actions}>
          <SortMenu sort={sort} onChoose={chooseSort} />
          {action}
        </div>
      }
      top={
        <>
          <AddHere clock={clock} defaultDue={null} />
          <ExamplesNote />
        </>
      }
      empty={
        <EmptyState icon={<Inbox size={26} aria-hidden />} title={text.emptyAll} action={<AddFirst />}>
          {text.emptyAllText}
        </EmptyState>
      }
    />
  );
};

export const CompletedScreen = (): ReactElement => {
  const view = useView();
  const clock = useClock();
  const days = useMemo(() => selectCompleted(view.values(), clock), [view, clock]);
  const sections = useMemo(
    () =>
      days.map(({ day, tasks }): Section => ({ key: day, heading: dayHeading(day, clock.day, dueVocabulary), tasks })),
    [days, clock.day],
  );
  return (
    <Screen
      title={text.completed}
      context={text.completedContext(days.reduce((sum, { tasks }) => sum + tasks.length, 0))}
      needs="completed"
      clock={clock}
      sections={sections}
      empty={
        <EmptyState icon={<CheckCheck size={26} aria-hidden />} title={text.emptyCompleted}>
          {text.emptyCompletedText}
        </EmptyState>
      }
    />
  );
};

export const TrashScreen = (): ReactElement => {
  const view = useView();
  const clock = useClock();
  const tasks = useMemo(() => selectTrash(view.values()), [view]);
  const sections = useMemo((): Section[] => [{ key: "trash", tasks }], [tasks]);
  return (
    <Screen
      title={text.trash}
      context={text.trashContext}
      action={<EmptyTrash tasks={tasks} />}
      needs="deleted"
      clock={clock}
      sections={sections}
      empty={
        <EmptyState icon={<Trash2 size={26} aria-hidden />} title={text.emptyTrash}>
          {text.emptyTrashText}
        </EmptyState>
      }
    />
  );
};
