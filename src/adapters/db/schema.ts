import type { Generated, GeneratedAlways } from "kysely";

type Timestamp = Date;

export interface UsersTable {
  id: string;
  email: string;
  name: string;
  password_hash: string;
  role: "user" | "admin";
  time_zone: string;
  week_start: "monday" | "sunday" | "saturday";
  all_day_hour: number;
  created_at: Timestamp;
  disabled_at: Timestamp | null;
}

/**
 * The head of each user's event sequence; its row lock is what makes the sequence gap-free. `time_zone` and
 * `all_day_hour` are those under which the user's `due_at` and reminders were computed. A closed account has no head,
 * so nothing can be written for it.
 */
export interface EventHeadsTable {
  user_id: string;
  sequence: number;
  time_zone: string;
  all_day_hour: number;
}

export interface TasksTable {
  id: string;
  user_id: string;
  title: string;
  description: string | null;
  completed: boolean;
  created_at: Timestamp;
  updated_at: Timestamp;
  priority: number;
  due_date: string | null;
  due_at: Timestamp | null;
  overdue_at: Timestamp | null;
  version: number;
  completed_at: Timestamp | null;
  deleted_at: Timestamp | null;
  recurrence_pattern: string | null;
  recurrence_rule: string | null;
  recurrence_text: string | null;
  recurrence_end_date: string | null;
  recurrence_basis: "schedule" | "completion" | null;
  recurrence_catch_up: "latest" | "all" | null;
  recurrence_paused_until: string | null;
  recurrence_time_zone: string | null;
  recurrence_passed_over: string | null;
  next_occurrence_date: string | null;
  parent_recurring_task_id: string | null;
  occurrence_date: string | null;
  occurrence_outcome: "skipped" | "withdrawn" | "detached" | null;
  /** A list of `TaskReminder`; null for none. */
  reminders: unknown;
  /** The last instant at which it has a reminder to give. */
  remind_until: Timestamp | null;
}

/** The ids of tasks that are gone for good; none is used again. */
export interface PurgedTasksTable {
  id: string;
}

export interface EventsTable {
  user_id: string;
  sequence: number;
  event_id: string;
  event_type: string;
  task_id: string;
  task_version: number;
  created_at: Timestamp;
  data: unknown;
  /** What lists filter and sort by, of the task after the event; made of `data` by the database. */
  listed: GeneratedAlways<unknown>;
}

export interface OutboxTable {
  position: Generated<number>;
  producer: string;
  user_id: string;
  sequence: number;
  created_at: Generated<Timestamp>;
}

export interface IdempotencyKeysTable {
  user_id: string;
  key: string;
  request_hash: string;
  status: number;
  answer: unknown;
  first_sequence: number | null;
  last_sequence: number | null;
  created_at: Generated<Timestamp>;
}

export interface RefreshTokensTable {
  token_hash: Buffer;
  family_id: string;
  user_id: string;
  created_at: Timestamp;
  expires_at: Timestamp;
  used_at: Timestamp | null;
  /** When the session began with a password; null for one that an older release began. */
  signed_in_at: Timestamp | null;
}

export interface ApiTokensTable {
  id: string;
  user_id: string;
  name: string;
  token_hash: Buffer;
  scopes: string[];
  created_at: Timestamp;
  expires_at: Timestamp | null;
  last_used_at: Timestamp | null;
  /** The session it ends with; null when it outlives the one that made it. */
  session_id: string | null;
  /** The token that made it, and that it ends with. */
  parent_id: string | null;
}

export interface StreamTicketsTable {
  ticket_hash: Buffer;
  user_id: string;
  expires_at: Timestamp;
  /** The session or API token that asked for it; null when an older release gave it. */
  credential_id: string | null;
}

/** What lets nobody in any more; written by triggers, whoever ends it. */
export interface EndedCredentialsTable {
  position: GeneratedAlways<number>;
  kind: "session" | "token" | "user";
  id: string;
  user_id: string;
  ended_at: Generated<Timestamp>;
}

