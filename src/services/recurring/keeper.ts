import pLimit from "p-limit";
import type { KeptSeries } from "../../contract/occurrences.ts";
import { DomainError } from "../../contract/problem.ts";
import type { Clock, Logger, Metrics, TaskApi } from "../../ports.ts";
import { type Look, lookAt } from "./plan.ts";
import { type LearnedSeries, learnedFrom, type SeriesStore } from "./series-store.ts";

export interface KeeperDeps {
  readonly store: SeriesStore;
  readonly taskApi: TaskApi;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface Keeper {
  /** Looks at what is due until nothing is; stops between two batches when asked to. */
  keep(signal: AbortSignal): Promise<void>;
  /** Series that could not be kept, with the reason, since the start: the newest of them. */
  setAside(): readonly string[];
  /** A series was learned anew, and is looked at again. */
  learned(seriesId: string): void;
}

/** Users whose series are kept at the same time; one user's writes wait for each other anyway. */
const USERS_AT_ONCE = 4;
const MOST_DATES_AT_ONCE = 500;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;
/** A series that is refused so often in a row by an owner of tasks that works is set aside. */
const MAX_TRIES = 8;
const MAX_NAMED = 20;

interface Planned {
  readonly row: LearnedSeries;
  readonly look: Look;
}

/**
 * Keeps series: plans each one that is due, has its dates made, and stores when to look again. All it does can be done
 * twice, and a crash in between leaves the series due.
 */
export const createKeeper = ({ store, taskApi, clock, log, metrics }: KeeperDeps): Keeper => {
  const limit = pLimit(USERS_AT_ONCE);
  const aside = new Map<string, string>();

  const plan = (row: LearnedSeries): Planned | LearnedSeries => {
    try {
      return { row, look: lookAt(row, clock.now()) };
    } catch (error) {
      return poisonous(row, error);
    }
  };

  const dead = (row: LearnedSeries, reason: string): LearnedSeries => {
    log.warn({ series_id: row.series_id, reason }, "a series makes nothing any more");
    metrics.count("taskflow_recurring_dead_total");
    return { ...row, look_at: null, dead_reason: reason };
  };

  /** One that fails by itself, as others would not. */
  const poisonous = (row: LearnedSeries, error: unknown): LearnedSeries => {
    const reason = error instanceof Error ? error.message : String(error);
    aside.set(row.series_id, reason);
    for (const id of [...aside.keys()].slice(0, -MAX_NAMED)) aside.delete(id);
    metrics.gauge("taskflow_recurring_set_aside", aside.size);
    return dead(row, reason);
  };

  const ask = async (planned: readonly Planned[]): Promise<LearnedSeries[]> => {
    const plans = planned.map(({ row, look }) => ({
      series_id: row.series_id,
      series_version: row.version,
      dates: [...look.dates],
      passed_over: look.passedOver,
    }));
    try {
      const { series } = await taskApi.keepOccurrences({ user_id: planned[0]?.row.user_id ?? "", plans });
      const answers = new Map(series.map((answer) => [answer.series_id, answer]));
      await store.forget(series.filter(({ outcome }) => outcome === "gone").map(({ series_id }) => series_id));
      return planned.flatMap((one) => settled(one, answers.get(one.row.series_id)));
    } catch (error) {
      return failed(planned, error);
    }
  };

  const settled = ({ row, look }: Planned, answer: KeptSeries | undefined): LearnedSeries | [] => {
    metrics.count("taskflow_recurring_plans_total", { outcome: answer?.outcome ?? "unanswered" });
    if (answer === undefined || answer.outcome === "gone") return [];
    const now = clock.now();
    const learned = learnedFrom(answer.series, now);
    if (answer.outcome === "stale" || learned.look_at === null) return learned;
    metrics.count("taskflow_recurring_dates_total", {}, look.dates.length);
    const asked = look.dates.at(-1);
    // The owner of tasks makes no date beyond COUNT: only an event can change that.
    const isDone = asked !== undefined && asked !== learned.next_occurrence_date;
    if (isDone) return { ...learned, kept_date: learned.next_occurrence_date, look_at: null };
    return scheduled({ ...learned, kept_date: asked ?? row.kept_date }, now);
  };

  /** When to look again; at once where there is more to make. */
  const scheduled = (row: LearnedSeries, now: number): LearnedSeries => {
    const again = plan(row);
    if (!("look" in again)) return again;
    const at = again.look.dates.length > 0 ? now : again.look.lookAt;
    return { ...row, look_at: at === null ? null : new Date(at) };
  };

  /** One series that cannot be kept must not hold up the others; an owner of tasks that is away holds up all. */
  const failed = async (planned: readonly Planned[], error: unknown): Promise<LearnedSeries[]> => {
    const code = error instanceof DomainError ? error.code : undefined;
    if (code === "forbidden") return planned.map(({ row }) => dead(row, "the account is closed or disabled"));
    if (planned.length > 1 && code !== "unavailable")
      return (await Promise.all(planned.map((one) => ask([one])))).flat();
    metrics.count("taskflow_recurring_plans_total", { outcome: "failed" }, planned.length);
    if (code !== "unavailable" && planned.every(({ row }) => row.failures + 1 >= MAX_TRIES))
      return planned.map(({ row }) => poisonous(row, error));
    log.warn({ series: planned.length, err: error }, "series could not be kept; trying again later");
    return planned.map(({ row }) => {
      const pause = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(row.failures, 10));
      return { ...row, failures: row.failures + 1, look_at: new Date(clock.now() + pause) };
    });
  };

