import type { Schema } from "../adapters/db/schema.ts";
import type { RoleName } from "./settings.ts";

type Verb = "SELECT" | "INSERT" | "UPDATE" | "DELETE";
/** A privilege in PostgreSQL's words, on the whole table or on some of its columns: `SELECT (id, role)`. */
export type Privilege = Verb | `${Verb} (${string})`;

type Tables = Readonly<Partial<Record<keyof Schema, readonly Privilege[]>>>;

/** What a service may do to the tables; what is not here is refused by PostgreSQL (docs/adr/0054). */
interface ServiceTables {
  /** Its own: no other service changes them, but for what `shared` says. */
  readonly own: Tables;
  /** What it reads of other services, and through which adapter. */
  readonly reads: Tables;
  /** What several services write: the event log and its outbox, dead letters, stream tickets. */
  readonly shared: Tables;
}

const all = ["SELECT", "INSERT", "UPDATE", "DELETE"] as const;

/** Every consumer keeps what it could not take, and takes it again when someone asks. */
const deadLetters: Tables = { dead_letters: all };
/** A producer's relay takes its events out of the outbox (`adapters/event-log/relay`). */
const outbox: Tables = { outbox: ["SELECT", "INSERT", "DELETE"] };
/** Whoever answers users reads what has ended, and API tokens, but no password (`adapters/auth`). */
const ended: Tables = { ended_credentials: ["SELECT"] };
const callers: Tables = {
  ...ended,
  refresh_tokens: ["SELECT (family_id, expires_at)"],
  users: ["SELECT (id, role, disabled_at)"],
  api_tokens: ["SELECT (id, user_id, token_hash, scopes, expires_at, last_used_at)", "UPDATE (last_used_at)"],
};
/** The log of events, read by sequence (`adapters/event-log/read`). */
const eventLog: Tables = { events: ["SELECT"], event_heads: ["SELECT"] };

export const serviceTables: Readonly<Record<RoleName, ServiceTables>> = {
  "chat-api": {
    own: {
      users: ["SELECT", "INSERT", "UPDATE"],
      refresh_tokens: all,
      api_tokens: all,
      // Triggers write it with the rights of whoever ends something.
      ended_credentials: ["SELECT", "INSERT", "DELETE"],
      tasks: all,
      purged_tasks: ["SELECT", "INSERT"],
      idempotency_keys: all,
      account_erasures: ["SELECT", "INSERT"],
    },
    reads: {
      // adapters/reminder-states: what became of a task's reminders.
      reminder_schedule: ["SELECT (reminder_id, user_id, task_id, remind_at, status, fired_at, late_ms)"],
      // Whose events are to be forgotten too.
      audit_erasures: ["SELECT (user_id)"],
    },
    shared: {
      ...outbox,
      ...deadLetters,
      events: ["SELECT", "INSERT", "DELETE"],
      event_heads: all,
      // A ticket ends with its time and with its user.
      stream_tickets: ["SELECT (user_id, expires_at)", "DELETE"],
    },
  },
  "recurring-processor": { own: { recurring_series: all }, reads: ended, shared: deadLetters },
  "reminder-service": {
    own: { reminder_tasks: all, reminder_schedule: all, reminder_steps: all },
    reads: {
      ...callers,
      // adapters/delivery-trace: what was done about a reminder that was given.
      notification_deliveries: [
        "SELECT (id, notification_id, event_id, channel, status, reason, attempts, due_at, created_at, finished_at)",
      ],
    },
    // A reminder that is given is an event of its user's sequence.
    shared: { ...outbox, ...deadLetters, events: ["SELECT", "INSERT"], event_heads: ["SELECT", "UPDATE (sequence)"] },
  },
  "notification-service": {
    own: {
      notification_preferences: all,
      notifications: all,
      notification_deliveries: all,
      stream_notices: all,
    },
    reads: { ...callers, ...eventLog },
    shared: { ...deadLetters, stream_tickets: ["SELECT", "INSERT", "DELETE"] },
  },
  "audit-logger": {
    own: {
      // Nobody may change them: the rows of months leave by `drop_history_partition`, words by `erase_history`.
      task_events: ["SELECT", "INSERT"],
      audit_reads: ["SELECT", "INSERT"],
      audit_erasures: ["SELECT", "INSERT"],
      audit_entries: ["SELECT"],
      audit_waiting: ["SELECT", "INSERT", "DELETE"],
      audit_heads: ["SELECT", "INSERT", "UPDATE"],
      audit_archives: all,
      audit_archived_runs: ["SELECT", "INSERT", "DELETE"],
      audit_content_keys: ["SELECT", "INSERT"],
    },
    reads: {
      ...callers,
      ...eventLog,
      // What is on its way is not missing.
      outbox: ["SELECT"],
      account_erasures: ["SELECT"],
      // adapters/directory: names of people and tokens, and whether a task is there.
      users: ["SELECT (id, role, disabled_at, name, email)"],
      api_tokens: ["SELECT (id, user_id, token_hash, scopes, expires_at, last_used_at, name)", "UPDATE (last_used_at)"],
      tasks: ["SELECT (id, user_id)"],
    },
    shared: deadLetters,
  },
};

/** Functions that do what their caller has no privilege for, under rules of their own. */
export const serviceFunctions: Readonly<Partial<Record<RoleName, readonly string[]>>> = {
  "audit-logger": ["make_history_partition(date)", "drop_history_partition(date, bigint)", "erase_history(uuid)"],
};

/** The role of the database that a service connects as, in the five-service shape. */
export const databaseRoleOf = (role: RoleName): string => `taskflow_${role.replaceAll("-", "_")}`;

/** The role of chat-api's sidecar, which keeps its state in a schema of the same name and sees nothing else. */
export const STATE_DATABASE_ROLE = "taskflow_state";
