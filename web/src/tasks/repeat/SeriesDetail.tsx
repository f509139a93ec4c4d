import { Check, CircleStop, Pause, Play, SkipForward } from "lucide-react";
import { useEffect, useMemo, useState, type FormEvent, type ReactElement } from "react";
import type { Task } from "../../../../src/contract/task.ts";
import { keepDraft, useDraft } from "../../api/drafts.ts";
import { refusedOperation } from "../../api/replica.ts";
import { ensureLoaded } from "../../api/sync.ts";
import { useTasks } from "../../api/tasks-store.ts";
import { addDays } from "../../time/calendar.ts";
import { useClock } from "../../time/clock.ts";
import { Description } from "../Description.tsx";
import detail from "../DetailPanel.module.css";
import type { Clock } from "../../time/due-date.ts";
import { openPicker } from "../list-state.ts";
import { Refusal } from "../Refusal.tsx";
import { pauseSeries, resumeSeries, stopRepeating } from "./actions.ts";
import { text } from "./messages.ts";
import { NextDays, RepeatFact } from "./RepeatFact.tsx";
import { occurrenceWords } from "./words.ts";
import { historyOf, isPaused, isRunning, isSkipped, occurrencesOf, streakOf } from "../series.ts";
import { TitleField } from "../TitleField.tsx";
import { TitleLinks } from "../TitleLinks.tsx";
import { Button } from "../../ui/Button.tsx";
import styles from "./Series.module.css";

/** Everything about one series: what it makes, when, and what became of it. */
export const SeriesDetail = ({ series }: { readonly series: Task }): ReactElement => {
  const clock = useClock();
  const refused = useTasks((state) => refusedOperation(state.replica, series.id));
  useEffect(() => void ensureLoaded("completed").catch(() => undefined), []);
  return (
    <div className={detail.body}>
      <TitleField task={series} />
      <TitleLinks title={series.title} />
      {refused !== undefined && <Refusal operation={refused} place="panel" className={detail.refusal} />}
      <Facts series={series} clock={clock} />
      {isRunning(series) && <Controls series={series} clock={clock} />}
      <History series={series} clock={clock} />
      <Description task={series} />
    </div>
  );
};

const Facts = ({ series, clock }: { readonly series: Task; readonly clock: Clock }): ReactElement => {
  const view = useTasks((state) => state.replica.view);
  const streak = useMemo(() => streakOf(series, occurrencesOf(view.values(), series.id), clock), [view, series, clock]);
  const { next_occurrence_date: next } = series;
  return (
    <dl className={detail.facts}>
      <RepeatFact
        task={series}
        className={detail.fact}
        onEdit={(anchor) => openPicker({ kind: "repeat", ids: [series.id], anchor })}
      />
      {next != null && (
        <>
          <dt>{text.next}</dt>
          <dd className={styles.fact}>{occurrenceWords(next, clock)}</dd>
          <NextDays series={series} after={next} />
        </>
      )}
      <dt>{text.streakLabel}</dt>
      <dd className={styles.fact}>{streak === 0 ? text.noStreak : text.streak(streak)}</dd>
    </dl>
  );
};

const pauseDays = 7;

/** To pause until a day, to go on at once, to end. */
const Controls = ({ series, clock }: { readonly series: Task; readonly clock: Clock }): ReactElement => {
  const field = `pause.${series.id}`;
  const until = useDraft(field)?.until ?? addDays(clock.day, pauseDays);
  const pause = (event: FormEvent): void => {
    event.preventDefault();
    pauseSeries(series, until, clock, field);
  };
  return (
    <div className={styles.controls}>
      {isPaused(series, clock) ? (
        <div className={styles.pausing}>
          <span>{text.pausedUntil(occurrenceWords(series.recurrence_paused_until ?? "", clock))}</span>
          <Button onClick={() => resumeSeries(series)}>
            <Play size={14} aria-hidden />
            {text.resume}
          </Button>
        </div>
      ) : (
        <form className={styles.pausing} onSubmit={pause}>
          <label>
            <span>{text.pauseUntil}</span>
            <input
              type="date"
              required
              min={addDays(clock.day, 1)}
              value={until}
              onChange={(event) => keepDraft(field, { until: event.currentTarget.value })}
            />
          </label>
          <Button type="submit">
            <Pause size={14} aria-hidden />
            {text.pause}
          </Button>
        </form>
      )}
      <Button look="quiet" onClick={() => stopRepeating(series)}>
        <CircleStop size={14} aria-hidden />
        {text.end}
      </Button>
    </div>
  );
};

const shownAtFirst = 12;

/** What was completed and what was skipped, the latest first. */
const History = ({ series, clock }: { readonly series: Task; readonly clock: Clock }): ReactElement => {
  const view = useTasks((state) => state.replica.view);
  const history = useMemo(() => historyOf(view.values(), series.id), [view, series.id]);
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? history : history.slice(0, shownAtFirst);
  return (
    <section>
      <h2 className={styles.heading}>{text.history}</h2>
      {history.length === 0 && <p className={styles.none}>{text.noHistory}</p>}
      <ul>
        {shown.map((occurrence) => (
          <li key={occurrence.id} className={styles.past}>
            {isSkipped(occurrence) ? (
              <SkipForward size={14} aria-hidden />
            ) : (
              <Check size={14} aria-hidden className={styles.done} />
            )}
            <span>{occurrenceWords(occurrence.occurrence_date ?? "", clock)}</span>
            <small>{isSkipped(occurrence) ? text.skippedOn : text.completedOn}</small>
          </li>
        ))}
      </ul>
      {shown.length < history.length && (
        <Button look="link" onClick={() => setWhole(true)}>
          {text.showAll(history.length)}
        </Button>
      )}
    </section>
  );
};
