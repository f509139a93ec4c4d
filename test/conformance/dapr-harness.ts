import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import fastify, { type FastifyInstance } from "fastify";
import { v7 as uuidv7 } from "uuid";
import { createDaprBus, type DaprBus, type DaprBusOptions } from "../../src/adapters/bus/dapr.ts";
import { createDeadLetters } from "../../src/adapters/dead-letters.ts";
import { createLoops } from "../../src/adapters/loop.ts";
import { createMetrics, type PrometheusMetrics } from "../../src/adapters/metrics.ts";
import { startRelay, type Relay } from "../../src/adapters/event-log/relay.ts";
import { topics } from "../../src/contract/event.ts";
import { answerError } from "../../src/main/http/problems.ts";
import type { Bus, DeadLetters, Subscription } from "../../src/ports.ts";
import { startKafka, type Kafka } from "../infra/kafka.ts";
import { freePort } from "../infra/ports.ts";
import { waitFor } from "../infra/process.ts";
import { requireInfra, testFolder } from "../infra/require-infra.ts";
import { openScopes, renderForOneMachine } from "../infra/resources.ts";
import { startSidecar, type Sidecar } from "../infra/sidecar.ts";
import { readTopics } from "../infra/topics.ts";
import { taskEventOf, waitingInOutbox, writeToOutbox } from "../outbox/events.ts";
import { createMigratedDatabase, silent as log } from "../outbox/migrated-database.ts";
import { policy, type BusHarness } from "./bus.ts";

export const appToken = "the-sidecar-shows-this";
const apiToken = "the-app-shows-this";
const UPDATED = topics["task.updated"];

/** One replica's place: its sidecar lives as long as the harness, apps come and go on its port. */
export interface Place {
  readonly appId: string;
  readonly appPort: number;
  readonly sidecar: Sidecar;
}

export interface DaprHarness extends BusHarness {
  readonly kafka: Kafka;
  readonly deadLetterTable: DeadLetters;
  place(appId: string, index?: number): Place;
  /** An app for a place, not yet listening. */
  app(place: Place, subscriptions: readonly Subscription[], overrides?: Partial<DaprBusOptions>): DaprApp;
}

export interface DaprApp {
  readonly bus: DaprBus;
  readonly server: FastifyInstance;
  readonly metrics: PrometheusMetrics;
  /** The partitions that a broadcast update came from so far, as the sidecar names them. */
  readonly broadcastPartitions: ReadonlySet<unknown>;
  listen(): Promise<void>;
  stop(): Promise<void>;
}

