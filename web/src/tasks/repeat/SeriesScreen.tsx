import { Flame, PauseCircle, Repeat } from "lucide-react";
import { useEffect, useLayoutEffect, useMemo, type ReactElement } from "react";
import { Link } from "wouter";
import { navigate } from "wouter/use-browser-location";
import type { Task } from "../../../../src/contract/task.ts";
import { ensureLoaded } from "../../api/sync.ts";
import { useTasks } from "../../api/tasks-store.ts";
import { useClock } from "../../time/clock.ts";
import type { Clock } from "../../time/due-date.ts";
import { dayWords } from "../../time/due-words.ts";
import { rowId } from "../list-focus.ts";
import { leaveList, useList } from "../list-state.ts";
import { dueVocabulary } from "../../time/messages.ts";
import { openAddress, useOpenedTaskId } from "../open-task.ts";
import { text } from "./messages.ts";
import { dayInSentence, ruleWords } from "./words.ts";
import { isPaused, occurrencesOf, selectSeries, streakOf } from "../series.ts";
import { Button } from "../../ui/Button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { View } from "../../ui/View.tsx";
import styles from "./Series.module.css";

/** Every series: how it repeats, when it comes next, how many dates in a row were done. */
export const SeriesScreen = (): ReactElement => {
  const view = useTasks((state) => state.replica.view);
  const clock = useClock();
  const { running, ended } = useMemo(() => selectSeries(view.values()), [view]);
  const isLoaded = useSeriesLoaded();
  useOrder([...running, ...ended]);
  const count = running.length + ended.length;
  return (
    <View title={text.series} context={count > 0 ? text.seriesContext(running.length) : ""}>
      {count === 0 && isLoaded && <Empty />}
      <SeriesList series={running} label={text.series} clock={clock} />
      {ended.length > 0 && (
        <>
          <h2 className={styles.heading}>{text.ended}</h2>
          <SeriesList series={ended} label={text.ended} clock={clock} />
        </>
      )}
    </View>
  );
};

const Empty = (): ReactElement => (
  <EmptyState
    icon={<Repeat size={26} aria-hidden />}
    title={text.empty}
    action={
      <Button look="primary" onClick={() => navigate("/all")}>
        {text.goToTasks}
      </Button>
    }
  >
    {text.emptyText}
  </EmptyState>
);

/** The series, and what was completed of them. */
const useSeriesLoaded = (): boolean => {
  const isOnline = useTasks((state) => state.ready && state.connection === "live");
  useEffect(() => {
    if (isOnline) void Promise.all([ensureLoaded("series"), ensureLoaded("completed")]).catch(() => undefined);
  }, [isOnline]);
  return useTasks((state) => state.loaded.has("series"));
};

/** The keys that go from row to row go from series to series here. */
const useOrder = (series: readonly Task[]): void => {
  const order = series.map(({ id }) => id).join(" ");
  // Before anybody can see the rows, and press a key.
  useLayoutEffect(() => {
    useList.setState({ order: order.split(" "), reveal: () => undefined });
  }, [order]);
  useLayoutEffect(() => leaveList, []);
};

const SeriesList = ({
  series,
  label,
  clock,
}: {
  readonly series: readonly Task[];
  readonly label: string;
  readonly clock: Clock;
}): ReactElement | null =>
  series.length === 0 ? null : (
    <ul aria-label={label}>
      {series.map((each) => (
        <SeriesRow key={each.id} series={each} clock={clock} />
      ))}
    </ul>
  );

const SeriesRow = ({ series, clock }: { readonly series: Task; readonly clock: Clock }): ReactElement => {
  const isOpened = useOpenedTaskId() === series.id;
  return (
    <li className={classNames(styles.row, isOpened && styles.opened)}>
      <Link id={rowId(series.id)} href={openAddress(series.id)} className={styles.link}>
        <span className={styles.title} dir="auto">
          {series.title}
        </span>
      </Link>
      <span className={styles.sentence}>{series.recurrence_text == null ? text.hasEnded : ruleWords(series)}</span>
      <span className={styles.side}>
        <Streak series={series} clock={clock} />
        <Next series={series} clock={clock} />
      </span>
    </li>
  );
};

const Streak = ({ series, clock }: { readonly series: Task; readonly clock: Clock }): ReactElement | null => {
  const view = useTasks((state) => state.replica.view);
  const streak = useMemo(() => streakOf(series, occurrencesOf(view.values(), series.id), clock), [view, series, clock]);
  if (streak < 2) return null;
  return (
    <span className={styles.streak}>
      <Flame size={14} aria-hidden />
      {text.streak(streak)}
    </span>
  );
};

const Next = ({ series, clock }: { readonly series: Task; readonly clock: Clock }): ReactElement => {
  const { next_occurrence_date: next, recurrence_paused_until: until } = series;
  if (isPaused(series, clock)) {
    return (
      <span className={styles.paused}>
        <PauseCircle size={14} aria-hidden />
        {text.pausedUntil(dayWords(until ?? "", clock.day, dueVocabulary))}
      </span>
    );
  }
  return <span>{next == null ? text.noNext : text.nextOn(dayInSentence(next, clock))}</span>;
};
