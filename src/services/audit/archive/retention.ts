import type { Client } from "pg";
import type { Clock, Logger, Metrics } from "../../../ports.ts";
import { addMonths, listMonths, type Month, monthOf, type Partitions } from "../partitions.ts";
import { type ArchiveDeps, archiveMonth } from "./archive-month.ts";

export interface RetentionDeps extends ArchiveDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly partitions: Partitions;
  /** How many whole months stay in the table; 0 keeps all. */
  readonly months: number;
}

const LOCK = "taskflow audit retention";

/**
 * Moves each month that is older than the retention to an archive, oldest first. One process at a time; the others do
 * nothing.
 */
export const runRetention = async (deps: RetentionDeps, signal?: AbortSignal): Promise<void> => {
  if (deps.months === 0) return;
  const client = await deps.database.connect();
  try {
    const { rows } = await client.query<{ leads: boolean }>(
      "SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS leads",
      [LOCK],
    );
    if (rows[0]?.leads !== true) return;
    for (const month of await dueMonths(deps, client)) {
      if (signal?.aborted) return;
      await archive(deps, client, month);
    }
  } finally {
    await client.end();
  }
};

const archive = async (deps: RetentionDeps, client: Client, month: Month): Promise<void> => {
  try {
    const rows = await archiveMonth(deps, client, month);
    deps.partitions.forget(month);
    deps.metrics.count("taskflow_audit_archived_rows_total", {}, rows);
    deps.log.info({ month, rows }, "a month of the history moved to an archive");
  } catch (error) {
    deps.metrics.count("taskflow_audit_archive_failures_total");
    throw error;
  }
};

/** A restored month stays as long as it was asked for. */
const dueMonths = async ({ database, clock, months }: RetentionDeps, client: Client): Promise<readonly Month[]> => {
  const present = monthOf(new Date(clock.now()).toISOString());
  const { rows } = await client.query<{ month: Month }>(
    "SELECT DISTINCT to_char(month, 'YYYY-MM') AS month FROM audit_archives WHERE restored_until > $1",
    [new Date(clock.now())],
  );
  const kept = new Set(rows.map(({ month }) => month));
  return (await listMonths(database)).filter((month) => isDue(month, present, months) && !kept.has(month));
};

/** Whether the whole month is older than `months` months. */
export const isDue = (month: Month, present: Month, months: number): boolean => addMonths(month, months + 1) <= present;
