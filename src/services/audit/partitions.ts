import { type Database, sql } from "../../adapters/db/database.ts";

/** A month as `2026-03`. */
export type Month = string;

/** The month, in UTC, of an instant in RFC 3339. */
export const monthOf = (timestamp: string): Month => timestamp.slice(0, 7);

/** `count` months later (or earlier). */
export const addMonths = (month: Month, count: number): Month => {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
};

export const partitionOf = (month: Month): string => `task_events_${month.replace("-", "_")}`;

export const monthOfPartition = (partition: string): Month => partition.slice(-7).replace("_", "-");

/** The first instant of the month. */
export const startOf = (month: Month): string => `${month}-01T00:00:00.000Z`;

/** Makes the partition of a month, closed to changes like the whole table. Does nothing when it is there. */
export const makePartition = async (database: Pick<Database, "kysely">, month: Month): Promise<void> => {
  await sql`SELECT make_history_partition(${`${month}-01`}::date)`.execute(database.kysely);
};

/** The months that have a partition, oldest first. */
export const listMonths = async (database: Database): Promise<readonly Month[]> => {
  const { rows } = await sql<{
    name: string;
  }>`SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'task_events'::regclass ORDER BY c.relname`.execute(
    database.kysely,
  );
  return rows.map(({ name }) => monthOfPartition(name));
};

export interface Partitions {
  /** Makes what is missing of these months. */
  ensure(months: Iterable<Month>): Promise<void>;
  /** Makes the partitions of this month and the next ones, so that no event waits for one. */
  makeAhead(now: number): Promise<void>;
  /** A partition was dropped: look again before the next row. */
  forget(month: Month): void;
}

const MONTHS_AHEAD = 3;

export const createPartitions = (database: Database): Partitions => {
  const known = new Set<Month>();
  const ensure = async (months: Iterable<Month>): Promise<void> => {
    for (const month of months) {
      if (known.has(month)) continue;
      await makePartition(database, month);
      known.add(month);
    }
  };
  return {
    ensure,
    async makeAhead(now) {
      const present = monthOf(new Date(now).toISOString());
      await ensure(Array.from({ length: MONTHS_AHEAD + 1 }, (_, index) => addMonths(present, index)));
    },
    forget: (month) => void known.delete(month),
  };
};
