import assert from "node:assert/strict";
import type { TaskEvent } from "../../src/contract/event.ts";
import type { Database } from "../../src/adapters/db/database.ts";
import { createLoops } from "../../src/adapters/loop.ts";
import { createMetrics } from "../../src/adapters/metrics.ts";
import { createReminderStates } from "../../src/adapters/reminder-states.ts";
import type { Clock, Loop, TaskApi } from "../../src/ports.ts";
import { createChatApi } from "../../src/services/chat-api/chat-api.ts";
import { createKeyedHash } from "../../src/adapters/auth/keyed-hash.ts";
import { createCredentialWatch } from "../../src/adapters/auth/credential-watch.ts";
import { createPasswords } from "../../src/adapters/auth/passwords.ts";
import { secrets } from "../../src/adapters/auth/secrets.ts";
import { createKeeper } from "../../src/services/recurring/keeper.ts";
import { createRecurringService } from "../../src/services/recurring/service.ts";
import { createSeriesStore } from "../../src/services/recurring/series-store.ts";
import { v7 as uuidv7 } from "uuid";
import type { NewTask, Task } from "../../src/contract/task.ts";
import { createProcessorShare } from "../../src/adapters/processor-share.ts";
import type { Command } from "../../src/contract/command.ts";
import { createExecute } from "../../src/services/chat-api/execute.ts";
import { createPurge, type Purge } from "../../src/services/chat-api/tasks/purge.ts";
import { findTask } from "../../src/services/chat-api/tasks/task-store.ts";
import { createUndoHandles } from "../../src/services/chat-api/tasks/undo-handle.ts";
import { type Actor, createTaskWriter } from "../../src/services/chat-api/tasks/writer.ts";
import { createMigratedDatabase, silent } from "../outbox/migrated-database.ts";

/**
 * The owner of tasks and the processor's parts on a real database, by a clock that the test moves; nothing runs by
 * itself.
 */
export interface Bench {
  readonly database: Database;
  readonly clock: { at: number } & Clock;
  /** Carries commands out as one write; answers the task that the first was for. */
  run(actor: Actor, ...commands: readonly Command[]): Promise<Task>;
  readTask(actor: Actor, id: string): Promise<Task>;
  readonly purge: Purge;
  readonly taskApi: TaskApi;
  /** Another replica of the processor, in a pool of its own. */
  replica(taskApi?: TaskApi): Replica;
  newUser(zone?: string): Promise<Actor>;
  /** A series of the user; answers its id. */
  addSeries(actor: Actor, input: Partial<NewTask>): Promise<string>;
  /** Every event of the user so far, in order. */
  events(userId: string): Promise<TaskEvent[]>;
  /** The dates of a series' live occurrences with their status. */
  dates(seriesId: string): Promise<string[]>;
  drop(): Promise<void>;
}

export interface Replica {
  handle(event: TaskEvent): Promise<void>;
  /** One sweep: looks at what is due, until nothing is. */
  sweep(): Promise<void>;
  /** What readiness names as given up on. */
  setAside(): readonly string[];
}

const keyedHash = createKeyedHash("a secret of at least thirty-two bytes");
const delivery = { attempt: 1, signal: new AbortController().signal };

export const createBench = async (startAt: string): Promise<Bench> => {
  const { database, connect, drop } = await createMigratedDatabase();
  const clock = { at: Date.parse(startAt), now: () => clock.at };
  const metrics = createMetrics();
  const newId = (): string => uuidv7();
  const deps = {
    database,
    clock,
    log: silent,
    metrics,
    newId,
    keyedHash,
    processorShare: createProcessorShare(),
    onCommitted: () => undefined,
  };
  const undoHandles = createUndoHandles(keyedHash);
  const writer = createTaskWriter({ ...deps, undoHandles });
  const execute = createExecute({ writer, newId });
  const run = async (actor: Actor, ...commands: readonly Command[]): Promise<Task> => {
    const { body } = await execute.all(actor, commands, ({ decisions }) => ({ status: 200, body: { decisions } }));
    const [first] = body.decisions;
    assert.ok(first);
    return first.task;
  };
  const { taskApi } = createChatApi({
    ...deps,
    startLoop: createLoops(silent),
    passwords: createPasswords(),
    accessTokens: { sign: () => ({ token: "", expiresIn: 0 }) },
    secrets,
    credentials: createCredentialWatch({ ...deps, startLoop: createLoops(silent) }),
    reminderStates: createReminderStates(database),
    settings: { registration: "open", rateLimits: false, trashDays: 30, eventRetentionDays: 0 },
  });
  let users = 0;

  return {
    database,
    clock,
    run,
    purge: createPurge(writer),
    async readTask({ userId }, id) {
      const task = await findTask(database, userId, id);
      assert.ok(task);
      return task;
    },
    taskApi,
    replica(api = taskApi) {
      const pool = connect(`replica ${(users += 1)}`);
      const keeper = createKeeper({ store: createSeriesStore(pool), taskApi: api, clock, log: silent, metrics });
      // Events are handled by the service itself; its loop is the test's to turn.
      const service = createRecurringService({
        database: pool,
        taskApi: api,
        clock,
        log: silent,
        metrics,
        startLoop: () => idleLoop,
      });
      const [subscription] = service.subscriptions;
      return {
        handle: async (event) => subscription?.handle(event, delivery),
        sweep: () => keeper.keep(new AbortController().signal),
        setAside: () => keeper.setAside(),
      };
    },
    async newUser(zone = "UTC") {
      const userId = newId();
      await database.prepared(
        "test-user",
        "INSERT INTO users (id, email, password_hash, time_zone) VALUES ($1, $2, '', $3)",
        [userId, `${userId}@example.org`, zone],
      );
      await database.prepared("test-head", "INSERT INTO event_heads (user_id, time_zone) VALUES ($1, $2)", [
        userId,
        zone,
      ]);
      return { userId, actorId: userId, actorKind: "person", correlationId: "test" };
    },
    async addSeries(actor, input) {
      const task = { title: "series", due_date: "2026-03-01T09:00", recurrence_pattern: "daily", ...input };
      return (await run(actor, { kind: "task.create", task })).id;
    },
    async events(userId) {
      const rows = await database.prepared<{ data: Omit<TaskEvent, "sequence">; sequence: number }>(
        "test-events",
        "SELECT data, sequence FROM events WHERE user_id = $1 ORDER BY sequence",
        [userId],
      );
      return rows.map(({ data, sequence }) => ({ ...data, sequence }) as TaskEvent);
    },
    async dates(seriesId) {
      const rows = await database.prepared<{ text: string }>(
        "test-dates",
        `SELECT occurrence_date || ' ' || coalesce(occurrence_outcome, CASE WHEN completed THEN 'completed' ELSE 'open' END) AS text
         FROM tasks WHERE parent_recurring_task_id = $1 AND deleted_at IS NULL ORDER BY occurrence_date`,
        [seriesId],
      );
      return rows.map(({ text }) => text);
    },
    drop,
  };
};

const idleLoop: Loop = { wake: () => undefined, stop: () => Promise.resolve() };
