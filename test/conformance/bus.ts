import assert from "node:assert/strict";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { v7 as uuidv7 } from "uuid";
import { type TaskFlowEvent, topics } from "../../src/contract/event.ts";
import { DomainError } from "../../src/contract/problem.ts";
import type { DeadLetter, Delivery, Subscription } from "../../src/ports.ts";
import { waitFor } from "../infra/process.ts";
import { taskEventOf, updatesOf } from "../outbox/events.ts";

/**
 * The policy that every harness gives its bus: quick, so that a poison does not take long; and no try ends for its
 * length, as consumers here wait for the test.
 */
export const policy = {
  attempts: 4,
  backoff: { firstMs: 10, longestMs: 40 },
  graceMs: 1_000,
  timeoutMs: 600_000,
} as const;

/** The producer with its outbox and relay, and replicas of consumers, all on the bus under test. */
export interface BusHarness {
  /** Starts one replica for each list of subscriptions, and a relay that publishes to them. */
  start(replicas: readonly (readonly Subscription[])[]): Promise<RunningBus>;
  /** Commits events to the outbox. */
  emit(events: readonly TaskFlowEvent[]): Promise<void>;
  waiting(): Promise<number>;
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** The most deliveries of reminder-service that the bus has under way at once. */
  readonly mostUnderWay: number;
}

export interface RunningBus {
  stop(): Promise<void>;
}

const SUITE_TIMEOUT_MS = 580_000;
const ARRIVAL_MS = 120_000;

/** What every bus must do (ports.ts). A harness that cannot run here answers undefined and has skipped the test. */
export const busConformance = (
  name: string,
  createHarness: (t: TestContext) => Promise<BusHarness | undefined>,
): void => {
  void test(`${name} is a bus`, { timeout: SUITE_TIMEOUT_MS }, async (t) => {
    const harness = await createHarness(t);
    if (harness === undefined) return;
    for (const [title, check] of Object.entries(checks)) await t.test(title, () => check(harness));
  });
};

