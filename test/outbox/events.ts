import { v7 as uuidv7 } from "uuid";
import {
  eventSchemaVersion,
  type ReminderTriggered,
  type TaskEvent,
  type TaskEventType,
  type TaskFlowEvent,
} from "../../src/contract/event.ts";
import type { Database } from "../../src/adapters/db/database.ts";

let clock = Date.now();
const sequences = new Map<string, number>();

export interface EventFacts {
  readonly type?: TaskEventType;
  readonly userId?: string;
  readonly taskId?: string;
  /** The task's version, which is its order too. */
  readonly version?: number;
}

/** One user for all events of a test process, unless a test says another. */
export const someone = uuidv7();

/** A whole, valid event of a task; of one user, each has the next sequence. */
export const taskEventOf = ({
  type = "task.updated",
  userId = someone,
  taskId = uuidv7(),
  version = 1,
}: EventFacts = {}): TaskEvent => {
  const now = new Date((clock += 1)).toISOString();
  const sequence = (sequences.get(userId) ?? 0) + 1;
  sequences.set(userId, sequence);
  const completed = type === "task.completed";
  const common = {
    event_id: uuidv7(),
    timestamp: now,
    version: eventSchemaVersion,
    actor_id: userId,
    actor_kind: "person" as const,
    user_id: userId,
    sequence,
    correlation_id: uuidv7(),
    task_id: taskId,
    task: {
      id: taskId,
      user_id: userId,
      title: `version ${version}`,
      description: null,
      status: completed ? ("completed" as const) : ("pending" as const),
      completed,
      priority: "medium" as const,
      due_date: null,
      due_at: null,
      version,
      created_at: now,
      updated_at: now,
      completed_at: completed ? now : null,
      deleted_at: type === "task.deleted" ? now : null,
    },
    changes: { title: { old: `version ${version - 1}`, new: `version ${version}` } },
    time_zone: "Europe/Zurich",
  };
  switch (type) {
    case "task.completed":
      return { ...common, event_type: type, completed_at: now };
    case "task.deleted":
      return { ...common, event_type: type, deleted_at: now };
    default:
      return { ...common, event_type: type };
  }
};

/** A reminder was given: the user's next sequence, of the task as it was. */
export const triggeredEventOf = (facts: Omit<EventFacts, "type"> = {}): ReminderTriggered => {
  const { event_type: _type, ...common } = taskEventOf(facts);
  const { timestamp } = common;
  const times = { scheduled_for: timestamp, fired_at: timestamp, late_ms: 0 };
  return {
    ...common,
    ...times,
    event_type: "task.reminder.triggered",
    actor_kind: "system",
    actor_id: "reminder-service",
    changes: {},
    reminder: { id: uuidv7(), offset: "PT15M", ...times },
  };
};

/** `count` updates of one task, in order. */
export const updatesOf = (taskId: string, count: number): TaskEvent[] =>
  Array.from({ length: count }, (_, index) => taskEventOf({ taskId, version: index + 1 }));

/** Commits events and their outbox rows as a producer's write does. */
export const writeToOutbox = async (
  database: Pick<Database, "prepared">,
  events: readonly TaskFlowEvent[],
  producer = "chat-api",
): Promise<void> => {
  await database.prepared(
    "write-to-outbox",
    `WITH given AS (SELECT * FROM unnest($1::json[]) WITH ORDINALITY AS g (event, ordinal)),
     logged AS (
       INSERT INTO events (user_id, sequence, event_id, event_type, task_id, task_version, created_at, data)
       SELECT (event->>'user_id')::uuid, (event->>'sequence')::bigint, (event->>'event_id')::uuid, event->>'event_type',
         (event->>'task_id')::uuid, (event->'task'->>'version')::int, now(), event FROM given
       ON CONFLICT DO NOTHING)
     INSERT INTO outbox (producer, user_id, sequence)
     SELECT $2, (event->>'user_id')::uuid, (event->>'sequence')::bigint FROM given ORDER BY ordinal`,
    [events.map((event) => JSON.stringify(event)), producer],
  );
};

/** How many events still wait in the outbox. */
export const waitingInOutbox = async (database: Pick<Database, "prepared">, producer = "chat-api"): Promise<number> => {
  const [row] = await database.prepared<{ waiting: number }>(
    "waiting-in-outbox",
    "SELECT count(*) AS waiting FROM outbox WHERE producer = $1",
    [producer],
  );
  return row?.waiting ?? 0;
};
