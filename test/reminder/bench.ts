import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../src/adapters/db/database.ts";
import { createDeliveryTrace } from "../../src/adapters/delivery-trace.ts";
import { createLoops } from "../../src/adapters/loop.ts";
import { createMetrics } from "../../src/adapters/metrics.ts";
import type { ReminderTriggered, TaskEvent, TaskEventType } from "../../src/contract/event.ts";
import type { TaskReminder } from "../../src/contract/reminder.ts";
import type { Task } from "../../src/contract/task.ts";
import type { ReminderTrigger, Service } from "../../src/ports.ts";
import { createFiring } from "../../src/services/reminder/firing.ts";
import { createReminderService } from "../../src/services/reminder/service.ts";
import { taskEventOf } from "../outbox/events.ts";
import { createMigratedDatabase, silent } from "../outbox/migrated-database.ts";

/** reminder-service's parts on a real database; events are told by hand. */
export interface ReminderBench {
  readonly database: Database;
  readonly url: string;
  newUser(): Promise<string>;
  /** Another replica, in a pool of its own, with a trigger of its own; it stops with the bench. */
  replica(trigger: ReminderTrigger, onCommitted?: () => void): Service;
  /** Gives what is due now, as one of two replicas by turns; nothing runs by itself. */
  fire(): Promise<void>;
  /** Milliseconds since the epoch, by the database's clock. */
  now(): Promise<number>;
  /** What was given to a user, in the order of the sequence. */
  given(userId: string): Promise<readonly ReminderTriggered[]>;
  /** What the schedule says of a task's reminders, by their ids: `pending`, `sent`, `cancelled: removed`. */
  statuses(taskId: string): Promise<Readonly<Record<string, string>>>;
  /** The reason that was recorded when it was given; null for none. */
  whyLate(reminderId: string): Promise<string | null | undefined>;
  drop(): Promise<void>;
}

export const createReminderBench = async (): Promise<ReminderBench> => {
  const { database, url, connect, drop } = await createMigratedDatabase();
  const services: Service[] = [];
  const firings = ["one", "other"].map((name) =>
    createFiring({
      database: connect(`firing ${name}`),
      trigger: idleTrigger,
      log: silent,
      metrics: createMetrics(),
      onCommitted: () => undefined,
      producer: "reminder-service",
    }),
  );
  let turn = 0;
  return {
    database,
    url,
    async newUser() {
      const userId = uuidv7();
      await database.prepared("test-user", "INSERT INTO users (id, email, password_hash) VALUES ($1, $2, '')", [
        userId,
        `${userId}@example.org`,
      ]);
      await database.prepared("test-head", "INSERT INTO event_heads (user_id) VALUES ($1)", [userId]);
      return userId;
    },
    replica(trigger, onCommitted = () => undefined) {
      const pool = connect(`replica ${services.length}`);
      const service = createReminderService({
        database: pool,
        trigger,
        deliveryTrace: createDeliveryTrace(pool),
        clock: { now: () => Date.now() },
        log: silent,
        metrics: createMetrics(),
        startLoop: createLoops(silent),
        onCommitted,
      });
      services.push(service);
      return service;
    },
    async fire() {
      turn = (turn + 1) % firings.length;
      await firings[turn]?.run(new AbortController().signal);
    },
    async now() {
      const [row] = await database.prepared<{ now: Date }>("test-now", "SELECT clock_timestamp() AS now", []);
      return row?.now.getTime() ?? Number.NaN;
    },
    async given(userId) {
      const rows = await database.prepared<{ data: Omit<ReminderTriggered, "sequence">; sequence: number }>(
        "test-given",
        "SELECT data, sequence FROM events WHERE user_id = $1 AND event_type = 'task.reminder.triggered' ORDER BY sequence",
        [userId],
      );
      return rows.map(({ data, sequence }) => ({ ...data, sequence }));
    },
    async statuses(taskId) {
      const rows = await database.prepared<{ id: string; status: string }>(
        "test-statuses",
        "SELECT reminder_id AS id, status || coalesce(': ' || cancelled_because, '') AS status FROM reminder_schedule WHERE task_id = $1",
        [taskId],
      );
      return Object.fromEntries(rows.map(({ id, status }) => [id, status]));
    },
    async whyLate(reminderId) {
      const [row] = await database.prepared<{ because: string | null }>(
        "test-why",
        "SELECT because FROM reminder_steps WHERE reminder_id = $1 AND what = 'fired'",
        [reminderId],
      );
      return row?.because;
    },
    async drop() {
      await Promise.all(services.map((service) => service.stop()));
      await drop();
    },
  };
};

/** A trigger that never rings. */
export const idleTrigger: ReminderTrigger = {
  sweepMs: 3_600_000,
  start: () => undefined,
  set: () => undefined,
  stop: () => Promise.resolve(),
  missing: () => [],
};

const delivery = { attempt: 1, signal: new AbortController().signal };

/** Gives a service an event as the bus does. */
export const tell = async (service: Service, ...events: readonly TaskEvent[]): Promise<void> => {
  for (const event of events) await service.subscriptions[0]?.handle(event, delivery);
};

/** A reminder at an instant (epoch ms) that was set long before. */
export const reminderAt = (at: number | null, more: Partial<TaskReminder> = {}): TaskReminder => ({
  id: uuidv7(),
  offset: null,
  remind_at: at === null ? null : new Date(at).toISOString(),
  set_at: "2020-01-01T00:00:00.000Z",
  snoozed_from: null,
  acknowledged_at: null,
  ...more,
});

export interface ReminderEvent {
  readonly userId: string;
  readonly taskId: string;
  readonly version: number;
  readonly reminders: readonly TaskReminder[];
  readonly type?: TaskEventType;
  readonly task?: Partial<Task>;
}

/** A whole event of a task with reminders. */
export const reminderEvent = ({ reminders, task = {}, type = "task.updated", ...facts }: ReminderEvent): TaskEvent => {
  const event = taskEventOf({ type, ...facts });
  return {
    ...event,
    // The events of a task are in the order of its versions, whenever a test makes them.
    sequence: facts.version,
    task: { ...event.task, ...task, reminders: [...reminders] },
    changes: { reminders: { old: null, new: null } },
  };
};