const checks: Readonly<Record<string, (harness: BusHarness) => Promise<void>>> = {
  async "two consumers each get every event of every type"(harness) {
    const [audit, reminders] = [record("audit-logger"), record("reminder-service")];
    const tasks = Array.from({ length: 12 }, () => uuidv7());
    const types = ["task.created", "task.updated", "task.completed", "task.deleted"] as const;
    const events = tasks.flatMap((taskId) =>
      types.map((type, index) => taskEventOf({ type, taskId, version: index + 1 })),
    );
    await running(harness, [[audit.subscription], [reminders.subscription]], async () => {
      await harness.emit(events);
      await audit.arrived(events);
      await reminders.arrived(events);
      await waitFor(async () => (await harness.waiting()) === 0, { what: "the outbox to empty" });
    });
    for (const event of events) assert.deepEqual(facts(audit.seen([event])[0]), facts(event));
  },

  async "the events of a task come in order, though nobody waits between them"(harness) {
    const consumer = record("audit-logger");
    const updates = Array.from({ length: 20 }, () => updatesOf(uuidv7(), 10));
    await running(harness, [[consumer.subscription]], async () => {
      await harness.emit(
        Array.from({ length: 10 }, (_, index) => updates.flatMap((ofTask) => ofTask.slice(index, index + 1))).flat(),
      );
      await consumer.arrived(updates.flat());
    });
    for (const ofTask of updates) assert.deepEqual(firstArrivals(consumer.seen(ofTask)), ids(ofTask));
  },

  async "a consumer that throws is given the event again, until it takes it"(harness) {
    const consumer = record("audit-logger", ({ attempt }, event) => {
      if (event.event_id === failing.event_id && attempt < 3) throw new Error("not yet");
    });
    const failing = taskEventOf();
    await running(harness, [[consumer.subscription]], async () => {
      await harness.emit([failing]);
      await consumer.arrived([failing]);
    });
    assert.deepEqual(consumer.attempts(failing), [1, 2, 3]);
    assert.deepEqual(lettersOf([failing], await harness.deadLetters()), []);
  },

  async "a poison is dead-lettered with its reason, for the consumer that cannot take it alone"(harness) {
    const taskId = uuidv7();
    const [before, poison, behind] = updatesOf(taskId, 3);
    assert.ok(before && poison && behind);
    const consumer = record("audit-logger", (_, event) => {
      if (event.event_id === poison.event_id) throw new Error("no ledger\nfor this");
    });
    const other = record("reminder-service");
    await running(harness, [[consumer.subscription], [other.subscription]], async () => {
      await harness.emit([before, poison, behind]);
      await consumer.arrived([before, behind]);
      await other.arrived([before, poison, behind]);
      await waitFor(async () => lettersOf([poison], await harness.deadLetters()).length > 0, {
        what: "the dead letter",
      });
    });
    const letters = lettersOf([before, poison, behind], await harness.deadLetters());
    assert.equal(letters.length, 1);
    assert.deepEqual(pick(letters[0]), {
      consumer: "audit-logger",
      reason: "no ledger for this",
      attempts: policy.attempts,
    });
    assert.deepEqual(facts(letters[0]?.event as TaskFlowEvent), facts(poison));
    assert.deepEqual(consumer.attempts(poison), [1, 2, 3, 4]);
  },

  async "a task whose every event is a poison holds back no other task for good"(harness) {
    const poisoned = updatesOf(uuidv7(), 24);
    const bad = new Set(ids(poisoned));
    const others = Array.from({ length: 40 }, () => taskEventOf());
    const consumer = record("audit-logger", (_, event) => {
      if (bad.has(event.event_id)) throw new Error("poison");
    });
    await running(harness, [[consumer.subscription]], async () => {
      await harness.emit([...poisoned, ...others]);
      await consumer.arrived(others);
      await waitFor(async () => lettersOf(poisoned, await harness.deadLetters()).length === poisoned.length, {
        what: "24 dead letters",
        timeoutMs: ARRIVAL_MS,
      });
    });
    assert.deepEqual(lettersOf(others, await harness.deadLetters()), []);
  },

  async "an event is not buried because the database is away"(harness) {
    const event = taskEventOf();
    let tries = 0;
    const consumer = record("audit-logger", (_, { event_id }) => {
      if (event_id !== event.event_id) return;
      tries += 1;
      if (tries <= policy.attempts + 2) throw new DomainError("unavailable", "the database is away");
    });
    await running(harness, [[consumer.subscription]], async () => {
      await harness.emit([event]);
      await consumer.arrived([event]);
    });
    assert.equal(tries, policy.attempts + 3);
    assert.deepEqual(lettersOf([event], await harness.deadLetters()), []);
  },

  async "what a stop interrupts comes again after the next start, and its effect is there once"(harness) {
    const events = Array.from({ length: 25 }, () => updatesOf(uuidv7(), 8)).flat();
    const wanted = new Set(ids(events));
    const effects = new Set<string>();
    let interrupted = false;
    const consumer = record("audit-logger", async ({ signal }, { event_id }) => {
      if (!wanted.has(event_id)) return;
      if (!interrupted && effects.size >= 20) await once(signal, "abort").then(() => signal.throwIfAborted());
      effects.add(event_id);
    });
    const first = await harness.start([[consumer.subscription]]);
    await harness.emit(events);
    await waitFor(() => effects.size >= 20, { what: "the first 20 effects" });
    await first.stop();
    interrupted = true;
    assert.ok(effects.size < events.length);
    await running(harness, [[consumer.subscription]], () => consumer.arrived(events));
    assert.equal(effects.size, events.length);
  },

  async "a consumer that never answers is interrupted by the stop, and given the event again"(harness) {
    const event = taskEventOf();
    const stuck = Promise.withResolvers<void>();
    let aborted = false;
    const hanging = record("audit-logger", ({ signal }, { event_id }) => {
      if (event_id !== event.event_id) return undefined;
      signal.addEventListener("abort", () => (aborted = true));
      stuck.resolve();
      return new Promise(() => undefined);
    });
    const first = await harness.start([[hanging.subscription]]);
    await harness.emit([event]);
    await stuck.promise;
    await first.stop();
    assert.ok(aborted);
    const consumer = record("audit-logger");
    await running(harness, [[consumer.subscription]], () => consumer.arrived([event]));
  },

  async "a slow consumer has a bounded number of deliveries under way"(harness) {
    const events = Array.from({ length: 700 }, () => taskEventOf());
    const wanted = new Set(ids(events));
    const gate = Promise.withResolvers<void>();
    let [underWay, peak] = [0, 0];
    const consumer = record("reminder-service", async (_, { event_id }) => {
      if (!wanted.has(event_id)) return;
      underWay += 1;
      peak = Math.max(peak, underWay);
      await gate.promise;
      underWay -= 1;
    });
    await running(harness, [[consumer.subscription]], async () => {
      await harness.emit(events);
      await waitFor(() => underWay === harness.mostUnderWay, { what: `${harness.mostUnderWay} deliveries under way` });
      gate.resolve();
      await consumer.arrived(events);
    });
    assert.equal(peak, harness.mostUnderWay);
  },

  async "an event that is published twice may come twice, and a consumer by version takes it once"(harness) {
    const event = taskEventOf({ version: 7 });
    const known = new Map<string, number>();
    let effects = 0;
    const consumer = record("audit-logger", (_, { task_id, task }) => {
      if (task_id !== event.task_id || (known.get(task_id) ?? 0) >= task.version) return;
      known.set(task_id, task.version);
      effects += 1;
    });
    await running(harness, [[consumer.subscription]], async () => {
      await harness.emit([event]);
      await harness.emit([event]);
      await waitFor(() => consumer.seen([event]).length >= 2, { what: "the event twice" });
    });
    assert.equal(effects, 1);
  },

  async "every replica of a broadcast subscription gets every event"(harness) {
    const replicas = [record("notification-service", undefined, true), record("notification-service", undefined, true)];
    const events = Array.from({ length: 10 }, () => updatesOf(uuidv7(), 5)).flat();
    await running(
      harness,
      replicas.map(({ subscription }) => [subscription]),
      async () => {
        await harness.emit(events);
        for (const replica of replicas) await replica.arrived(events);
      },
    );
  },
};

