import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Pool } from "undici";
import type { Infra } from "../../test/infra/install.ts";
import type { Kafka } from "../../test/infra/kafka.ts";
import { startSidecar } from "../../test/infra/sidecar.ts";

/** Dapr and Kafka with nothing of TaskFlow: a message published by one sidecar and delivered by another. */
export interface Bare {
  publish(number: number): Promise<void>;
  /** Called with the number of each message that was delivered. */
  onDelivered: (number: number) => void;
  stop(): Promise<void>;
}

const TOPIC = "bench.bare";

/** As many bytes as an event of a small task. */
const PADDING = "x".repeat(1_200);

export const startBare = async (infra: Infra, kafka: Kafka, folder: string): Promise<Bare> => {
  await kafka.createTopics([{ name: TOPIC, partitions: 3, retentionHours: 1 }]);
  const resources = writeResources(folder, kafka.brokers);
  const bare: { onDelivered: (number: number) => void } = { onDelivered: () => undefined };
  const app = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      response.end();
      if (request.url === "/delivered")
        bare.onDelivered((JSON.parse(body) as { data: { number: number } }).data.number);
    });
  });
  app.listen(0, "127.0.0.1");
  await once(app, "listening");
  const common = { infra, folder, resources };
  const consumer = await startSidecar({
    ...common,
    appId: "bare-consumer",
    appPort: (app.address() as AddressInfo).port,
  });
  const publisher = await startSidecar({ ...common, appId: "bare-publisher" });
  await Promise.all([consumer.ready(), publisher.ready()]);
  const pool = new Pool(publisher.url, { connections: 32 });
  return Object.assign(bare, {
    async publish(number: number) {
      const event = {
        specversion: "1.0",
        id: `${number}`,
        source: "bench",
        type: "bench",
        datacontenttype: "application/json",
        data: { number, padding: PADDING },
      };
      const { statusCode, body } = await pool.request({
        method: "POST",
        path: `/v1.0/publish/bare-pubsub/${TOPIC}?metadata.partitionKey=${number}`,
        headers: { "content-type": "application/cloudevents+json" },
        body: JSON.stringify(event),
      });
      await body.dump();
      if (statusCode !== 204) throw new Error(`bare Dapr answered ${statusCode}`);
    },
    async stop() {
      await pool.close();
      await Promise.all([publisher.stop(), consumer.stop()]);
      app.close();
    },
  });
};

const writeResources = (folder: string, brokers: string) => {
  const resources = { folder: join(folder, "bare"), configuration: join(folder, "bare.yaml") };
  mkdirSync(resources.folder, { recursive: true });
  const named = (name: string, rest: object): object => ({ metadata: { name }, ...rest });
  const metadata = Object.entries({
    brokers,
    version: "4.1.0",
    authType: "none",
    initialOffset: "oldest",
    consumeRetryEnabled: "true",
  }).map(([name, value]) => ({ name, value }));
  const files = {
    "pubsub.yaml": named("bare-pubsub", {
      apiVersion: "dapr.io/v1alpha1",
      kind: "Component",
      spec: { type: "pubsub.kafka", version: "v1", metadata },
    }),
    "subscription.yaml": named("bare", {
      apiVersion: "dapr.io/v2alpha1",
      kind: "Subscription",
      scopes: ["bare-consumer"],
      spec: { pubsubname: "bare-pubsub", topic: TOPIC, routes: { default: "/delivered" } },
    }),
  };
  // JSON is YAML.
  for (const [name, resource] of Object.entries(files))
    writeFileSync(join(resources.folder, name), JSON.stringify(resource));
  const nameResolution = { component: "sqlite", configuration: { connectionString: join(folder, "bare-names.db") } };
  writeFileSync(
    resources.configuration,
    JSON.stringify(named("bare", { apiVersion: "dapr.io/v1alpha1", kind: "Configuration", spec: { nameResolution } })),
  );
  return resources;
};
