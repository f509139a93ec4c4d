import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { v7 as uuidv7 } from "uuid";
import type { ReminderTriggered } from "../../src/contract/event.ts";
import type { TaskReminder } from "../../src/contract/reminder.ts";
import type { Service } from "../../src/ports.ts";
import { until } from "../harness/until.ts";
import { idleTrigger, type ReminderBench, reminderAt, reminderEvent, tell } from "../reminder/bench.ts";

/** reminder-service with the trigger under test, on a real database. */
export interface TriggerHarness {
  readonly bench: ReminderBench;
  /** Starts so many replicas; they stop with the test. */
  start(t: TestContext, replicas: number): Promise<RunningReplicas>;
}

export interface RunningReplicas {
  readonly services: readonly [Service, ...Service[]];
  stop(): Promise<void>;
}

/**
 * What reminder-service must do with every trigger (ports.ts). A harness that cannot run here answers undefined and has
 * skipped the test.
 */
export const triggerConformance = (
  name: string,
  createHarness: (t: TestContext) => Promise<TriggerHarness | undefined>,
): void => {
  void test(`reminders by ${name}`, { timeout: 580_000 }, async (t) => {
    const harness = await createHarness(t);
    if (harness === undefined) return;
    for (const [title, check] of Object.entries(checks)) await t.test(title, (each) => check(harness, each));
  });
};

const checks: Readonly<Record<string, (harness: TriggerHarness, t: TestContext) => Promise<void>>> = {
  async "a reminder is given at its instant, and not before"({ bench, start }, t) {
    const {
      services: [service],
    } = await start(t, 1);
    const { userId, at, plan } = await someone(bench);
    const instants = [150, 400, 401, 900, 1_450].map((ms) => at + ms);
    const reminders = instants.map((instant) => reminderAt(instant));
    await tell(service, plan(reminders));
    await givenOnce(bench, userId, reminders);
  },

  async "one that is planned while it waits for a later one does not wait for that"({ bench, start }, t) {
    const {
      services: [service],
    } = await start(t, 1);
    const { userId, at, plan, event } = await someone(bench);
    const later = reminderAt(at + 3_600_000);
    await tell(service, plan([later]));
    const earlier = reminderAt(await inSome(bench, 300));
    await tell(service, event(2, [later, earlier]));
    await givenOnce(bench, userId, [earlier]);
  },

  async "one that was moved is given at its new instant alone, and one that was cancelled not at all"(
    { bench, start },
    t,
  ) {
    const {
      services: [service],
    } = await start(t, 1);
    const { userId, at, plan, event } = await someone(bench);
    const [moved, removed, acknowledged] = [reminderAt(at + SET_MS), reminderAt(at + SET_MS), reminderAt(at + SET_MS)];
    await tell(service, plan([moved, removed, acknowledged]));
    const again = { ...moved, remind_at: new Date(at + SET_MS + 600).toISOString() };
    await tell(service, event(2, [again, { ...acknowledged, acknowledged_at: new Date(at).toISOString() }]));
    await givenOnce(bench, userId, [again]);
  },

  async "what came due while nobody was there is given at the start, marked late"({ bench, start }, t) {
    const first = await start(t, 1);
    const { userId, at, plan } = await someone(bench);
    const reminder = reminderAt(at + SET_MS);
    await tell(first.services[0], plan([reminder]));
    await first.stop();
    await until("its time to pass", async () => (await bench.now()) > at + SET_MS + 1_500);
    assert.deepEqual(await bench.given(userId), []);
    await start(t, 1);
    await givenOnce(bench, userId, [reminder]);
    const [event] = await bench.given(userId);
    assert.ok(event !== undefined && event.late_ms >= 1_500, `${event?.late_ms} ms late`);
    assert.equal(await bench.whyLate(reminder.id), "was_down");
  },

  async "at one instant, high priority comes first, then first come; each once"({ bench, start }, t) {
    const { userId, at } = await someone(bench);
    const priorities = ["low", "high", "medium"] as const;
    const planned = Array.from({ length: 60 }, (_, index) => ({
      reminder: reminderAt(at + 1_500),
      priority: priorities[index % 3] ?? "low",
      index,
    }));
    // Whoever gives them starts when all are planned, however long that takes.
    const learning = bench.replica(idleTrigger);
    for (const { reminder, priority } of planned)
      await tell(
        learning,
        reminderEvent({ userId, taskId: uuidv7(), version: 1, reminders: [reminder], task: { priority } }),
      );
    await start(t, 1);
    const events = await givenOnce(
      bench,
      userId,
      planned.map(({ reminder }) => reminder),
    );
    const order = planned
      .toSorted((one, other) => rank(other.priority) - rank(one.priority) || one.index - other.index)
      .map(({ reminder }) => reminder.id);
    assert.deepEqual(
      events.map(({ reminder }) => reminder.id),
      order,
    );
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      order.map((_, index) => index + 1),
      "without gaps",
    );
  },

  async "two replicas give each once"({ bench, start }, t) {
    const { services } = await start(t, 2);
    const [one, other] = [services[0], services[1] ?? services[0]];
    const users = await Promise.all(Array.from({ length: 5 }, () => someone(bench)));
    const at = await inSome(bench, 1_500);
    const planned = users.map((user) => ({
      ...user,
      reminders: Array.from({ length: 100 }, (_, index) => reminderAt(at + (index % 10) * 20)),
    }));
    // Each hears half of the events; one event comes to both.
    for (const [index, { plan, event, reminders }] of planned.entries()) {
      await tell(index % 2 === 0 ? one : other, plan(reminders.slice(0, 50)));
      await tell(index % 2 === 0 ? other : one, event(2, reminders));
      if (index === 0) await tell(one, event(2, reminders));
    }
    for (const { userId, reminders } of planned) await givenOnce(bench, userId, reminders);
  },

  async "one whose trigger was lost is found by the sweep"({ bench, start }, t) {
    const {
      services: [service],
    } = await start(t, 1);
    const { userId, at, plan } = await someone(bench);
    const [reminder, later] = [reminderAt(at + 3_600_000), reminderAt(at + 7_200_000)];
    await tell(service, plan([reminder, later]));
    // Behind the trigger's back: nothing rings for this instant.
    await bench.database.prepared(
      "test-earlier",
      "UPDATE reminder_schedule SET remind_at = clock_timestamp() WHERE reminder_id = $1",
      [reminder.id],
    );
    await until("it to be given", async () => (await bench.given(userId)).length > 0);
    assert.deepEqual(
      (await bench.given(userId)).map((event) => event.reminder.id),
      [reminder.id],
    );
  },

  async "a process whose clock is minutes off gives none early and none late"({ bench, start }, t) {
    for (const minutes of [-7, 7]) {
      t.mock.timers.enable({ apis: ["Date"], now: Date.now() + minutes * 60_000 });
      const {
        services: [service],
        stop,
      } = await start(t, 1);
      const { userId, at, plan } = await someone(bench);
      const reminder = reminderAt(at + 500);
      await tell(service, plan([reminder, reminderAt(at + 5 * 60_000)]));
      const [event] = await givenOnce(bench, userId, [reminder]);
      await stop();
      t.mock.timers.reset();
      assert.ok(
        event !== undefined && event.late_ms < 60_000,
        `${event?.late_ms} ms late with a clock ${minutes} minutes off`,
      );
    }
  },
};