  const keep = async (rows: readonly LearnedSeries[]): Promise<void> => {
    const plans = rows.map(plan);
    const toAsk = plans.filter((one): one is Planned => "look" in one && one.look.dates.length > 0);
    const others = plans.flatMap((one) =>
      "look" in one ? (one.look.dates.length > 0 ? [] : scheduled(one.row, clock.now())) : one,
    );
    const answered = await Promise.all(batchesOf(toAsk).map((batch) => limit(ask, batch)));
    await note([...others, ...answered.flat()]);
  };

  /** What cannot be stored must not keep the others from it; where nothing can be, the database is away. */
  const note = async (rows: readonly LearnedSeries[]): Promise<void> => {
    try {
      await store.note(rows);
    } catch (error) {
      if (rows.length === 0) throw error;
      for (const row of rows) await noteOne(row);
    }
  };

  const noteOne = async (row: LearnedSeries): Promise<void> => {
    try {
      await store.note([row]);
    } catch (error) {
      const { dead_reason } = poisonous(row, error);
      await store.setAside(row.series_id, dead_reason ?? "");
    }
  };

  return {
    async keep(signal) {
      while (!signal.aborted) {
        const now = clock.now();
        const rows = await store.claim(now);
        for (const { due_at } of rows)
          metrics.observe("taskflow_recurring_late_seconds", Math.max(0, now - due_at.getTime()) / 1000);
        if (rows.length === 0) return;
        await keep(rows.map(({ due_at: _dueAt, ...row }) => row));
      }
    },
    setAside: () => [...aside].map(([id, reason]) => `the series ${id} makes nothing: ${reason}`),
    learned(seriesId) {
      if (aside.delete(seriesId)) metrics.gauge("taskflow_recurring_set_aside", aside.size);
    },
  };
};

/** One user's plans together, as many dates at once as one write bears. */
const batchesOf = (planned: readonly Planned[]): Planned[][] => {
  const batches: Planned[][] = [];
  for (const plans of Map.groupBy(planned, ({ row }) => row.user_id).values()) {
    let room = 0;
    for (const one of plans) {
      room -= one.look.dates.length;
      if (room < 0) {
        batches.push([]);
        room = MOST_DATES_AT_ONCE - one.look.dates.length;
      }
      batches.at(-1)?.push(one);
    }
  }
  return batches;
};
