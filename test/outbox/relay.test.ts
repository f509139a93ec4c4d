import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client } from "pg";
import { v7 as uuidv7 } from "uuid";
import { createLoops } from "../../src/adapters/loop.ts";
import { createMetrics } from "../../src/adapters/metrics.ts";
import { startRelay, type Relay } from "../../src/adapters/event-log/relay.ts";
import type { Database } from "../../src/adapters/db/database.ts";
import type { TaskFlowEvent } from "../../src/contract/event.ts";
import type { Bus, StartLoop } from "../../src/ports.ts";
import { waitFor } from "../infra/process.ts";
import { taskEventOf, updatesOf, waitingInOutbox, writeToOutbox } from "./events.ts";
import { createMigratedDatabase, type MigratedDatabase, silent as log } from "./migrated-database.ts";

let db: MigratedDatabase;
before(async () => {
  db = await createMigratedDatabase();
});
after(() => db.drop());

/** A broker that keeps what it was given, and takes it as `take` says. */
const createBroker = (take: (event: TaskFlowEvent) => unknown = () => undefined) => {
  const published: TaskFlowEvent[] = [];
  const broker = {
    published,
    underWay: 0,
    mostUnderWay: 0,
    bus: {
      subscribe() {},
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
      missing: () => Promise.resolve([]),
      async publish(event) {
        broker.underWay += 1;
        broker.mostUnderWay = Math.max(broker.mostUnderWay, broker.underWay);
        try {
          await take(event);
          published.push(event);
        } finally {
          broker.underWay -= 1;
        }
      },
    } satisfies Bus,
  };
  return broker;
};

/** A producer of its own for each test: its relay sees no other test's events. */
const createProducer = () => {
  const producer = `test ${uuidv7()}`;
  return {
    producer,
    emit: (events: readonly TaskFlowEvent[]) => writeToOutbox(db.database, events, producer),
    empty: () =>
      waitFor(async () => (await waitingInOutbox(db.database, producer)) === 0, { what: "the outbox to empty" }),
    waiting: () => waitingInOutbox(db.database, producer),
    relay: (
      bus: Bus,
      options: { database?: Database; graceMs?: number; pollMs?: number; startLoop?: StartLoop } = {},
    ): Relay =>
      startRelay({
        bus,
        producer,
        log,
        database: db.database,
        metrics: createMetrics(),
        startLoop: createLoops(log),
        pollMs: 20,
        backoff: { firstMs: 5, longestMs: 20 },
        ...options,
      }),
  };
};

const ids = (events: readonly TaskFlowEvent[]): string[] => events.map(({ event_id }) => event_id);
const versionsOf = (taskId: string, events: readonly TaskFlowEvent[]): number[] =>
  events.filter(({ task_id }) => task_id === taskId).map(({ task }) => task.version);

void test("an event whose commit becomes visible after a later one's is published too", async () => {
  const { producer, emit, empty, relay } = createProducer();
  const broker = createBroker();
  const [slow, quick] = [taskEventOf({ userId: uuidv7() }), taskEventOf({ userId: uuidv7() })];
  const client = new Client({ connectionString: db.url });
  await client.connect();
  const running = relay(broker.bus);
  try {
    await client.query("BEGIN");
    await writeToOutbox(
      { prepared: async (_name, text, values) => (await client.query(text, [...values])).rows },
      [slow],
      producer,
    );
    await emit([quick]);
    await waitFor(() => ids(broker.published).includes(quick.event_id), { what: "the later event" });
    assert.deepEqual(ids(broker.published), [quick.event_id]);
    await client.query("COMMIT");
    await waitFor(() => ids(broker.published).includes(slow.event_id), { what: "the earlier event" });
    await empty();
  } finally {
    await client.end();
    await running.stop();
  }
});

void test("many writers at once: every event once, while nothing fails", async () => {
  const { emit, empty, relay } = createProducer();
  const broker = createBroker(() => new Promise((resolve) => setImmediate(resolve)));
  const running = relay(broker.bus);
  const written = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const userId = uuidv7();
      const events = Array.from({ length: 100 }, () => taskEventOf({ userId }));
      for (const event of events) {
        await emit([event]);
        running.wake();
      }
      return events;
    }),
  );
  await empty();
  await running.stop();
  assert.deepEqual(ids(broker.published).toSorted(), ids(written.flat()).toSorted());
});

