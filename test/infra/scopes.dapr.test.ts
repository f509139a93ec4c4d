import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type RoleName, roleNames } from "../../src/main/settings.ts";
import { startKafka } from "./kafka.ts";
import { requireInfra, testFolder } from "./require-infra.ts";
import { renderForOneMachine } from "./resources.ts";
import { startSidecar, type Sidecar } from "./sidecar.ts";
import { readTopics } from "./topics.ts";

/** What each app may publish; everything else is refused by its sidecar. */
const allowed: Readonly<Record<RoleName, readonly string[]>> = {
  "chat-api": ["created", "updated", "completed", "deleted"].map((name) => `taskflow.tasks.${name}`),
  "recurring-processor": ["taskflow.dead-letters.recurring-processor"],
  "reminder-service": ["taskflow.tasks.reminder-triggered", "taskflow.dead-letters.reminder-service"],
  "notification-service": ["taskflow.dead-letters.notification-service"],
  "audit-logger": ["taskflow.dead-letters.audit-logger"],
};

const publish = async (sidecar: Sidecar, component: string, topic: string): Promise<number> => {
  const response = await fetch(`${sidecar.url}/v1.0/publish/${component}/${topic}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ by: sidecar.appId }),
  });
  await response.body?.cancel();
  return response.status;
};

test("a sidecar publishes what its app produces and refuses everything else", { timeout: 1_140_000 }, async (t) => {
  const infra = await requireInfra(t);
  if (!infra) return;
  const folder = testFolder();
  const kafka = await startKafka({ infra, folder: join(folder, "kafka") });
  await kafka.createTopics();
  const resources = renderForOneMachine({ folder, brokers: kafka.brokers });
  const env = { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" };
  const publishers = roleNames.filter((role) => role !== "chat-api");
  const sidecars = await Promise.all(publishers.map((appId) => startSidecar({ infra, folder, resources, appId, env })));
  t.after(async () => {
    await Promise.all(sidecars.map((sidecar) => sidecar.stop()));
    await kafka.stop();
  });
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
  const listener = sidecars.find(({ appId }) => appId === "notification-service") ?? assert.fail("not started");
  for (const topic of topics) assert.equal(await publish(listener, "taskflow-broadcast", topic), 403, topic);
});
