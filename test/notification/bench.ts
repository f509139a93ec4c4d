import { randomUUID } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { createMetrics } from "../../src/adapters/metrics.ts";
import { createEventLog } from "../../src/adapters/event-log/read.ts";
import type { TaskFlowEvent } from "../../src/contract/event.ts";
import type { Channel, NotificationPreferencesPatch } from "../../src/contract/notification.ts";
import type { ChannelResult, DueNotification, NotificationChannel } from "../../src/ports.ts";
import { createDeliveryLog, type DeliveryLog } from "../../src/services/notification/delivery/delivery-log.ts";
import { createIntake } from "../../src/services/notification/delivery/intake.ts";
import { createQueue, type Queue } from "../../src/services/notification/delivery/queue.ts";
import { createWorker } from "../../src/services/notification/delivery/worker.ts";
import { createInboxStore, type InboxStore } from "../../src/services/notification/inbox/inbox-store.ts";
import { createPreferenceStore } from "../../src/services/notification/preferences/preference-store.ts";
import { createMigratedDatabase, silent } from "../outbox/migrated-database.ts";
import type { Query } from "./reminders.ts";

/** A channel that keeps what it is given, and answers as the test likes. */
export interface KeepingChannel extends NotificationChannel {
  readonly given: DueNotification[];
  answer: (due: readonly DueNotification[]) => Promise<readonly ChannelResult[]>;
}

export const keepingChannel = (name: Channel): KeepingChannel => {
  const given: DueNotification[] = [];
  return {
    name,
    batch: 100,
    given,
    answer: (due) => Promise.resolve(due.map(() => ({ reached: null }))),
    deliver(due) {
      given.push(...due);
      return this.answer(due);
    },
  };
};

/** Intake, queue and workers on a real database; nothing runs by itself. */
export interface Bench {
  readonly query: Query;
  readonly queue: Queue;
  readonly inbox: InboxStore;
  readonly log: DeliveryLog;
  readonly channel: KeepingChannel;
  newUser(): Promise<string>;
  prefer(userId: string, patch: NotificationPreferencesPatch): Promise<void>;
  take(...events: readonly TaskFlowEvent[]): Promise<void>;
  /** The same where the streams have it with its row, as in the service; two of each user are open. */
  takeToStreams(...events: readonly TaskFlowEvent[]): Promise<void>;
  /** A worker of a channel, as one more process has. */
  worker(channel?: NotificationChannel, leaseSeconds?: number): () => Promise<void>;
  drop(): Promise<void>;
}

const DAY_MS = 86_400_000;

/** @param name of the channel beside the inbox */
export const createBench = async (name: Channel = "stream"): Promise<Bench> => {
  const { database, connect, drop } = await createMigratedDatabase();
  const others = connect("other workers");
  const statements: string[] = [];
  const query: Query = (text, values) => {
    if (!statements.includes(text)) statements.push(text);
    return database.prepared(`test ${statements.indexOf(text)}`, text, values);
  };
  const preferences = createPreferenceStore(database);
  const queue = createQueue(database, uuidv7());
  const metrics = createMetrics();
  const channel = keepingChannel(name);
  const eventLog = createEventLog(database);
  const intake = (stored: ReadonlyMap<Channel, () => number>) =>
    createIntake({
      preferences,
      eventLog,
      queue,
      metrics,
      channels: ["inbox", name],
      stored,
      retentionMs: 90 * DAY_MS,
      onStored: () => undefined,
    });
  const take = intake(new Map([["inbox", () => 0]]));
  const takeToStreams = intake(
    new Map([
      ["inbox", () => 0],
      ["stream", () => 2],
    ]),
  );

  return {
    query,
    queue,
    inbox: createInboxStore(database),
    log: createDeliveryLog(database),
    channel,
    async newUser() {
      const id = uuidv7();
      await database.prepared(
        "test-user",
        "INSERT INTO users (id, email, name, password_hash, role, time_zone, week_start, all_day_hour, created_at) VALUES ($1, $2, '', '', 'user', 'UTC', 'monday', 9, now())",
        [id, `${randomUUID()}@example.org`],
      );
      await database.prepared("test-head", "INSERT INTO event_heads (user_id) VALUES ($1) ON CONFLICT DO NOTHING", [
        id,
      ]);
      return id;
    },
    async prefer(userId, patch) {
      await preferences.change(userId, patch);
      await queue.release(userId);
    },
    take: (...events) => take(events),
    takeToStreams: (...events) => takeToStreams(events),
    worker(given = channel, leaseSeconds = 60) {
      const run = createWorker({
        channel: given,
        queue: createQueue(others, uuidv7()),
        preferences: createPreferenceStore(others),
        eventLog: createEventLog(others),
        log: silent,
        metrics,
        leaseSeconds,
      });
      return () => run(new AbortController().signal);
    },
    drop,
  };
};
