import { lazy, Suspense, useMemo, type ReactElement, type ReactNode } from "react";
import { useSearchParams } from "wouter";
import { useUser } from "../../api/session.ts";
import { formatDay } from "../../time/due-words.ts";
import { locale } from "../../ui/messages.ts";
import { text } from "../messages.ts";
import { Figure } from "./Figure.tsx";
import {
  byPriority,
  onTimeShare,
  perDay,
  perWeek,
  streaksOf,
  within,
  type Completion,
  type Period,
} from "./statistics.ts";
import styles from "./StatisticsScreen.module.css";

const loadPlots = () => import("./Plots.tsx");
const DayPlot = lazy(async () => ({ default: (await loadPlots()).DayPlot }));
const WeekPlot = lazy(async () => ({ default: (await loadPlots()).WeekPlot }));
const PriorityPlot = lazy(async () => ({ default: (await loadPlots()).PriorityPlot }));

interface NumbersProps {
  readonly completions: readonly Completion[];
  readonly period: Period;
}

/** The numbers of a period, and the streaks of all time. */
export const Numbers = ({ completions, period }: NumbersProps): ReactElement => {
  const inPeriod = useMemo(() => within(completions, period), [completions, period]);
  const streaks = useMemo(() => streaksOf(completions, period.today), [completions, period.today]);
  const share = onTimeShare(inPeriod);
  return (
    <>
      <dl className={styles.tiles}>
        <Tile name={text.completedInRange(period.days)} value={number(inPeriod.length)} />
        <Tile name={text.onTimeShare} value={share === null ? text.noShare : percent(share)} />
        <Tile name={text.currentStreak} value={text.streakDays(streaks.current)} />
        <Tile name={text.bestStreak} value={text.streakDays(streaks.best)} />
      </dl>
      <div className={styles.figures}>
        <Suspense fallback={<div className={styles.skeleton} role="status" aria-label={text.loading} />}>
          <Days completions={inPeriod} period={period} />
          <Weeks completions={inPeriod} period={period} />
          <Priorities completions={inPeriod} />
        </Suspense>
      </div>
    </>
  );
};

const number = (value: number): string => new Intl.NumberFormat(locale).format(value);
const percent = (share: number): string => new Intl.NumberFormat(locale, { style: "percent" }).format(share);

const Tile = ({ name, value }: { readonly name: string; readonly value: string }): ReactElement => (
  <div className={styles.tile}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

/** Which figures are turned to their table, in the address. */
const useTable = (name: string): { isTable: boolean; onTurn: (isTable: boolean) => void } => {
  const [address, setAddress] = useSearchParams();
  const turned = address.getAll("table");
  const onTurn = (isTable: boolean): void =>
    setAddress((now) => {
      now.delete("table", name);
      if (isTable) now.append("table", name);
      return now;
    });
  return { isTable: turned.includes(name), onTurn };
};

const Days = ({ completions, period }: NumbersProps): ReactElement => {
  const counts = perDay(completions, period);
  const name = (day: string): string =>
    formatDay(day, locale, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  const rows = counts.toReversed().map(({ day, count }): [string, number] => [name(day), count]);
  return (
    <Plotted
      name="day"
      title={text.perDay}
      total={completions.length}
      columns={[text.dayColumn, text.countColumn]}
      rows={rows}
      plot={<DayPlot counts={counts} />}
    />
  );
};

const Weeks = ({ completions, period }: NumbersProps): ReactElement => {
  const weekStart = useUser()?.week_start ?? "monday";
  const counts = perWeek(completions, period, weekStart);
  const name = (day: string): string => formatDay(day, locale, { day: "numeric", month: "short", year: "numeric" });
  const rows = counts
    .toReversed()
    .map(({ week, onTime, late, undated }): [string, ...number[]] => [
      name(week),
      onTime,
      late,
      undated,
      onTime + late + undated,
    ]);
  const columns = [text.weekColumn, text.onTime, text.late, text.undated, text.countColumn];
  return (
    <Plotted
      name="week"
      title={text.perWeek}
      total={completions.length}
      columns={columns}
      rows={rows}
      plot={<WeekPlot counts={counts} />}
    />
  );
};

const Priorities = ({ completions }: Pick<NumbersProps, "completions">): ReactElement => {
  const counts = byPriority(completions);
  const share = (count: number): string =>
    completions.length === 0 ? text.noShare : percent(count / completions.length);
  const rows = counts.map(({ priority, count }): [string, number, string] => [text[priority], count, share(count)]);
  return (
    <Plotted
      name="priority"
      title={text.byPriority}
      total={completions.length}
      columns={[text.priorityColumn, text.countColumn, text.shareColumn]}
      rows={rows}
      plot={<PriorityPlot counts={counts} />}
    />
  );
};

interface PlottedProps {
  readonly name: string;
  readonly title: string;
  readonly total: number;
  readonly columns: readonly string[];
  readonly rows: readonly [string, ...(string | number)[]][];
  readonly plot: ReactNode;
}

const Plotted = ({ name, title, total, ...figure }: PlottedProps): ReactElement => (
  <Figure title={title} summary={text.plotOf(title, total)} {...useTable(name)} {...figure} />
);
