import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { requireInfra, testFolder } from "./require-infra.ts";
import { startKafka, TOOL_OPTIONS, type Kafka } from "./kafka.ts";
import { waitFor } from "./process.ts";
import { openScopes, renderForOneMachine, type RenderedResources } from "./resources.ts";
import { startScheduler } from "./scheduler.ts";
import { startSidecar, type Sidecar } from "./sidecar.ts";
import { readTopics } from "./topics.ts";
import { createTinyApp, type Answer, type TinyApp } from "./tiny-app.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");
const CREATED = "taskflow.tasks.created";
const DEAD_LETTER = "/events/dead-letter";
const APP_TOKEN = "shown-by-the-sidecar";
const DELIVERY_RETRIES = 3;
/** Longer than a sidecar on a busy machine takes to end by itself. */
const STOP_MS = 120_000;

/** The facts of docs/dapr.md, on the resources as they ship and the real daprd, scheduler and Kafka. */
test("events over Dapr and Kafka", { timeout: 1_140_000 }, async (t) => {
  const infra = await requireInfra(t);
  if (!infra) return;
  const folder = testFolder();
  const kafka = await startKafka({ infra, folder: join(folder, "kafka") });
  await kafka.createTopics();
  const scheduler = await startScheduler({ infra, folder });
  const resources = render(folder, kafka);
  const app = await createTinyApp();
  const sidecar = (options: { appId: string; app?: TinyApp; name?: string; appToken?: string }) =>
    startSidecar({
      infra,
      folder,
      resources,
      scheduler: scheduler.address,
      appId: options.appId,
      appHealthPath: "/health/live",
      ...(options.app === undefined ? {} : { appPort: options.app.port }),
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(options.appToken === undefined ? {} : { appToken: options.appToken }),
    });
  const publisher = await sidecar({ appId: "reminder-service" });
  const consumer = await sidecar({ appId: "audit-logger", app, appToken: APP_TOKEN });
  const stopped: (() => Promise<unknown>)[] = [publisher.stop, consumer.stop, app.close];
  t.after(async () => {
    await Promise.all(stopped.map((stop) => stop()));
    await Promise.all([scheduler.stop(), kafka.stop()]);
  });
  await publisher.ready();
  const took = (id: string) => app.deliveries.some(({ event, path }) => event.id === id && path !== DEAD_LETTER);
  const deadLettered = (id: string) =>
    app.deliveries.find(({ event, path }) => event.id === id && path === DEAD_LETTER);
  const attempts = (id: string) =>
    app.deliveries.filter(({ event, path }) => event.id === id && path !== DEAD_LETTER).length;

  await t.test("a sidecar without its app publishes, and delivers when the app comes", async () => {
    await consumer.outboundReady();
    await publish(consumer, { id: "early", key: "a" });
    assert.notEqual((await fetch(`${consumer.url}/v1.0/healthz`)).status, 204);
    await app.listen();
    await consumer.ready();
    await waitFor(() => took("early"), { what: "the event from before the app" });
  });

  await t.test("200 events arrive, in order per key, under the app token and from no other app", async () => {
    const sent = Array.from({ length: 200 }, (_, index) => ({
      id: `order-${index}`,
      key: `key-${index % 20}`,
      n: index,
    }));
    for (const event of sent) await publish(publisher, event);
    await waitFor(() => sent.every(({ id }) => took(id)), { what: "200 events" });
    const deliveries = app.deliveries.filter(({ event }) => String(event.id).startsWith("order-"));
    for (const [key, ofKey] of Map.groupBy(deliveries, ({ event }) => event.data?.key)) {
      // At least once: a sidecar that has just joined may be given some of them again.
      const order = [...new Set(ofKey.map(({ event }) => Number(event.data?.n)))];
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
        `key ${String(key)}`,
      );
    }
    for (const { path, headers } of deliveries) {
      assert.equal(path, `/events/${CREATED}`);
      assert.equal(headers["dapr-api-token"], APP_TOKEN);
      assert.equal(headers["dapr-caller-app-id"], undefined);
    }
  });

  await t.test(
    "a service invocation of an event route carries the app token too, and the name of its caller",
    async () => {
      const response = await fetch(`${publisher.url}/v1.0/invoke/audit-logger/method/events/${CREATED}`, {
        method: "POST",
        headers: { "content-type": "application/cloudevents+json", "dapr-caller-app-id": "" },
        body: JSON.stringify({ id: "forged" }),
      });
      assert.equal(response.status, 200);
      const forged = app.deliveries.find(({ event }) => event.id === "forged");
      assert.equal(forged?.headers["dapr-api-token"], APP_TOKEN);
      assert.match(String(forged?.headers["dapr-caller-app-id"]), /reminder-service/);
    },
  );

  await t.test("RETRY is delivered again before what follows it on its key, and only its partition waits", async () => {
    const [same, other] = twoPartitions(app);
    // Its second delivery waits for the other partition: did that wait for this one, neither would go on.
    const beside = Promise.withResolvers<void>();
    app.answer = async ({ event, attempt }) => {
      if (event.id === "beside") beside.resolve();
      if (event.id !== "retried" || attempt === 3) return {};
      if (attempt === 2) await beside.promise;
      return { body: { status: "RETRY" } };
    };
    await publish(publisher, { id: "retried", key: same });
    await publish(publisher, { id: "behind", key: same });
    await publish(publisher, { id: "beside", key: other });
    await waitFor(() => took("behind") && took("beside"), { what: "the events around it" });
    const ids = app.deliveries.map(({ event }) => event.id);
    assert.equal(attempts("retried"), 3);
    assert.ok(ids.lastIndexOf("retried") < ids.indexOf("behind"));
    assert.ok(ids.indexOf("beside") < ids.lastIndexOf("retried"));
    assert.equal(deadLettered("retried"), undefined);
  });

  await t.test("a poison goes to the dead-letter topic after the retries, as it was", async () => {
    app.answer = ({ event, path }) => (event.id === "poison" && path !== DEAD_LETTER ? { status: 500 } : {});
    await publish(publisher, { id: "poison", key: "p" });
    const dead = await waitFor(() => deadLettered("poison"), { what: "the dead letter" });
    assert.equal(attempts("poison"), 1 + DELIVERY_RETRIES);
    assert.deepEqual(dead.event.data, { id: "poison", key: "p" });
    assert.equal(dead.event.topic, CREATED);
  });

  for (const [name, answer] of Object.entries({ DROP: { body: { status: "DROP" } }, 404: { status: 404 } })) {
    await t.test(`${name} goes to the dead-letter topic at once`, async () => {
      const id = `dropped-${name}`;
      app.answer = ({ event, path }) => (event.id === id && path !== DEAD_LETTER ? answer : {});
      await publish(publisher, { id, key: "p" });
      await waitFor(() => deadLettered(id), { what: "the dead letter" });
      assert.equal(attempts(id), 1);
    });
  }

  await t.test("an app that is not well is given nothing, and nothing of it is dead-lettered", async () => {
    const noticed = (): number => consumer.program.log().split("App entered un-healthy status").length;
    const before = noticed();
    app.health = 503;
    app.answer = () => ({ status: 503 });
    await waitFor(() => noticed() > before, { what: "the sidecar to notice" });
    await probed(app, 3);
    for (let index = 0; index < 5; index += 1) await publish(publisher, { id: `unwell-${index}`, key: "u" });
    // A probe a second: for longer than all the retries of one delivery.
    await probed(app, DELIVERY_RETRIES * 2);
    assert.equal(attempts("unwell-0"), 0);
    app.health = 200;
    app.answer = () => ({});
    await waitFor(() => took("unwell-4"), { what: "the deliveries to go on" });
    for (let index = 0; index < 5; index += 1) assert.equal(deadLettered(`unwell-${index}`), undefined);
  });

  await t.test("SIGTERM lets the delivery under way end, and acknowledges it", async () => {
    const begun = Promise.withResolvers<void>();
    const released = Promise.withResolvers<Answer>();
    app.answer = ({ event }) => {
      if (event.id !== "slow") return {};
      begun.resolve();
      return released.promise;
    };
    await publish(publisher, { id: "slow", key: "s" });
    await publish(publisher, { id: "after-slow", key: "s" });
    await begun.promise;
    const stopping = consumer.program.stop(STOP_MS);
    await waitFor(() => consumer.program.log().includes("beginning shutdown"), {
      what: "the sidecar to begin its shutdown",
    });
    released.resolve({});
    assert.equal((await stopping).code, 0);
    consumer.program.start();
    await waitFor(() => took("after-slow"), { what: "what stood behind it" });
    assert.equal(attempts("slow"), 1);
  });

  await t.test("two replicas of notification-service each get every broadcast", async () => {
    app.answer = () => ({});
    const replicas = await Promise.all(
      ["one", "two"].map(async (name) => {
        const replica = await createTinyApp();
        await replica.listen();
        const itsSidecar = await sidecar({ appId: "notification-service", name: `notification-${name}`, app: replica });
        stopped.push(itsSidecar.stop, replica.close);
        await itsSidecar.ready();
        return replica;
      }),
    );
    await joined(publisher, replicas);
    const ids = Array.from({ length: 100 }, (_, index) => `broadcast-${index}`);
    for (const id of ids) await publish(publisher, { id, key: id });
    for (const replica of replicas)
      await waitFor(() => ids.every((id) => broadcastsOf(replica).some(({ event }) => event.id === id)), {
        what: "100 broadcasts",
      });
  });

  await t.test("Kafka killed and started again: every answered publish arrives", async () => {
    const answered: string[] = [];
    const enough = new AbortController();
    const publishing = publishOn(publisher, answered, enough.signal);
    await waitFor(() => answered.length >= 20, { what: "20 events" });
    await kafka.restart("kill");
    const before = answered.length;
    await waitFor(() => answered.length >= before + 20, { what: "publishing to go on", timeoutMs: 240_000 });
    enough.abort();
    await publishing;
    await waitFor(() => answered.every(took), { what: "every answered event", timeoutMs: 240_000 });
  });

  await t.test("deploy/topics/create.sh creates what is missing as listed, and leaves the rest alone", async () => {
    const list = join(folder, "topics.txt");
    writeFileSync(list, "# one that is there, one that is not\ntaskflow.tasks.created 3 168\nextra 4 2\n");
    const env = { ...process.env, CLASSPATH: infra.kafkaClasspath, KAFKA_BROKERS: kafka.brokers };
    const command = [infra.java, ...TOOL_OPTIONS, "org.apache.kafka.tools.TopicCommand"].join(" ");
    await run(join(ROOT, "deploy/topics/create.sh"), [list], {
      env: { ...env, KAFKA_TOPICS_COMMAND: command },
      timeout: 120_000,
    });
    const described = await kafka.tool(
      "org.apache.kafka.tools.TopicCommand",
      "--bootstrap-server",
      kafka.brokers,
      "--describe",
    );
    assert.match(described, /Topic: extra\t.*PartitionCount: 4\t.*retention\.ms=7200000/);
    for (const { name, partitions, retentionHours } of readTopics()) {
      const line = described.split("\n").find((text) => text.startsWith(`Topic: ${name}\t`)) ?? "";
      assert.match(
        line,
        new RegExp(`PartitionCount: ${partitions}\t.*retention\\.ms=${retentionHours * 3_600_000}`),
        name,
      );
    }
  });

  await t.test("compose starts sidecars and the scheduler with options that these versions know", async () => {
    const compose = readFileSync(join(ROOT, "deploy/compose.yaml"), "utf8");
    const help = async (command: string) =>
      Object.values(await run(command, ["--help"]).catch((error: { stdout: string; stderr: string }) => error)).join(
        "",
      );
    const known = `${await help(infra.daprd)}${await help(infra.scheduler)}`;
    const used = new Set(
      [...compose.matchAll(/--((?:app|dapr|enable|resources|config|scheduler|etcd|port)[a-z-]*)/g)].map(
        ([, name]) => name,
      ),
    );
    assert.ok(used.size > 10);
    assert.deepEqual(
      [...used].filter((name) => !known.includes(`--${name} `)),
      [],
    );
  });
});

