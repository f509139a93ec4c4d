import { ChartColumn } from "lucide-react";
import { useEffect, useMemo, type ReactElement } from "react";
import { useSearchParams } from "wouter";
import { navigate } from "wouter/use-browser-location";
import { ensureLoaded } from "../../api/sync.ts";
import { useTasks } from "../../api/tasks-store.ts";
import { useClock } from "../../time/clock.ts";
import { formatDay } from "../../time/due-words.ts";
import { Button } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { View } from "../../ui/View.tsx";
import { locale } from "../../ui/messages.ts";
import { text } from "../messages.ts";
import { Numbers } from "./Numbers.tsx";
import { completionsOf, firstDayOf, ranges, type Period, type Range } from "./statistics.ts";
import styles from "./StatisticsScreen.module.css";

/** What was completed, counted: by day, week, priority and punctuality, and in a row. */
export const StatisticsScreen = (): ReactElement => {
  const clock = useClock();
  const view = useTasks((state) => state.replica.view);
  const completions = useMemo(() => completionsOf(view.values(), clock.zone), [view, clock.zone]);
  const isLoaded = useCompleted();
  const { days, choose } = useRange();
  const period: Period = { today: clock.day, days };
  return (
    <View
      title={text.statistics}
      context={
        completions.length > 0 &&
        text.statisticsContext(
          formatDay(firstDayOf(period), locale, { day: "numeric", month: "long", year: "numeric" }),
        )
      }
      action={completions.length > 0 && <RangeChoice days={days} onChoose={choose} />}
      isActionWide
    >
      {completions.length === 0 && isLoaded && <Empty />}
      {completions.length === 0 && !isLoaded && (
        <div className={styles.skeleton} role="status" aria-label={text.loading} />
      )}
      {completions.length > 0 && <Numbers completions={completions} period={period} />}
    </View>
  );
};

/** What was completed has been loaded, once; events keep it true. */
const useCompleted = (): boolean => {
  const isOnline = useTasks((state) => state.ready && state.connection === "live");
  useEffect(() => {
    if (isOnline) void ensureLoaded("completed").catch(() => undefined);
  }, [isOnline]);
  return useTasks((state) => state.loaded.has("completed"));
};

const useRange = (): { days: Range; choose: (days: Range) => void } => {
  const [address, setAddress] = useSearchParams();
  const days = ranges.find((range) => String(range) === address.get("days")) ?? 30;
  const choose = (chosen: Range): void =>
    setAddress((now) => {
      now.set("days", String(chosen));
      return now;
    });
  return { days, choose };
};

const RangeChoice = ({
  days,
  onChoose,
}: {
  readonly days: Range;
  readonly onChoose: (days: Range) => void;
}): ReactElement => (
  <div className={styles.ranges} role="group" aria-label={text.range}>
    {ranges.map((range) => (
      <Button
        key={range}
        look="quiet"
        aria-pressed={range === days}
        className={range === days ? styles.chosen : ""}
        onClick={() => onChoose(range)}
      >
        {text.days(range)}
      </Button>
    ))}
  </div>
);

const Empty = (): ReactElement => (
  <EmptyState
    icon={<ChartColumn size={26} aria-hidden />}
    title={text.emptyStatistics}
    action={
      <Button look="primary" onClick={() => navigate("/all")}>
        {text.goToTasks}
      </Button>
    }
  >
    {text.emptyStatisticsText}
  </EmptyState>
);