const running = async (
  harness: BusHarness,
  replicas: readonly (readonly Subscription[])[],
  during: () => Promise<void>,
): Promise<void> => {
  const bus = await harness.start(replicas);
  try {
    await during();
  } finally {
    await bus.stop();
  }
};

/**
 * A consumer that keeps what it took. What earlier tests left comes too, so everything is asked by the test's own
 * events.
 */
const record = (
  consumer: string,
  effect?: (delivery: Delivery, event: TaskFlowEvent) => unknown,
  broadcast = false,
) => {
  const taken: TaskFlowEvent[] = [];
  const tries: { id: string; attempt: number }[] = [];
  const subscription: Subscription = {
    consumer,
    broadcast,
    topics: Object.values(topics),
    async handle(event, delivery) {
      tries.push({ id: event.event_id, attempt: delivery.attempt });
      await effect?.(delivery, event);
      taken.push(event);
    },
  };
  const seen = (events: readonly TaskFlowEvent[]): TaskFlowEvent[] => {
    const wanted = new Set(ids(events));
    return taken.filter(({ event_id }) => wanted.has(event_id));
  };
  return {
    subscription,
    seen,
    attempts: ({ event_id }: TaskFlowEvent) => tries.filter(({ id }) => id === event_id).map(({ attempt }) => attempt),
    async arrived(events: readonly TaskFlowEvent[]): Promise<void> {
      const all = () => new Set(ids(seen(events))).size === events.length;
      await waitFor(all, { what: `${events.length} events at ${consumer}`, timeoutMs: ARRIVAL_MS });
    },
  };
};

const ids = (events: readonly TaskFlowEvent[]): string[] => events.map(({ event_id }) => event_id);
const firstArrivals = (events: readonly TaskFlowEvent[]): string[] => [...new Set(ids(events))];
const lettersOf = (events: readonly TaskFlowEvent[], letters: readonly DeadLetter[]): DeadLetter[] =>
  letters.filter(({ event }) => ids(events).includes((event as TaskFlowEvent).event_id));
const pick = (letter?: DeadLetter) =>
  letter && { consumer: letter.consumer, reason: letter.reason, attempts: letter.attempts };
const facts = (event?: TaskFlowEvent) =>
  event && {
    id: event.event_id,
    type: event.event_type,
    sequence: event.sequence,
    task: event.task,
    changes: event.changes,
  };
