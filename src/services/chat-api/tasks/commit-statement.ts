import { appendEvents } from "../../../adapters/event-log/append.ts";
import { mutableColumns } from "./task-row.ts";

/**
 * What a write is made of; what it has not is left out of its statement, which PostgreSQL would set up and tear down
 * each time.
 */
export interface CommitShape {
  /** Rests on tasks that were read: all of them are at the version they were read at, or nothing happens. */
  readonly reads: boolean;
  readonly creates: boolean;
  /** Creates tasks under ids that a client chose: none of them may be one that was a task's before. */
  readonly chooses: boolean;
  readonly updates: boolean;
  readonly purges: boolean;
  /** Keeps the answer for a repeated request. */
  readonly remembers: boolean;
}

/** A parameter stands in the text by its name, `@user_id`. */
const parameterNames = [
  "user_id",
  "zone_read",
  "rows",
  "read_ids",
  "read_versions",
  "chosen_ids",
  "purged_ids",
  "event_ids",
  "event_types",
  "task_ids",
  "task_versions",
  "events",
  "now",
  "key",
  "request_hash",
  "status",
  "answer",
  "zone",
  "all_day_hour_read",
  "all_day_hour",
  "sequence_read",
] as const;
export type CommitParameter = (typeof parameterNames)[number];

export interface CommitStatement {
  /** The prepared statement's, one for each shape. */
  readonly name: string;
  readonly text: string;
  /** The parameters that the text has, in the order of their numbers. */
  readonly parameters: readonly CommitParameter[];
}

const appended = appendEvents({
  producer: "'chat-api'",
  events: `SELECT @user_id::uuid, head.base + e.ordinal, e.event_id, e.event_type, e.task_id, e.task_version, @now::timestamptz, e.data
  FROM head, unnest(@event_ids::uuid[], @event_types::text[], @task_ids::uuid[], @task_versions::int[], @events::json[])
    WITH ORDINALITY AS e (event_id, event_type, task_id, task_version, data, ordinal)
  ORDER BY e.ordinal`,
});

/**
 * The whole write in one statement: tasks, events, outbox and the remembered answer, or none of them.
 *
 * `locked` holds the tasks that are still at the version they were read at, in the order of their ids so that two
 * writes cannot wait for each other. `head` takes the sequences only if all of them are and the user's clock is still
 * the same, and no chosen id was one of a task that is gone; everything else hangs on `head`. The head's row lock is held to the commit, so a user's sequences become
 * visible in order and without gaps.
 */
const textOf = ({ reads, creates, chooses, updates, purges, remembers }: CommitShape): string => `
WITH ${creates || updates ? "rows AS MATERIALIZED (SELECT * FROM json_populate_recordset(NULL::tasks, @rows::json)), " : ""}${
  reads
    ? `locked AS MATERIALIZED (
  SELECT t.id FROM tasks t JOIN unnest(@read_ids::uuid[], @read_versions::int[]) AS read (id, version) ON t.id = read.id AND t.version = read.version
  WHERE t.user_id = @user_id ORDER BY t.id FOR UPDATE OF t
), `
    : ""
}${
  chooses
    ? `taken AS MATERIALIZED (
  SELECT id FROM purged_tasks WHERE id = ANY (@chosen_ids::uuid[])
), `
    : ""
}head AS (
  UPDATE event_heads SET sequence = sequence + cardinality(@event_ids::uuid[]), time_zone = @zone, all_day_hour = @all_day_hour
  WHERE user_id = @user_id AND time_zone = @zone_read AND all_day_hour = @all_day_hour_read AND (@sequence_read::bigint IS NULL OR sequence = @sequence_read)
    ${reads ? "AND (SELECT count(*) FROM locked) = cardinality(@read_ids::uuid[])" : ""}
    ${chooses ? "AND NOT EXISTS (SELECT FROM taken)" : ""}
  RETURNING sequence - cardinality(@event_ids::uuid[]) AS base
), ${
  creates
    ? `created AS (
  INSERT INTO tasks SELECT rows.* FROM rows, head ${reads ? "WHERE rows.id <> ALL (@read_ids::uuid[])" : ""}
), `
    : ""
}${
  updates
    ? `updated AS (
  UPDATE tasks t SET ${mutableColumns.map((column) => `${column} = r.${column}`).join(", ")}
  FROM rows r, head WHERE t.id = r.id AND r.id = ANY (@read_ids::uuid[])
), `
    : ""
}${
  purges
    ? `purged AS (
  DELETE FROM tasks t USING head WHERE t.user_id = @user_id AND t.id = ANY (@purged_ids::uuid[])
), buried AS (
  INSERT INTO purged_tasks SELECT id FROM head, unnest(@purged_ids::uuid[]) AS id ON CONFLICT DO NOTHING
), `
    : ""
}${
  remembers
    ? `remembered AS (
  INSERT INTO idempotency_keys (user_id, key, request_hash, status, answer, first_sequence, last_sequence)
  SELECT @user_id, @key, @request_hash, @status, @answer, head.base + 1, head.base + cardinality(@event_ids::uuid[]) FROM head
), `
    : ""
}${appended}
${
  chooses
    ? "SELECT base, false AS is_taken FROM head UNION ALL SELECT NULL, true WHERE EXISTS (SELECT FROM taken)"
    : "SELECT base FROM head"
}`;

const numbered = (named: string): Pick<CommitStatement, "text" | "parameters"> => {
  const parameters: CommitParameter[] = [];
  const text = named.replaceAll(/@(\w+)/g, (_, word: string) => {
    const name = parameterNames.find((known) => known === word);
    if (name === undefined) throw new Error(`no parameter of a write is called ${word}`);
    if (!parameters.includes(name)) parameters.push(name);
    return `$${parameters.indexOf(name) + 1}`;
  });
  return { text, parameters };
};

const statements = new Map<string, CommitStatement>();

/** The statement of a write of this shape: made once, and so planned once a connection. */
export const commitStatement = (shape: CommitShape): CommitStatement => {
  const parts = (["reads", "creates", "chooses", "updates", "purges", "remembers"] as const).filter(
    (part) => shape[part],
  );
  const name = `commit-${parts.join("-")}`;
  const statement = statements.get(name) ?? { name, ...numbered(textOf(shape)) };
  statements.set(name, statement);
  return statement;
};
