import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { type RoleName, roleNames } from "../../src/main/settings.ts";
import type { Infra } from "./install.ts";
import { type Kafka, startKafka, TOOL_OPTIONS } from "./kafka.ts";
import { waitFor } from "./process.ts";
import { requireInfra, testFolder } from "./require-infra.ts";
import { openScopes, type RenderedResources, renderForOneMachine } from "./resources.ts";
import { startSidecar, type Sidecar } from "./sidecar.ts";
import { createTinyApp, type TinyApp } from "./tiny-app.ts";
import { readTopics } from "./topics.ts";

/** What each app may publish; everything else is refused by its sidecar. */
const allowed: Readonly<Record<RoleName, readonly string[]>> = {
  "chat-api": ["created", "updated", "completed", "deleted"].map((name) => `taskflow.tasks.${name}`),
  "recurring-processor": ["taskflow.dead-letters.recurring-processor"],
  "reminder-service": ["taskflow.tasks.reminder-triggered", "taskflow.dead-letters.reminder-service"],
  "notification-service": ["taskflow.dead-letters.notification-service"],
  "audit-logger": ["taskflow.dead-letters.audit-logger"],
};

const FOREIGN = "taskflow.tasks.reminder-triggered";
const FOREIGN_ROUTE = "/events/foreign";
const OWN_ROUTE = "/events/dead-letter";
const accessScript = join(import.meta.dirname, "../../deploy/kafka/access.sh");

