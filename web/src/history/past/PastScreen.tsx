import { History } from "lucide-react";
import { useEffect, useMemo, type ReactElement } from "react";
import { useSearchParams } from "wouter";
import { ensureLoaded } from "../../api/sync.ts";
import { useTasks } from "../../api/tasks-store.ts";
import { useClock, useNow } from "../../time/clock.ts";
import { clockAt } from "../../time/due-date.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { View } from "../../ui/View.tsx";
import { text } from "../messages.ts";
import { ReadFailure } from "../ReadFailure.tsx";
import report from "../Report.module.css";
import { PastControls } from "./PastControls.tsx";
import { PastTasks } from "./PastTasks.tsx";
import styles from "./Past.module.css";
import { changedSince, countCome } from "./since.ts";
import { clamped } from "./track.ts";
import { useKnownPast } from "./use-known-past.ts";
import { usePastList, type PastListName } from "./use-past-list.ts";

interface PastScreenProps {
  /** The view that is looked at as it was. */
  readonly list: PastListName;
  readonly name: string;
}

/** A list as it was at a moment, with what is different now. Nothing of it can be changed. */
export const PastScreen = ({ list, name }: PastScreenProps): ReactElement => {
  const { zone } = useClock();
  const { known, hasFailed, retry } = useKnownPast();
  const { moment, travel, back } = useMoment();
  const there = known === null ? null : clamped(moment, known);
  const past = usePastList(list, there, zone);
  return (
    <View title={text.past(name)} context={<Summary past={past} />} isContextLive>
      {known !== null && there !== null && (
        <PastControls known={known} moment={there} onTravel={travel} onBack={back} />
      )}
      {hasFailed && <ReadFailure title={text.pastFailed} onRetry={retry} />}
      {past.hasFailed && <ReadFailure title={text.pastFailed} onRetry={past.retry} />}
      {past.moment === null && !hasFailed && !past.hasFailed && <Skeleton />}
      {past.moment !== null && past.total === 0 && (
        <EmptyState icon={<History size={26} aria-hidden />} title={text.emptyPast}>
          {text.emptyPastText}
        </EmptyState>
      )}
      {past.moment !== null && past.tasks.length > 0 && (
        <div className={past.moment === there ? "" : styles.stale}>
          <PastTasks
            tasks={past.tasks}
            clock={clockAt(new Date(past.moment), zone)}
            label={text.pastList(name)}
            hasDays={list === "today"}
            onEnd={past.readMore}
          />
        </div>
      )}
    </View>
  );
};

/**
 * The moment, in the address. Each stop of the slider takes the place of the one before, so that going back leaves the
 * past at once.
 */
const useMoment = (): { moment: string; travel: (moment: string) => void; back: () => void } => {
  const [address, setAddress] = useSearchParams();
  const now = useNow();
  const given = Date.parse(address.get("as_of") ?? "");
  const moment = useMemo(() => new Date(Number.isNaN(given) ? now : given).toISOString(), [given, now]);
  const change = (next: string | null, replace: boolean): void =>
    setAddress(
      (now) => {
        if (next === null) now.delete("as_of");
        else now.set("as_of", next);
        return now;
      },
      { replace },
    );
  return { moment, travel: (next) => change(next, true), back: () => change(null, false) };
};

/** How much there was to do, and how much of it has changed. */
const Summary = ({ past }: { readonly past: ReturnType<typeof usePastList> }): ReactElement => {
  const view = useTasks((state) => state.replica.view);
  const isKnown = useTasks(({ loaded }) =>
    (["pending", "completed", "deleted"] as const).every((each) => loaded.has(each)),
  );
  const isOnline = useTasks((state) => state.ready && state.connection === "live");
  useEffect(() => {
    if (isOnline) void Promise.all([ensureLoaded("completed"), ensureLoaded("deleted")]).catch(() => undefined);
  }, [isOnline]);
  if (past.moment === null) return <> </>;
  const then = text.pastContext(past.total);
  if (!isKnown) return <>{then}</>;
  const come = countCome(view.values(), past.moment);
  const differing = past.tasks.filter((task) => changedSince(task, view.get(task.id)).length > 0).length;
  // How many differ is known when all pages are.
  const differs =
    past.total === 0 || past.tasks.length < past.total
      ? []
      : [differing === 0 ? text.differsNone : text.differs(differing)];
  return <>{[then, ...differs, ...(come === 0 ? [] : [text.addedSince(come)])].join(" · ")}</>;
};

const Skeleton = (): ReactElement => (
  <div role="status" aria-label={text.loading}>
    {["a", "b", "c", "d", "e", "f"].map((row) => (
      <div key={row} className={report.skeleton} />
    ))}
  </div>
);