export interface DeadLettersTable {
  id: string;
  consumer: string;
  event_id: string;
  event: unknown;
  reason: string;
  attempts: number;
  failed_at: Generated<Timestamp>;
  replay_requested_at: Timestamp | null;
}

/** What the recurring processor has learned of a series, by the series' own events. */
export interface RecurringSeriesTable {
  series_id: string;
  user_id: string;
  /** Of the series' task: what decides which event is news. */
  version: number;
  recurrence_pattern: string | null;
  due_date: string | null;
  recurrence_time_zone: string | null;
  recurrence_end_date: string | null;
  recurrence_basis: "schedule" | "completion";
  recurrence_catch_up: "latest" | "all" | null;
  recurrence_paused_until: string | null;
  next_occurrence_date: string | null;
  /** The newest occurrence that is known to exist. */
  kept_date: string | null;
  /** When to look at it next; null when only an event can make that necessary. */
  look_at: Timestamp | null;
  /** Failed tries since the last that succeeded. */
  failures: Generated<number>;
  /** Why nothing is made of it any more. */
  dead_reason: string | null;
}

/** A task with reminders, as reminder-service knows it. `task` is null when it was purged. */
export interface ReminderTasksTable {
  task_id: string;
  user_id: string;
  /** Of the newest event, which decides what is news; null for one that was learned by its version. */
  sequence: number | null;
  version: number;
  task: unknown;
  time_zone: string;
}

export interface ReminderScheduleTable {
  reminder_id: string;
  task_id: string;
  user_id: string;
  /** The task's version that says this of it; older than the task's, the reminder is no longer there. */
  task_version: number;
  /** The order in which reminders were first learned of. */
  created: Generated<number>;
  /** As the task carries it. */
  reminder: unknown;
  remind_at: Timestamp | null;
  acknowledged_at: Timestamp | null;
  /** The task's, as `tasks` keeps it. */
  priority: number;
  status: "pending" | "sent" | "cancelled";
  cancelled_because: string | null;
  /** The event that it is so by, and when that was learned. */
  planned_by: string;
  planned_at: Timestamp;
  fired_at: Timestamp | null;
  late_ms: number | null;
  /** The event it was given by. */
  event_id: string | null;
}

/** What happened to a reminder, in order. */
export interface ReminderStepsTable {
  reminder_id: string;
  task_id: string;
  step: Generated<number>;
  at: Timestamp;
  what: string;
  event_id: string | null;
  remind_at: Timestamp | null;
  because: string | null;
  late_ms: number | null;
}

/** What an event says, as the history keeps it. */
interface AuditedEvent {
  user_id: string;
  sequence: number;
  occurred_at: Timestamp;
  event_id: string;
  event_type: string;
  task_id: string;
  task_version: number;
  actor_kind: string;
  actor_id: string;
  correlation_id: string;
  task_title: string | null;
  changes: unknown;
}

/** The history, partitioned by the month of `occurred_at`. Only INSERT is allowed. */
export interface TaskEventsTable extends AuditedEvent {
  salt: Buffer | null;
  /** In place of title, changes and salt, when they were erased. */
  content_digest: Buffer | null;
  hash: Buffer;
}

/** Events that came before one of a lower sequence: not yet in the chain. */
export interface AuditWaitingTable extends AuditedEvent {
  arrived_at: Generated<Timestamp>;
}

/** Both of them. */
export interface AuditEntriesView extends AuditedEvent {
  hash: Buffer | null;
}

/** The end of each user's chain: everything up to `sequence` is in it. */
export interface AuditHeadsTable {
  user_id: string;
  sequence: number;
  hash: Buffer;
  signature: Buffer;
  moved_at: Generated<Timestamp>;
}

export interface AuditArchivesTable {
  name: string;
  month: string;
  rows: number;
  archived_at: Generated<Timestamp>;
  /** Its rows are back in the table until then. */
  restored_until: Timestamp | null;
}

/** A stretch of a user's chain that lies in an archive. */
export interface AuditArchivedRunsTable {
  archive: string;
  user_id: string;
  first_sequence: number;
  last_sequence: number;
  previous_hash: Buffer;
  last_hash: Buffer;
}