/** Real Kafka, a sidecar for the producer and one for each replica, real PostgreSQL. Undefined when skipped. */
export const createDaprHarness = async (t: TestContext): Promise<DaprHarness | undefined> => {
  const infra = await requireInfra(t);
  if (infra === undefined) return undefined;
  const folder = testFolder();
  const [kafka, { url, database, drop }] = await Promise.all([
    startKafka({ infra, folder: join(folder, "kafka") }),
    createMigratedDatabase(),
  ]);
  await kafka.createTopics();
  const resources = renderForOneMachine({
    folder,
    brokers: kafka.brokers,
    values: { ...openScopes, DELIVERY_RETRY_INTERVAL: "1s" },
  });
  // audit-logger takes several events at once, as its shipped file says; reminder-service here one by one.
  rmSync(join(resources.folder, "subscriptions-reminder-service.yaml"));
  writeFileSync(join(resources.folder, "conformance.yaml"), oneByOne("reminder-service"));

  const createPlace = async (appId: string, name: string): Promise<Place> => {
    const appPort = await freePort();
    const sidecar = await startSidecar({
      infra,
      folder,
      resources,
      appId,
      name,
      appPort,
      appToken,
      apiToken,
      env: { DATABASE_URL: url },
    });
    return { appId, appPort, sidecar };
  };
  const places = await Promise.all([
    createPlace("chat-api", "producer"),
    createPlace("audit-logger", "audit"),
    createPlace("reminder-service", "reminders"),
    createPlace("notification-service", "notification-1"),
    createPlace("notification-service", "notification-2"),
  ]);
  t.after(async () => {
    await Promise.all(places.map(({ sidecar }) => sidecar.stop()));
    await Promise.all([kafka.stop(), drop()]);
  });

  const deadLetterTable = createDeadLetters(database, uuidv7);
  const place = (appId: string, index = 0): Place => {
    const found = places.filter((each) => each.appId === appId)[index];
    if (found === undefined) throw new Error(`the harness has no place ${index} for ${appId}`);
    return found;
  };
  const app = (at: Place, subscriptions: readonly Subscription[], overrides: Partial<DaprBusOptions> = {}): DaprApp => {
    const metrics = createMetrics();
    const bus = createDaprBus({
      ...policy,
      ...names,
      appId: at.appId,
      sidecarUrl: at.sidecar.url,
      appToken,
      apiToken,
      deadLetters: deadLetterTable,
      newId: uuidv7,
      log,
      metrics,
      ...overrides,
    });
    for (const subscription of subscriptions) bus.subscribe(subscription);
    const server = fastify({ forceCloseConnections: true });
    server.setErrorHandler(answerError);
    const broadcastPartitions = new Set<unknown>();
    server.addHook("onRequest", async ({ url, headers }) => {
      if (url === `/events/broadcast/${UPDATED}`) broadcastPartitions.add(headers["__partition"]);
    });
    bus.routes(server);
    return {
      bus,
      server,
      metrics,
      broadcastPartitions,
      async listen() {
        await bus.start();
        await server.listen({ host: "127.0.0.1", port: at.appPort });
      },
      async stop() {
        await bus.stop();
        await server.close();
      },
    };
  };

  let relay: Relay | undefined;
  const emit: BusHarness["emit"] = async (events) => {
    await writeToOutbox(database, events);
    relay?.wake();
  };

  /**
   * A broadcast reaches who has joined, and each partition is joined for itself, from its newest message on: publish
   * until each replica has had one from every partition of the topic that the suite publishes to.
   */
  const joined = async (replicas: readonly DaprApp[]): Promise<void> => {
    const partitions = readTopics().find(({ name }) => name === UPDATED)?.partitions;
    const everyone = async (): Promise<boolean> => {
      if (replicas.every(({ broadcastPartitions }) => broadcastPartitions.size === partitions)) return true;
      await emit([taskEventOf()]);
      return false;
    };
    await waitFor(everyone, { what: "the replicas to join every partition" });
  };

  return {
    kafka,
    deadLetterTable,
    place,
    app,
    // Of reminder-service: one partition has one delivery under way, and the suite publishes to one topic.
    mostUnderWay: 3,
    async start(replicas) {
      const used = replicas.map((subscriptions, index) => {
        const appId = subscriptions[0]?.consumer ?? "";
        const before = replicas.slice(0, index).filter(([first]) => first?.consumer === appId).length;
        return place(appId, before);
      });
      const apps = used.map((at, index) => app(at, replicas[index] ?? []));
      const broadcasting = apps.filter((_app, index) => replicas[index]?.some(({ broadcast }) => broadcast === true));
      const producer = app(place("chat-api"), []);
      const stop = async (): Promise<void> => {
        await relay?.stop();
        relay = undefined;
        await Promise.all([producer, ...apps].map((each) => each.stop()));
      };
      try {
        await Promise.all([producer, ...apps].map(({ listen }) => listen()));
        // With each topic that it subscribes to, a sidecar joins its groups anew: it would give again what is under
        // way, and miss broadcasts.
        await Promise.all(used.map(({ sidecar }) => sidecar.ready()));
        relay = relayOn(producer.bus, producer.metrics);
        await joined(broadcasting);
      } catch (error) {
        await stop();
        throw error;
      }
      return { stop };
    },
    emit,
    waiting: () => waitingInOutbox(database),
    deadLetters: () => deadLetterTable.list({ limit: 1_000 }),
  };

  function relayOn(bus: Bus, metrics: PrometheusMetrics): Relay {
    return startRelay({
      database,
      bus,
      producer: "chat-api",
      log,
      metrics,
      startLoop: createLoops(log),
      backoff: policy.backoff,
    });
  }
};

const names = { pubsub: "taskflow-pubsub", broadcastPubsub: "taskflow-broadcast" };

/** Subscriptions to every topic of the shared pub/sub with their dead letters, an event a delivery. */
const oneByOne = (appId: string): string => {
  const deadLetterTopic = `taskflow.dead-letters.${appId}`;
  const shared = Object.values(topics).map((topic) => ({
    topic,
    route: `/events/${topic}`,
    extra: { deadLetterTopic },
  }));
  const letters = { topic: deadLetterTopic, route: "/events/dead-letter", extra: { metadata: { rawPayload: "true" } } };
  return [...shared, letters]
    .map(({ topic, route, extra }) => ({
      apiVersion: "dapr.io/v2alpha1",
      kind: "Subscription",
      metadata: { name: `${appId}-${topic}` },
      scopes: [appId],
      spec: { pubsubname: names.pubsub, topic, routes: { default: route }, ...extra },
    }))
    .map((subscription) => JSON.stringify(subscription))
    .join("\n---\n");
};