void test("a broker that is away for a while gets everything afterwards, in order per task", async () => {
  const { emit, empty, waiting, relay } = createProducer();
  let away = true;
  let refused = 0;
  const broker = createBroker(() => {
    if (!away && Math.random() < 0.8) return;
    refused += 1;
    throw new Error("the broker is away");
  });
  const tasks = Array.from({ length: 10 }, () => updatesOf(uuidv7(), 12));
  const running = relay(broker.bus);
  await emit(
    Array.from({ length: 12 }, (_, round) => tasks.flatMap((ofTask) => ofTask.slice(round, round + 1))).flat(),
  );
  await waitFor(() => refused >= 50, { what: "50 refused publishes" });
  assert.equal(broker.published.length, 0);
  assert.equal(await waiting(), 120);
  away = false;
  await empty();
  await running.stop();
  for (const [first] of tasks)
    assert.deepEqual(versionsOf(first?.task_id ?? "", broker.published), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

void test("a replica that does not lead tells the one that does of what it wrote", async () => {
  const { emit, empty, relay } = createProducer();
  const [leading, other] = [createBroker(), createBroker()];
  const leader = relay(leading.bus, { database: db.connect("leader"), pollMs: 600_000 });
  await emit(updatesOf(uuidv7(), 1));
  leader.wake();
  await empty();
  const follower = relay(other.bus, { database: db.connect("follower"), pollMs: 600_000 });
  try {
    await waitFor(followerHasTried, { what: "the follower to have tried to lead" });
    for (let round = 0; round < 3; round += 1) {
      await emit(updatesOf(uuidv7(), 5));
      follower.wake();
      await empty();
    }
    assert.deepEqual([leading.published.length, other.published.length], [16, 0]);
  } finally {
    await Promise.all([leader.stop(), follower.stop()]);
  }
});

/** It asks for the lock once and, until it is woken, nothing else. */
const followerHasTried = async (): Promise<boolean> => {
  const asked = await db.database.prepared(
    "follower-has-tried",
    "SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_try_advisory_lock%' AND state = 'idle' AND application_name = 'follower' AND datname = current_database()",
    [],
  );
  return asked.length === 1;
};

void test("of two relays one works, and the other takes over when the first one's connection is killed", async () => {
  const { producer, emit, empty, relay } = createProducer();
  let gate = Promise.resolve();
  const brokers = [createBroker(() => gate), createBroker()] as const;
  const [ofFirst, ofSecond] = [watchLooks(), watchLooks()];
  const inFirst = updatesOf(uuidv7(), 3);
  await emit(inFirst);
  const first = relay(brokers[0].bus, {
    database: db.connect("first relay"),
    pollMs: 600_000,
    startLoop: ofFirst.startLoop,
  });
  await empty();
  const second = relay(brokers[1].bus, { database: db.connect("second relay"), startLoop: ofSecond.startLoop });
  const held = Promise.withResolvers<void>();
  gate = held.promise;
  const stillInFirst = updatesOf(uuidv7(), 3);
  await emit(stillInFirst);
  first.wake();
  const { ended } = ofSecond.looks;
  await waitFor(() => brokers[0].underWay === 1 && ofSecond.looks.ended > ended + 1, {
    what: "one to be at work, and the other to have looked",
  });
  assert.equal(brokers[1].published.length, 0);
  held.resolve();
  await empty();
  // What comes while it looks once more is its own.
  await waitFor(() => !ofFirst.looks.underWay, { what: "the first relay to look no more" });

  const inSecond = updatesOf(uuidv7(), 3);
  await emit(inSecond);
  assert.equal(await terminateLeader(producer), 1);
  await empty();
  await Promise.all([first.stop(), second.stop()]);
  assert.deepEqual(ids(brokers[0].published), ids([...inFirst, ...stillInFirst]));
  assert.deepEqual(ids(brokers[1].published), ids(inSecond));
});

/** Counts the looks of a relay at the outbox. */
const watchLooks = () => {
  const looks = { underWay: false, ended: 0 };
  const startLoop: StartLoop = (name, everyMs, run) => {
    const look = async (signal: AbortSignal): Promise<void> => {
      looks.underWay = true;
      try {
        await run(signal);
      } finally {
        looks.underWay = false;
        looks.ended += 1;
      }
    };
    return createLoops(log)(name, everyMs, name.startsWith("outbox relay") ? look : run);
  };
  return { looks, startLoop };
};

const terminateLeader = async (producer: string): Promise<number> => {
  const killed = await db.database.prepared(
    "terminate-leader",
    `SELECT pg_terminate_backend(pid) FROM pg_locks
     WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32 | objid::bigint) = hashtextextended($1, 0)`,
    [`taskflow relay of ${producer}`],
  );
  return killed.length;
};

void test("a kill between publishing and sweeping gives a duplicate, and loses nothing", async () => {
  const { emit, empty, waiting, relay } = createProducer();
  const [killed, next] = [createBroker(), createBroker()];
  const event = taskEventOf();
  const neverSweeps: Database = {
    ...db.database,
    prepared: (name, text, values) =>
      name === "outbox-sweep" ? Promise.reject(new Error("killed")) : db.database.prepared(name, text, values),
  };
  const before = relay(killed.bus, { database: neverSweeps });
  await emit([event]);
  await waitFor(() => killed.published.length > 0, { what: "the first publish" });
  await before.stop();
  assert.equal(await waiting(), 1);
  const after = relay(next.bus);
  await empty();
  await after.stop();
  assert.deepEqual([ids(killed.published), ids(next.published)], [[event.event_id], [event.event_id]]);
});

void test("at most 512 events are under way, however many wait", async () => {
  const { emit, empty, relay } = createProducer();
  const gate = Promise.withResolvers<void>();
  const broker = createBroker(() => gate.promise);
  const events = Array.from({ length: 1_500 }, () => taskEventOf());
  const running = relay(broker.bus);
  await emit(events);
  await waitFor(() => broker.underWay === 512, { what: "512 events under way" });
  running.wake();
  gate.resolve();
  await empty();
  await running.stop();
  assert.equal(broker.mostUnderWay, 512);
  assert.equal(new Set(ids(broker.published)).size, events.length);
});

void test("a task that cannot be published does not take the place of the others", async () => {
  const { emit, empty, relay } = createProducer();
  const gate = Promise.withResolvers<void>();
  const stuck = updatesOf(uuidv7(), 700);
  const stuckId = stuck[0]?.task_id ?? "";
  const broker = createBroker(({ task_id }) => (task_id === stuckId ? gate.promise : undefined));
  const others = Array.from({ length: 30 }, () => taskEventOf());
  const running = relay(broker.bus);
  await emit([...stuck, ...others]);
  await waitFor(() => broker.published.length === others.length, { what: "the other tasks' events" });
  gate.resolve();
  await empty();
  await running.stop();
  assert.deepEqual(
    versionsOf(stuckId, broker.published),
    stuck.map(({ task }) => task.version),
  );
});

void test("a stop waits for what the broker is taking, and leaves the rest in the outbox", async () => {
  const { emit, waiting, relay } = createProducer();
  const gate = Promise.withResolvers<void>();
  const [taken, ofSameTask] = updatesOf(uuidv7(), 2);
  assert.ok(taken && ofSameTask);
  const broker = createBroker(() => gate.promise);
  const running = relay(broker.bus);
  await emit([taken, ofSameTask]);
  await waitFor(() => broker.underWay === 1, { what: "the first publish to begin" });
  const stopping = running.stop();
  gate.resolve();
  await stopping;
  assert.deepEqual(ids(broker.published), [taken.event_id]);
  assert.equal(await waiting(), 1);
});

void test("a stop does not wait for a broker that never answers", async () => {
  const { emit, waiting, relay } = createProducer();
  const broker = createBroker(() => new Promise(() => undefined));
  const running = relay(broker.bus, { graceMs: 10 });
  await emit([taskEventOf()]);
  await waitFor(() => broker.underWay === 1, { what: "the publish to begin" });
  await running.stop();
  assert.equal(await waiting(), 1);
});