/**
 * The shipped resources, and a subscriber of the shared pub/sub that takes events one by one in the place of
 * audit-logger's own.
 */
function render(folder: string, kafka: Kafka): RenderedResources {
  const values = { ...openScopes, DELIVERY_RETRIES: `${DELIVERY_RETRIES}`, DELIVERY_RETRY_INTERVAL: "1s" };
  const rendered = renderForOneMachine({ folder, brokers: kafka.brokers, values });
  const subscriptions = [
    { topic: CREATED, route: `/events/${CREATED}`, deadLetterTopic: "taskflow.dead-letters.audit-logger" },
    { topic: "taskflow.dead-letters.audit-logger", route: DEAD_LETTER },
  ].map(({ topic, route, ...rest }) => ({
    apiVersion: "dapr.io/v2alpha1",
    kind: "Subscription",
    metadata: { name: `test-${topic}` },
    scopes: ["audit-logger"],
    spec: { pubsubname: "taskflow-pubsub", topic, routes: { default: route }, ...rest },
  }));
  rmSync(join(rendered.folder, "subscriptions-audit-logger.yaml"));
  writeFileSync(
    join(rendered.folder, "test.yaml"),
    subscriptions.map((subscription) => JSON.stringify(subscription)).join("\n---\n"),
  );
  return rendered;
}

