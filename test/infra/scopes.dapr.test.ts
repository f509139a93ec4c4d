import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type RoleName, roleNames } from "../../src/main/settings.ts";
import { startKafka } from "./kafka.ts";
import { waitFor } from "./process.ts";
import { requireInfra, testFolder } from "./require-infra.ts";
import { renderForOneMachine } from "./resources.ts";
import { startSidecar, type Sidecar } from "./sidecar.ts";
import { createTinyApp } from "./tiny-app.ts";
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
  spec: { pubsubname: "taskflow-pubsub", topic: FOREIGN, routes: { default: "/events/foreign" } },
};

test(
  "a sidecar publishes and has what its app's topics are, and refuses all others",
  { timeout: 1_140_000 },
  async (t) => {
    const infra = await requireInfra(t);
    if (!infra) return;
    const folder = testFolder();
    const kafka = await startKafka({ infra, folder: join(folder, "kafka") });
    await kafka.createTopics();
    const resources = renderForOneMachine({ folder, brokers: kafka.brokers });
    // JSON is YAML.
    writeFileSync(join(resources.folder, "foreign.yaml"), JSON.stringify(foreignSubscription));
    const app = await createTinyApp();
    await app.listen();
    const env = { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" };
    // chat-api's sidecar would end without a database for its state; its lists are in test/infra/deploy.test.ts.
    const publishers = roleNames.filter((role) => role !== "chat-api");
    const sidecars = await Promise.all(
      publishers.map((appId) =>
        startSidecar({
          infra,
          folder,
          resources,
          appId,
          env,
          ...(appId === "recurring-processor" ? { appPort: app.port } : {}),
        }),
      ),
    );
    t.after(async () => {
      await Promise.all([...sidecars.map((sidecar) => sidecar.stop()), app.close()]);
      await kafka.stop();
    });
    const sidecarOf = (role: RoleName): Sidecar =>
      sidecars.find(({ appId }) => appId === role) ?? assert.fail(`${role} was not started`);
    const topics = readTopics().map(({ name }) => name);
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

    const reader = sidecarOf("recurring-processor");
    await reader.ready();
    const refusal = new RegExp(`${FOREIGN}.* not allowed`, "i");
    await waitFor(() => refusal.test(reader.program.log()), { what: "the refusal of the subscription" });
    // Its own, which was published above, comes: the foreign one lies as long at the broker.
    await waitFor(() => app.deliveries.some(({ path }) => path === "/events/dead-letter"), { what: "its own event" });
    assert.deepEqual(
      app.deliveries.filter(({ path }) => path === "/events/foreign"),
      [],
    );
  },
);
