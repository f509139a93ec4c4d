import { type Migration, Migrator, sql } from "kysely";
import { Refusal } from "../refusal.ts";
import type { Db } from "./database.ts";
import * as base from "./migrations/0001_base.ts";
import * as dueDatesAndVersions from "./migrations/0002_due_dates_and_versions.ts";
import * as events from "./migrations/0003_events.ts";
import * as sessions from "./migrations/0004_sessions.ts";
import * as recurrence from "./migrations/0005_recurrence.ts";
import * as audit from "./migrations/0006_audit.ts";
import * as deadLetterReplay from "./migrations/0007_dead_letter_replay.ts";
import * as reminders from "./migrations/0008_reminders.ts";
import * as reminderSchedule from "./migrations/0009_reminder_schedule.ts";
import * as notifications from "./migrations/0010_notifications.ts";
import * as history from "./migrations/0011_history.ts";
import * as pastLists from "./migrations/0012_past_lists.ts";
import * as purgedTasks from "./migrations/0013_purged_tasks.ts";
import * as titleOrder from "./migrations/0014_title_order.ts";
import * as endedCredentials from "./migrations/0015_ended_credentials.ts";
import * as historyPartitions from "./migrations/0016_history_partitions.ts";

const migrations: Record<string, Migration> = {
  "0001_base": base,
  "0002_due_dates_and_versions": dueDatesAndVersions,
  "0003_events": events,
  "0004_sessions": sessions,
  "0005_recurrence": recurrence,
  "0006_audit": audit,
  "0007_dead_letter_replay": deadLetterReplay,
  "0008_reminders": reminders,
  "0009_reminder_schedule": reminderSchedule,
  "0010_notifications": notifications,
  "0011_history": history,
  "0012_past_lists": pastLists,
  "0013_purged_tasks": purgedTasks,
  "0014_title_order": titleOrder,
  "0015_ended_credentials": endedCredentials,
  "0016_history_partitions": historyPartitions,
};

/** The names of all migrations, in order. */
export const knownMigrations: readonly string[] = Object.keys(migrations).toSorted();

const migrator = (db: Db): Migrator =>
  new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });

const finish = ({ error, results }: Awaited<ReturnType<Migrator["migrateToLatest"]>>): readonly string[] => {
  if (error !== undefined) throw error instanceof Error ? error : new Error("migration failed", { cause: error });
  return (results ?? []).map((result) => result.migrationName);
};

/**
 * Brings the schema up to date, all or nothing, under a lock: two starts at once are safe. Answers what it ran.
 * @throws Refusal when a newer release has changed the schema: what it added is not ours to judge.
 */
export const migrate = async (db: Db): Promise<readonly string[]> => {
  await refuseNewer(db);
  return finish(await migrator(db).migrateToLatest());
};

const refuseNewer = async (db: Db): Promise<void> => {
  const newer = (await appliedMigrations(db)).filter((name) => !Object.hasOwn(migrations, name));
  if (newer.length === 0) return;
  throw new Refusal(
    `A newer TaskFlow has used this database (its schema has ${newer.join(", ")}; this one knows up to ${knownMigrations.at(-1)}); start that release or a newer one. Nothing was changed.`,
  );
};

/**
 * Whether we may change the schema: whoever owns it, or could make it where there is none. A service that has a role
 * of its own may not.
 */
export const ownsSchema = async (db: Db): Promise<boolean> => {
  const { rows } = await sql<{ owns: boolean }>`
    SELECT coalesce((SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('kysely_migration')),
      has_schema_privilege(current_schema(), 'CREATE')) AS owns`.execute(db);
  return rows[0]?.owns === true;
};

/** @throws Refusal when the schema, which we do not own, is not there, is older or is newer. */
export const requireSchema = async (db: Db): Promise<void> => {
  await refuseNewer(db);
  const applied = new Set(await appliedMigrations(db));
  const lacking = knownMigrations.filter((name) => !applied.has(name));
  if (lacking.length === 0) return;
  throw new Refusal(
    `The schema lacks ${lacking.join(", ")}, and this role of the database may not change it; run npm start -- migrate with the DATABASE_URL of the schema's owner.`,
  );
};

/** The names of the migrations that this database has had, in order; none for a new one, or one that is not ours. */
const appliedMigrations = async (db: Db): Promise<readonly string[]> => {
  const { rows } = await sql<{ readable: boolean | null }>`
    SELECT has_table_privilege(to_regclass('kysely_migration'), 'SELECT') AS readable`.execute(db);
  if (rows[0]?.readable !== true) return [];
  const applied = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db);
  return applied.rows.map(({ name }) => name);
};

/**
 * Makes what partitions of the history are made by, on a schema from before there was such a function; the migration
 * that brings it does no harm to what is there.
 */
export const makePartitionFunctions = (db: Db): Promise<void> => historyPartitions.up(db as never);

/** Takes the schema back, or a new one on, to the named migration (`0001_base` is the base release). Answers what it undid. */
export const migrateDownTo = async (db: Db, name: string): Promise<readonly string[]> =>
  finish(await migrator(db).migrateTo(name));