async function publish(sidecar: Sidecar, data: { readonly id: string; readonly key: string }): Promise<void> {
  const response = await fetch(
    `${sidecar.url}/v1.0/publish/taskflow-pubsub/${CREATED}?metadata.partitionKey=${data.key}`,
    {
      method: "POST",
      headers: { "content-type": "application/cloudevents+json" },
      body: JSON.stringify({
        specversion: "1.0",
        id: data.id,
        source: "chat-api",
        type: "task.created",
        datacontenttype: "application/json",
        data,
      }),
      signal: AbortSignal.timeout(20_000),
    },
  );
  if (response.status !== 204) throw new Error(`publish answered ${response.status}: ${await response.text()}`);
}

async function publishOn(sidecar: Sidecar, answered: string[], enough: AbortSignal): Promise<void> {
  for (let n = 0; !enough.aborted; n += 1) {
    const id = `outage-${n}`;
    const arrived = () => publish(sidecar, { id, key: `k${n % 5}` }).then(() => true);
    await waitFor(arrived, { what: "the broker to take an event", timeoutMs: 240_000 });
    answered.push(id);
  }
}

/** Two keys that the first 200 events showed to be on different partitions. */
function twoPartitions(app: TinyApp): [string, string] {
  const keys = new Map(app.deliveries.map(({ headers }) => [headers["__partition"], String(headers["__key"])]));
  const [one, other] = [...keys].flatMap(([partition, key]) => (partition === undefined ? [] : [key]));
  if (one === undefined || other === undefined) throw new Error("all events were on one partition");
  return [one, other];
}

/** Waits until the sidecar asked for the app's health so many times more. */
async function probed(app: TinyApp, times: number): Promise<void> {
  const enough = app.probes + times;
  await waitFor(() => app.probes >= enough, { what: `${times} health probes` });
}

/** Without what one of the replicas is given for all of them. */
const broadcastsOf = ({ deliveries }: TinyApp) =>
  deliveries.filter(({ path }) => path === `/events/broadcast/${CREATED}`);

/**
 * A broadcast reaches who has joined, and each partition is joined for itself, from its newest message on: publish
 * until each replica has had one from every partition.
 */
async function joined(publisher: Sidecar, replicas: readonly TinyApp[]): Promise<void> {
  const partitions = readTopics().find(({ name }) => name === CREATED)?.partitions;
  let n = 0;
  const everyone = async () => {
    await publish(publisher, { id: `join-${n}`, key: `${(n += 1)}` });
    return replicas.every(
      (replica) => new Set(broadcastsOf(replica).map(({ headers }) => headers["__partition"])).size === partitions,
    );
  };
  await waitFor(everyone, { what: "the replicas to join every partition" });
}