export interface AuditReadsTable {
  id: string;
  reader_kind: string;
  reader_id: string;
  user_id: string | null;
  what: string;
  read_at: Timestamp;
  correlation_id: string;
}

/** Who asked that a closed account be erased, and its last sequence. Only INSERT is allowed. */
export interface AccountErasuresTable {
  user_id: string;
  requested_at: Timestamp;
  actor_kind: string;
  actor_id: string;
  correlation_id: string;
  last_sequence: number;
}

/** That the history was erased. Only INSERT is allowed. */
export interface AuditErasuresTable {
  user_id: string;
  erased_at: Timestamp;
  /** How many were in the table; archives are erased with the key. */
  rows: number;
  signature: Buffer;
}

/** What a user's words in archives are encrypted with. */
export interface AuditContentKeysTable {
  user_id: string;
  key: Buffer;
}

/** What a user wants to be told, and the zone their events came from last. */
export interface NotificationPreferencesTable {
  user_id: string;
  quiet_start: string | null;
  quiet_end: string | null;
  critical_only: boolean;
  choices: Readonly<Record<string, boolean>>;
  time_zone: string | null;
  /** Of the event that said so. */
  zone_sequence: number;
}

export interface NotificationsTable {
  id: string;
  user_id: string;
  type: string;
  title: string;
  body: string | null;
  task_id: string | null;
  event_id: string | null;
  sequence: number | null;
  reminder_id: string | null;
  critical: boolean;
  count: number;
  occurred_at: Timestamp;
  /** Not so for what a user does not want there, and for digests of what is there already. */
  in_inbox: boolean;
  read_at: Timestamp | null;
  created_at: Timestamp;
}

/** The queue of tellings, and the log of what became of them. */
export interface NotificationDeliveriesTable {
  id: string;
  notification_id: string;
  event_id: string | null;
  user_id: string;
  channel: string;
  status: "pending" | "delivered" | "failed" | "suppressed";
  reason: string | null;
  attempts: number;
  /** How many places it came to: open streams, for the stream. */
  reached: number;
  due_at: Timestamp;
  /** When a worker may take it; null when it is finished or waits for its digest. */
  claim_at: Timestamp | null;
  digest_id: string | null;
  created_at: Timestamp;
  finished_at: Timestamp | null;
}

/** What every replica puts on its open streams of a user. */
export interface StreamNoticesTable {
  position: Generated<number>;
  user_id: string;
  delivery_id: string | null;
  /** The process that delivered it. */
  origin: string;
  /** As JSON; null says that the inbox changed. */
  notification: string | null;
  /** When the notification was made. */
  made_at: Timestamp | null;
  created_at: Generated<Timestamp>;
}

/** Every table of the database, for the query builder. */
export interface Schema {
  users: UsersTable;
  event_heads: EventHeadsTable;
  tasks: TasksTable;
  purged_tasks: PurgedTasksTable;
  events: EventsTable;
  outbox: OutboxTable;
  idempotency_keys: IdempotencyKeysTable;
  refresh_tokens: RefreshTokensTable;
  api_tokens: ApiTokensTable;
  stream_tickets: StreamTicketsTable;
  ended_credentials: EndedCredentialsTable;
  dead_letters: DeadLettersTable;
  task_events: TaskEventsTable;
  audit_waiting: AuditWaitingTable;
  audit_entries: AuditEntriesView;
  audit_heads: AuditHeadsTable;
  audit_archives: AuditArchivesTable;
  audit_archived_runs: AuditArchivedRunsTable;
  audit_reads: AuditReadsTable;
  account_erasures: AccountErasuresTable;
  audit_erasures: AuditErasuresTable;
  audit_content_keys: AuditContentKeysTable;
  recurring_series: RecurringSeriesTable;
  reminder_tasks: ReminderTasksTable;
  reminder_schedule: ReminderScheduleTable;
  reminder_steps: ReminderStepsTable;
  notification_preferences: NotificationPreferencesTable;
  notifications: NotificationsTable;
  notification_deliveries: NotificationDeliveriesTable;
  stream_notices: StreamNoticesTable;
}
