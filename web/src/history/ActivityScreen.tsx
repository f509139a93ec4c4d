import { History } from "lucide-react";
import { useMemo, useState, type ReactElement } from "react";
import { useSearchParams } from "wouter";
import { navigate } from "wouter/use-browser-location";
import { useUser } from "../api/session.ts";
import { useClock } from "../time/clock.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { View } from "../ui/View.tsx";
import { activityItems } from "./activity-items.ts";
import { isFiltered, noFilter, readFilter, toLogFilter, withFilter, type ActivityFilter } from "./activity-filter.ts";
import { ActivityFilters } from "./ActivityFilters.tsx";
import { ActivityList } from "./ActivityList.tsx";
import { text } from "./messages.ts";
import { ReadFailure } from "./ReadFailure.tsx";
import styles from "./Report.module.css";
import { useLog } from "./use-log.ts";

/** Everything that happened to the user's tasks, by day. */
export const ActivityScreen = (): ReactElement => {
  const clock = useClock();
  const { filter, change } = useFilter();
  const log = useLog(toLogFilter(filter, clock.zone));
  const { open, toggle } = useUnfolded();
  const userId = useUser()?.id ?? "";
  const items = useMemo(() => activityItems(log.entries, clock.zone, open), [log.entries, clock.zone, open]);
  return (
    <View title={text.activity} context={isFiltered(filter) ? text.filteredContext : text.activityContext}>
      <ActivityFilters filter={filter} entries={log.entries} clock={clock} onChange={change} />
      {log.status === "loading" && <Skeleton />}
      {log.status === "failed" && <ReadFailure onRetry={log.retry} />}
      {log.status === "ready" && items.length === 0 && (
        <Empty isFiltered={isFiltered(filter)} onClear={() => change(noFilter)} />
      )}
      {items.length > 0 && (
        <ActivityList
          items={items}
          clock={clock}
          userId={userId}
          onToggle={toggle}
          onOnlyTask={(taskId) => change({ taskId })}
          onEnd={log.readMore}
        />
      )}
      {log.hasFailed && log.status === "ready" && <ReadFailure onRetry={log.retry} />}
      {items.length > 0 && !log.hasMore && (
        <p className={styles.note}>{isFiltered(filter) ? text.endFiltered : text.end}</p>
      )}
    </View>
  );
};

const useFilter = (): { filter: ActivityFilter; change: (change: Partial<ActivityFilter>) => void } => {
  const [address, setAddress] = useSearchParams();
  const filter = useMemo(() => readFilter(address), [address]);
  return { filter, change: (change) => setAddress((now) => withFilter(now, change)) };
};

const useUnfolded = (): { open: ReadonlySet<string>; toggle: (key: string) => void } => {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string): void =>
    setOpen((now) => {
      const next = new Set(now);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  return { open, toggle };
};

const Empty = ({
  isFiltered: isNarrow,
  onClear,
}: {
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}): ReactElement => (
  <EmptyState
    icon={<History size={26} aria-hidden />}
    title={isNarrow ? text.emptyFiltered : text.emptyActivity}
    action={
      isNarrow ? (
        <Button onClick={onClear}>{text.clearFilters}</Button>
      ) : (
        <Button look="primary" onClick={() => navigate("/all")}>
          {text.goToTasks}
        </Button>
      )
    }
  >
    {isNarrow ? text.emptyFilteredText : text.emptyActivityText}
  </EmptyState>
);

const Skeleton = (): ReactElement => (
  <div role="status" aria-label={text.loading}>
    {["a", "b", "c", "d", "e", "f"].map((row) => (
      <div key={row} className={styles.skeleton} />
    ))}
  </div>
);
