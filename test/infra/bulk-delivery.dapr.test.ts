import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startKafka } from "./kafka.ts";
import { waitFor } from "./process.ts";
import { requireInfra, testFolder } from "./require-infra.ts";
import { openScopes, renderForOneMachine } from "./resources.ts";
import { startSidecar, type Sidecar } from "./sidecar.ts";
import { createTinyApp, type Delivery } from "./tiny-app.ts";

const CREATED = "taskflow.tasks.created";
const UPDATED = "taskflow.tasks.updated";
const DEAD_LETTER = "/events/dead-letter";
const APP_TOKEN = "shown-by-the-sidecar";
const DELIVERY_RETRIES = 3;

/** What docs/dapr.md says of several events in one delivery, by audit-logger's own subscriptions. */
test("several events in one delivery, over Dapr and Kafka", { timeout: 1_140_000 }, async (t) => {
  const infra = await requireInfra(t);
  if (!infra) return;
  const folder = testFolder();
  const kafka = await startKafka({ infra, folder: join(folder, "kafka") });
  await kafka.createTopics();
  const resources = renderForOneMachine({
    folder,
    brokers: kafka.brokers,
    values: { ...openScopes, DELIVERY_RETRIES: `${DELIVERY_RETRIES}`, DELIVERY_RETRY_INTERVAL: "1s" },
  });
  const app = await createTinyApp();
  const sidecar = await startSidecar({
    infra,
    folder,
    resources,
    appId: "audit-logger",
    appPort: app.port,
    appToken: APP_TOKEN,
  });
  t.after(async () => {
    await Promise.all([sidecar.stop(), app.close()]);
    await kafka.stop();
  });
  await app.listen();
  await sidecar.ready();
  const deliveriesOf = (id: string): readonly Delivery[] =>
    app.deliveries.filter(({ event, path }) => event.id === id && path !== DEAD_LETTER);
  const took = (ids: readonly string[]) =>
    waitFor(() => ids.every((id) => deliveriesOf(id).length > 0), { what: ids.join() });

  await t.test(
    "what was published together comes in one request, under the app token, in order, at most a hundred",
    async () => {
      const ids = await publish(sidecar, { topic: CREATED, key: "a", name: "together", count: 250 });
      await took(ids);
      const deliveries = app.deliveries.filter(({ path }) => path === `/events/${CREATED}`);
      // At least once: a sidecar that has just joined may be given some of them again.
      assert.deepEqual([...new Set(deliveries.map(({ event }) => event.id))], ids);
      const sizes = [...Map.groupBy(deliveries, ({ request }) => request).values()].map((together) => together.length);
      assert.ok(sizes.length < 20, `in ${sizes.length} requests`);
      assert.ok(Math.max(...sizes) <= 100);
      assert.ok(
        deliveries.every(
          ({ headers }) => headers["dapr-api-token"] === APP_TOKEN && headers["dapr-caller-app-id"] === undefined,
        ),
      );
    },
  );

  await t.test("only what was answered RETRY comes again, and then goes to the dead-letter topic alone", async () => {
    app.answer = ({ event, path }) => (event.id === "some-3" && path !== DEAD_LETTER ? { status: 503 } : {});
    const ids = await publish(sidecar, { topic: CREATED, key: "b", name: "some", count: 6 });
    const letters = () => app.deliveries.filter(({ path }) => path === DEAD_LETTER);
    await waitFor(() => letters().length > 0, { what: "the dead letter" });
    await took(ids);
    assert.deepEqual(
      ids.map((id) => deliveriesOf(id).length),
      [1, 1, 1, 1 + DELIVERY_RETRIES, 1, 1],
    );
    assert.deepEqual(
      letters().map(({ event }) => event.id),
      ["some-3"],
    );
    assert.deepEqual(letters()[0]?.event.data, { id: "some-3", key: "b" });
  });

  await t.test("while one is under way no other topic's events come, so an answer must come soon", async () => {
    const [begun, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    app.answer = async ({ event }) => {
      if (event.id !== "held-0") return {};
      begun.resolve();
      await released.promise;
      return {};
    };
    await publish(sidecar, { topic: CREATED, key: "c", name: "held", count: 1 });
    await begun.promise;
    // A hundred wait for no more to come.
    const beside = await publish(sidecar, { topic: UPDATED, key: "d", name: "beside", count: 100 });
    // A dead letter comes one by one, and shows that the sidecar has fetched what was published before it.
    await publish(sidecar, { topic: "taskflow.dead-letters.audit-logger", key: "d", name: "letter", count: 1 });
    await waitFor(() => app.deliveries.some(({ event }) => event.id === "letter-0"), { what: "a delivery of its own" });
    assert.deepEqual(beside.flatMap(deliveriesOf), []);
    released.resolve();
    await took(["held-0", ...beside]);
  });

  await t.test("kill -9 of the sidecar while several are under way: all come again", async () => {
    const begun = Promise.withResolvers<void>();
    let isDown = false;
    app.answer = ({ event }) => {
      if (!String(event.id).startsWith("killed-") || isDown) return {};
      begun.resolve();
      return new Promise(() => undefined);
    };
    const ids = await publish(sidecar, { topic: CREATED, key: "e", name: "killed", count: 5 });
    await begun.promise;
    isDown = true;
    await sidecar.restart("kill");
    await took(ids);
  });

  await t.test("SIGTERM while several are under way: they are acknowledged, or come again", async () => {
    const [begun, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    app.answer = async ({ event, attempt }) => {
      if (!String(event.id).startsWith("ended-") || attempt > 1) return {};
      begun.resolve();
      await released.promise;
      return {};
    };
    const ids = await publish(sidecar, { topic: CREATED, key: "f", name: "ended", count: 5 });
    await begun.promise;
    const stopping = sidecar.program.stop();
    await waitFor(() => sidecar.program.log().includes("beginning shutdown"), {
      what: "the sidecar to begin its shutdown",
    });
    released.resolve();
    await stopping;
    sidecar.program.start();
    await sidecar.ready();
    const behind = await publish(sidecar, { topic: CREATED, key: "f", name: "behind", count: 1 });
    await took([...ids, ...behind]);
  });
});

/** Publishes `<name>-0`, `<name>-1`, … under one key and in one request; answers their ids. */
async function publish(
  sidecar: Sidecar,
  { topic, key, name, count }: { topic: string; key: string; name: string; count: number },
): Promise<string[]> {
  const ids = Array.from({ length: count }, (_none, index) => `${name}-${index}`);
  const entries = ids.map((id) => ({
    entryId: id,
    contentType: "application/cloudevents+json",
    metadata: { partitionKey: key },
    event: {
      specversion: "1.0",
      id,
      source: "chat-api",
      type: "task.created",
      datacontenttype: "application/json",
      data: { id, key },
    },
  }));
  const response = await fetch(`${sidecar.url}/v1.0-alpha1/publish/bulk/taskflow-pubsub/${topic}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(entries),
    signal: AbortSignal.timeout(20_000),
  });
  if (response.status !== 204) throw new Error(`publish answered ${response.status}: ${await response.text()}`);
  return ids;
}
