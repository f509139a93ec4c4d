import type { Database, Schema } from "../../adapters/db/database.ts";
import type { Task } from "../../contract/task.ts";

type Row = Schema["recurring_series"];
/** A series as the processor knows it. */
export type LearnedSeries = Omit<Row, "failures"> & { readonly failures: number };

/** One that is due for a look, and since when. */
export interface ClaimedSeries extends LearnedSeries {
  readonly due_at: Date;
}

export interface SeriesStore {
  /** Takes over what events say of series, where it is news; due for a look at once. Answers how many were news. */
  learn(series: readonly Task[], now: number): Promise<number>;
  /** Takes the series that are due for a look, oldest first, and keeps others from taking them for a while. */
  claim(now: number): Promise<ClaimedSeries[]>;
  /** Stores what a look came to, unless the series has been learned anew meanwhile. */
  note(rows: readonly LearnedSeries[]): Promise<void>;
  /** Takes a series out of the sweep, whatever else of it cannot be stored; the next event of it brings it back. */
  setAside(seriesId: string, reason: string): Promise<void>;
  forget(seriesIds: readonly string[]): Promise<void>;
}

const BATCH = 200;
/** A replica that dies in the middle of a look leaves its series to the others after so long. */
const LEASE_MS = 5_000;

const columns = [
  "user_id",
  "version",
  "recurrence_pattern",
  "due_date",
  "recurrence_time_zone",
  "recurrence_end_date",
  "recurrence_basis",
  "recurrence_catch_up",
  "recurrence_paused_until",
  "next_occurrence_date",
  "kept_date",
  "look_at",
  "failures",
  "dead_reason",
] as const satisfies readonly (keyof Row)[];

const upsert = (comparison: "<" | "<="): string => `
INSERT INTO recurring_series AS known SELECT * FROM json_populate_recordset(NULL::recurring_series, $1::json)
ON CONFLICT (series_id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(", ")}
WHERE known.version ${comparison} excluded.version
RETURNING series_id`;

const learnStatement = upsert("<");
const noteStatement = upsert("<=");

/** In the order of the index, so that its cost is what is due, however many series there are. */
const claimStatement = `
UPDATE recurring_series known SET look_at = $2 FROM (
  SELECT series_id, look_at AS due_at FROM recurring_series WHERE look_at <= $1 ORDER BY look_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
) due WHERE known.series_id = due.series_id RETURNING known.*, due.due_at`;

export const createSeriesStore = (database: Database): SeriesStore => ({
  async learn(series, now) {
    if (series.length === 0) return 0;
    return (
      await database.prepared("recurring-learn", learnStatement, [
        JSON.stringify(series.map((task) => learnedFrom(task, now))),
      ])
    ).length;
  },
  async claim(now) {
    const rows = await database.prepared<ClaimedSeries & Record<string, unknown>>("recurring-claim", claimStatement, [
      new Date(now),
      new Date(now + LEASE_MS),
    ]);
    return rows.toSorted((one, other) => (one.series_id < other.series_id ? -1 : 1));
  },
  async note(rows) {
    if (rows.length > 0) await database.prepared("recurring-note", noteStatement, [JSON.stringify(rows)]);
  },
  async setAside(seriesId, reason) {
    await database.prepared(
      "recurring-set-aside",
      "UPDATE recurring_series SET look_at = NULL, dead_reason = $2 WHERE series_id = $1",
      [seriesId, reason],
    );
  },
  async forget(seriesIds) {
    if (seriesIds.length > 0)
      await database.prepared("recurring-forget", "DELETE FROM recurring_series WHERE series_id = ANY ($1::uuid[])", [
        seriesIds,
      ]);
  },
});

/**
 * A series' task as it is learned: due for a look at once, unless there is nothing to make of it. Which date is known
 * to exist is forgotten: between two versions it may have been withdrawn and asked for again.
 */
export const learnedFrom = (task: Task, now: number): LearnedSeries => {
  const isAlive = task.deleted_at === null && task.recurrence_pattern != null && task.next_occurrence_date != null;
  return {
    series_id: task.id,
    user_id: task.user_id,
    version: task.version,
    recurrence_pattern: task.recurrence_pattern ?? null,
    due_date: task.due_date,
    recurrence_time_zone: task.recurrence_time_zone ?? null,
    recurrence_end_date: task.recurrence_end_date ?? null,
    recurrence_basis: task.recurrence_basis ?? "schedule",
    recurrence_catch_up: task.recurrence_catch_up ?? null,
    recurrence_paused_until: task.recurrence_paused_until ?? null,
    next_occurrence_date: task.next_occurrence_date ?? null,
    kept_date: null,
    look_at: isAlive ? new Date(now) : null,
    failures: 0,
    dead_reason: null,
  };
};