const post = async (sidecar: Sidecar, path: string, body: unknown): Promise<number> => {
  const response = await fetch(`${sidecar.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  await response.body?.cancel();
  return response.status;
};

/** One by one and several at once, which the bus does: two ways in, under one rule. */
const publish = async (sidecar: Sidecar, component: string, topic: string): Promise<number> => {
  const event = { by: sidecar.appId };
  const entries = [{ entryId: "1", contentType: "application/json", event }];
  const status = await post(sidecar, `/v1.0/publish/${component}/${topic}`, event);
  const several = await post(sidecar, `/v1.0-alpha1/publish/bulk/${component}/${topic}`, entries);
  assert.equal(several, status, `several events of ${sidecar.appId} to ${topic}`);
  return status;
};

/** As a taken over place would try: a subscription of its own to a topic that is not its app's. */
const foreignSubscription = {
  apiVersion: "dapr.io/v2alpha1",
  kind: "Subscription",
  metadata: { name: "foreign" },
  scopes: ["recurring-processor"],
  spec: { pubsubname: "taskflow-pubsub", topic: FOREIGN, routes: { default: FOREIGN_ROUTE } },
};

/** chat-api's sidecar would end without a database for its state; its lists are in test/infra/deploy.test.ts. */
const publishers = roleNames.filter((role) => role !== "chat-api");
/** Whose sidecars come to the broker as users; the others as who may do everything: each user is three JVMs to wait for. */
const users: readonly string[] = ["recurring-processor", "notification-service"];
const PASSWORD = "known-to-one-app-each";
const asUsers = { KAFKA_AUTH_TYPE: "password", KAFKA_SASL_MECHANISM: "SHA-512", KAFKA_SASL_USERNAME: "{appID}" };
const envOf = (appId: string) => (users.includes(appId) ? { KAFKA_SASL_PASSWORD: `${PASSWORD}-${appId}` } : {});

/** By the file that ships: a user for each app, who may do at the broker what its sidecar lets it do. */
const makeUsers = async ({ java, kafkaClasspath }: Infra, { brokers }: Kafka): Promise<void> => {
  const command = (javaClass: string) => [java, ...TOOL_OPTIONS, javaClass].join(" ");
  const passwords = users.map((app) => [
    `${app.toUpperCase().replaceAll("-", "_")}_KAFKA_PASSWORD`,
    `${PASSWORD}-${app}`,
  ]);
  const env = {
    ...process.env,
    ...(Object.fromEntries(passwords) as Record<string, string>),
    CLASSPATH: kafkaClasspath,
    KAFKA_BROKERS: brokers,
    KAFKA_ACLS_COMMAND: command("org.apache.kafka.tools.AclCommand"),
    KAFKA_CONFIGS_COMMAND: command("kafka.admin.ConfigCommand"),
  };
  await promisify(execFile)(accessScript, users, { env, timeout: 240_000 });
};

test("an app publishes and has what its topics are, and is refused all others", { timeout: 1_140_000 }, async (t) => {
  const infra = await requireInfra(t);
  if (!infra) return;
  const folder = testFolder();
  const kafka = await startKafka({ infra, folder: join(folder, "kafka"), access: true });
  const running: { readonly stop: () => Promise<unknown> }[] = [];
  t.after(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    await kafka.stop();
  });
  await Promise.all([kafka.createTopics(), makeUsers(infra, kafka)]);
  const start = async (appId: string, name: string, rendered: RenderedResources, appPort?: number) => {
    const port = appPort === undefined ? {} : { appPort };
    const sidecar = await startSidecar({ infra, folder, name, resources: rendered, appId, env: envOf(appId), ...port });
    running.push(sidecar);
    return sidecar;
  };
  const render = (name: string, brokers = "", values: Readonly<Record<string, string>> = {}): RenderedResources => {
    const rendered = renderForOneMachine({ folder: join(folder, name), brokers, values });
    // JSON is YAML.
    writeFileSync(join(rendered.folder, "foreign.yaml"), JSON.stringify(foreignSubscription));
    return rendered;
  };
  const startApp = async (): Promise<TinyApp> => {
    const app = await createTinyApp();
    await app.listen();
    running.push({ stop: app.close });
    return app;
  };
  const topics = readTopics().map(({ name }) => name);
  const shipped = render("shipped", kafka.brokers);
  const shippedToUsers = render("shipped-to-users", kafka.userBrokers, asUsers);
  const [app, replica] = [await startApp(), await startApp()];
  const ports: Readonly<Record<string, number>> = {
    "recurring-processor": app.port,
    "notification-service": replica.port,
  };
  const resourcesOf = (appId: string) => (users.includes(appId) ? shippedToUsers : shipped);
  const sidecars = await Promise.all(publishers.map((appId) => start(appId, appId, resourcesOf(appId), ports[appId])));
  const sidecarOf = (role: RoleName): Sidecar =>
    sidecars.find(({ appId }) => appId === role) ?? assert.fail(`${role} was not started`);

  await t.test("its sidecar takes what the app produces, and nothing else", async () => {
    for (const sidecar of sidecars) {
      await sidecar.outboundReady();
      const taken: string[] = [];
      for (const topic of topics) {
        const status = await publish(sidecar, "taskflow-pubsub", topic);
        if (status === 204) taken.push(topic);
        else assert.equal(status, 403, `${sidecar.appId} to ${topic}`);
      }
      assert.deepEqual(taken.toSorted(), [...allowed[sidecar.appId as RoleName]].toSorted(), sidecar.appId);
    }
    const listener = sidecarOf("notification-service");
    for (const topic of topics) assert.equal(await publish(listener, "taskflow-broadcast", topic), 403, topic);
  });

  await t.test("its sidecar has its own topics, and makes no subscription to another", async () => {
    const reader = sidecarOf("recurring-processor");
    await reader.ready();
    const refusal = new RegExp(`${FOREIGN}.* not allowed`, "i");
    await waitFor(() => refusal.test(reader.program.log()), { what: "the refusal of the subscription" });
    // Its own, which was published above, comes: the foreign one lies as long at the broker.
    await waitFor(() => app.deliveries.some(({ path }) => path === OWN_ROUTE), { what: "its own event" });
    assert.deepEqual(deliveriesOn(app, FOREIGN_ROUTE), []);
  });

  await t.test("a replica of the notification service has a group of its own at the broker", async () => {
    const reminders = sidecarOf("reminder-service");
    // The sidecar does not say when it has joined, and it is given what comes after that.
    await waitFor(
      async () => {
        assert.equal(await publish(reminders, "taskflow-pubsub", FOREIGN), 204);
        return deliveriesOn(replica, `/events/broadcast/${FOREIGN}`).length > 0;
      },
      { what: "an event of the broadcast" },
    );
  });

  await t.test("the broker refuses it the same, when it goes around its sidecar's scopes", async () => {
    await sidecarOf("recurring-processor").stop();
    const other = await startApp();
    const rogue = await start(
      "recurring-processor",
      "rogue",
      render("open", kafka.userBrokers, { ...asUsers, ...openScopes }),
      other.port,
    );
    await rogue.ready();
    assert.equal(await publish(rogue, "taskflow-pubsub", "taskflow.dead-letters.recurring-processor"), 204);
    const refused = await fetch(`${rogue.url}/v1.0/publish/taskflow-pubsub/taskflow.tasks.created`, { method: "POST" });
    assert.equal(refused.status, 500);
    assert.match(await refused.text(), /not authorized/);
    const refusal = /Error consuming .*reminder-triggered.* not authorized/;
    await waitFor(() => refusal.test(rogue.program.log()), { what: "the broker's refusal of the subscription" });
    assert.deepEqual(deliveriesOn(other, FOREIGN_ROUTE), []);
  });
});

const deliveriesOn = (app: TinyApp, route: string) => app.deliveries.filter(({ path }) => path === route);