/**
 * Longer by far than it takes to tell a service of a reminder, and to stop it: what is set for then has not come
 * meanwhile.
 */
const SET_MS = 10_000;

const rank = (priority: "low" | "medium" | "high"): number => ["low", "medium", "high"].indexOf(priority);

/** A new user with a task, and an instant in a second, which is where its reminders are counted from. */
const someone = async (bench: ReminderBench) => {
  const [userId, taskId, at] = [await bench.newUser(), uuidv7(), await inSome(bench, 1_000)];
  const event = (version: number, reminders: readonly TaskReminder[]) =>
    reminderEvent({ userId, taskId, version, reminders });
  return { userId, taskId, at, event, plan: (reminders: readonly TaskReminder[]) => event(1, reminders) };
};

const inSome = async (bench: ReminderBench, ms: number): Promise<number> => (await bench.now()) + ms;

/** Waits until these were given, and holds what was given against them: each once, for its instant, not before it. */
const givenOnce = async (
  bench: ReminderBench,
  userId: string,
  reminders: readonly TaskReminder[],
): Promise<readonly ReminderTriggered[]> => {
  await until(
    `${reminders.length} reminders to be given`,
    async () => (await bench.given(userId)).length >= reminders.length,
  );
  const events = await bench.given(userId);
  const facts = (id: string, at: string | null) => `${id} at ${at}`;
  assert.deepEqual(
    events.map(({ reminder, scheduled_for }) => facts(reminder.id, scheduled_for)).toSorted(),
    reminders.map(({ id, remind_at }) => facts(id, remind_at)).toSorted(),
  );
  for (const { fired_at, scheduled_for, late_ms } of events)
    assert.equal(late_ms, Date.parse(fired_at) - Date.parse(scheduled_for));
  for (const { late_ms } of events) assert.ok(late_ms >= 0, `${-late_ms} ms early`);
  return events;
};
