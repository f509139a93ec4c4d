import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { Client } from "pg";
import type { NotificationDeliveries, NotificationDelivery } from "../../src/contract/notification.ts";
import { until } from "../harness/until.ts";
import { deliveriesOf, untilJoined } from "../services/broadcast.ts";
import { openStream, range, sequences } from "../stream/event-stream.ts";
import { remindersOn } from "./stories/reminder.ts";
import { databaseRoleOf } from "../../src/main/service-tables.ts";
import { type RoleName, roleNames } from "../../src/main/settings.ts";
import { eachStory, type FiveServicesShape, fiveServices, shapeTest } from "./shapes.ts";

/** Reminders by jobs: the single process shows the timer. */
const start = (t: TestContext): Promise<FiveServicesShape | undefined> =>
  fiveServices(t, { TASKFLOW_REMINDER_TRIGGER: "dapr-jobs" });

shapeTest("the stories, told to five services on Dapr, Kafka and PostgreSQL", start, async (t, shape) => {
  await t.test("each service works as a role of its own, which is refused the tables of others", () =>
    rolesOfTheirOwn(shape),
  );
  await eachStory(t, shape);
  await t.test("two replicas of the reminder service, of which one is killed, and each reminder comes once", () =>
    remindersOnce(t, shape),
  );
  await t.test(
    "two replicas of the notification service, a client on each, and both see everything as it happens",
    () => bothReplicasSeeAll(t, shape),
  );
});

/** A table of another service for each, that it does not read. */
const foreign: Readonly<Record<RoleName, string>> = {
  "chat-api": "notifications",
  "recurring-processor": "tasks",
  "reminder-service": "tasks",
  "notification-service": "task_events",
  "audit-logger": "notification_deliveries",
};

async function rolesOfTheirOwn({ services }: FiveServicesShape): Promise<void> {
  const names = new Set<string>();
  for (const role of roleNames) {
    const client = new Client({ connectionString: services.databaseUrls.of(role) });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      "SELECT DISTINCT usename::text AS name FROM pg_stat_activity WHERE application_name = $1",
      [`taskflow ${role}`],
    );
    assert.deepEqual(rows, [{ name: databaseRoleOf(role) }], "what the service itself is connected as");
    await assert.rejects(client.query(`SELECT FROM ${foreign[role]}`), { code: "42501" }, role);
    await client.end();
    names.add(databaseRoleOf(role));
  }
  assert.equal(names.size, roleNames.length);
}

const REMINDERS = 60;
/** All of them are set by then, on a busy machine too, or the first would be of the past. */
const FIRST_MS = 15_000;
const STEP_MS = 50;

async function remindersOnce(t: TestContext, { services, client, url }: FiveServicesShape): Promise<void> {
  const replica = await services.addReplica("reminder-service");
  t.after(() => replica.stop());
  await services.ready();
  const user = await client.register();
  const screen = await openStream(url, { token: user.token, since: 0 });
  const begin = Date.now() + FIRST_MS;
  const operations = Array.from({ length: REMINDERS }, (_none, index) => ({
    op: "create",
    task: { title: `reminder ${index}`, reminders: [{ remind_at: new Date(begin + index * STEP_MS).toISOString() }] },
  }));
  assert.equal((await user.api("POST", "/tasks/bulk", { operations })).status, 200);
  const [given = []] = await Promise.all([
    remindersOn(screen, REMINDERS),
    services.place("reminder-service").service.kill(),
  ]);
  screen.cut();
  assert.equal(new Set(given.map(({ reminder }) => reminder.id)).size, REMINDERS);
  assert.deepEqual(
    given.filter(({ fired_at, scheduled_for }) => fired_at < scheduled_for),
    [],
    "none early",
  );
}

async function bothReplicasSeeAll(t: TestContext, { services, client }: FiveServicesShape): Promise<void> {
  const replicas = [services.place("notification-service"), await services.addReplica("notification-service")];
  t.after(() => replicas[1]?.stop());
  await services.ready();
  const user = await client.register();
  const screens = await Promise.all(replicas.map(({ url }) => openStream(url, { token: user.token, since: 0 })));
  const write = (title: string) => user.api("POST", "/tasks", { title });
  const writes = await untilJoined(replicas, () => write("has it joined?"));
  const before = await Promise.all(replicas.map(deliveriesOf));
  await Promise.all(Array.from({ length: 50 }, (_none, index) => write(`both ${index}`)));
  for (const screen of screens) assert.deepEqual(sequences(await screen.received(writes + 50)), range(1, writes + 50));
  await until("each was given all 50 by the bus", async () => {
    const now = await Promise.all(replicas.map(deliveriesOf));
    return now.every((given, index) => given >= (before[index] ?? 0) + 50);
  });
  const { body } = await user.api<NotificationDelivery>("POST", "/notifications/test", { channel: "stream" });
  const deliveries = `/notification-deliveries?notification_id=${body.notification_id}`;
  await until(
    "it to be delivered",
    async () => (await user.api<NotificationDeliveries>("GET", deliveries)).body.deliveries[0]?.status === "delivered",
  );
  for (const screen of screens) {
    await until("each to show the notification", () => screen.events.some(({ event }) => event === "notification"));
    screen.cut();
  }
}
