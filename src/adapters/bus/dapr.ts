import type { FastifyInstance } from "fastify";
import type { TaskFlowEvent } from "../../contract/event.ts";
import type { Bus, DeadLetters, Subscription } from "../../ports.ts";
import { createDelivery, type Bury, type DeliveryOptions } from "./delivery.ts";
import {
  cloudEventOf,
  cloudLetterOf,
  deadLetterTopicOf,
  deadLetterType,
  isRecord,
  type Letter,
  type Posted,
  topicOf,
} from "./dapr/cloud-event.ts";
import { registerDeliveryRoutes } from "./dapr/deliveries.ts";
import { createRecentFaults, missingAtSidecar } from "./dapr/readiness.ts";
import { createSidecar } from "./dapr/sidecar.ts";
import { createEventReader } from "./event-reader.ts";

export interface DaprBusOptions extends DeliveryOptions {
  /** The service behind this sidecar: the source of what it publishes, the owner of its dead letters. */
  readonly appId: string;
  /** Of the sidecar's HTTP API. */
  readonly sidecarUrl: string;
  readonly pubsub: string;
  /** The component that gives every replica everything. */
  readonly broadcastPubsub: string;
  /** What the sidecar shows us (APP_API_TOKEN); without it deliveries are refused. */
  readonly appToken: string | undefined;
  /** What we show the sidecar (DAPR_API_TOKEN). */
  readonly apiToken: string | undefined;
  readonly deadLetters: Pick<DeadLetters, "add">;
  readonly newId: () => string;
}

export interface DaprBus extends Bus {
  /** The addresses the sidecar delivers to, for the app that it knows. */
  routes(app: FastifyInstance): void;
}

const GRACE_MS = 2_000;

/**
 * The bus over a Dapr sidecar (docs/adr/0014). A delivery is acknowledged when the effect of every consumer
 * here is committed or the event lies on the dead-letter topic with the reason. What comes from the dead-letter topic
 * with a reason is stored; what comes without one is what the sidecar gave up on while the app was away, and is
 * delivered again.
 */
export const createDaprBus = (options: DaprBusOptions): DaprBus => {
  const { appId, pubsub, broadcastPubsub, appToken, deadLetters, log, metrics, newId, graceMs = GRACE_MS } = options;
  const sidecar = createSidecar({ url: options.sidecarUrl, apiToken: options.apiToken });
  const delivery = createDelivery(options);
  const readEvent = createEventReader();
  const faults = createRecentFaults(() => Date.now());
  const subscriptions: Subscription[] = [];
  const underWay = new Set<Promise<void>>();
  let phase: "new" | "started" | "stopped" = "new";

  const send = async (topic: string, key: string, cloudEvent: object): Promise<void> => {
    try {
      await sidecar.publish({ pubsub, topic, key, cloudEvent: JSON.stringify(cloudEvent) });
      faults.clear(topic);
    } catch (error) {
      faults.add(topic, error instanceof Error ? error.message : String(error));
      throw error;
    }
  };

  const sendLetter = async (letter: Letter): Promise<void> => {
    const id = newId();
    await send(deadLetterTopicOf(letter.consumer), keyOf(letter, id), cloudLetterOf(letter, { id, now: Date.now() }));
  };

  const refuse = async (data: unknown, reason: string, label: "invalid" | "no_consumer", bury: Bury): Promise<void> => {
    metrics.count("taskflow_events_refused_total", { consumer: appId, reason: label });
    log.error({ reason }, "an event was refused");
    await bury({ consumer: appId, event: data, reason, attempts: 1 });
    metrics.count("taskflow_dead_letters_total", { consumer: appId });
  };

  /** `topic` is where it came from, which must be where events of its type are published. */
  const take = async (
    data: unknown,
    of: { readonly topic?: string; readonly broadcast: boolean },
    bury: Bury,
  ): Promise<void> => {
    const read = readEvent(data);
    if ("reason" in read) return refuse(data, `not a valid event: ${read.reason}`, "invalid", bury);
    const topic = topicOf(read.event);
    if (of.topic !== undefined && of.topic !== topic)
      return refuse(data, `not a valid event: ${read.event.event_type} came on ${of.topic}`, "invalid", bury);
    const interested = subscriptions.filter(
      ({ topics, broadcast = false }) => broadcast === of.broadcast && topics.some((each) => each === topic),
    );
    if (interested.length === 0) return refuse(data, `${appId} has no consumer for ${topic}`, "no_consumer", bury);
    await allSettled(interested.map((subscription) => delivery.deliver(subscription, read.event, bury)));
  };

  const takeDeadLetter = ({ type, data }: Posted): Promise<void> => {
    if (type === deadLetterType && isLetter(data)) return deadLetters.add(data);
    return take(data, { broadcast: false }, deadLetters.add);
  };

  /**
   * The sidecar delivers as soon as the port is open, and goes on until it is closed: what comes too early or too late
   * comes again.
   */
  const taking = async (work: () => Promise<void>): Promise<void> => {
    if (phase !== "started") throw new Error("the bus takes no deliveries now");
    const taken = work();
    underWay.add(taken);
    try {
      await taken;
    } catch (error) {
      if (phase === "started") log.warn({ err: error }, "a delivery could not be taken and will come again");
      throw error;
    } finally {
      underWay.delete(taken);
    }
  };

  return {
    subscribe(subscription) {
      subscriptions.push(subscription);
    },
    start() {
      phase = "started";
      return Promise.resolve();
    },
    publish: (event: TaskFlowEvent) => send(topicOf(event), event.task_id, cloudEventOf(event, appId)),
    async stop() {
      phase = "stopped";
      await delivery.stop();
      await Promise.all([Promise.allSettled(underWay), sidecar.close(graceMs)]);
    },
    async missing() {
      const token = appToken === undefined ? ["APP_API_TOKEN is not set, so deliveries are refused"] : [];
      return [
        ...token,
        ...(await missingAtSidecar(sidecar, { pubsub, broadcastPubsub, subscriptions })),
        ...faults.list(),
      ];
    },
    routes(app) {
      registerDeliveryRoutes(app, {
        appToken,
        onRefused(reason) {
          metrics.count("taskflow_events_refused_total", { consumer: appId, reason });
          if (reason === "token" && appToken !== undefined)
            faults.add("token", "a delivery was refused: the sidecar's APP_API_TOKEN is not ours");
        },
        shared: (topic, { data }) => taking(() => take(data, { topic, broadcast: false }, sendLetter)),
        broadcast: (topic, { data }) => taking(() => take(data, { topic, broadcast: true }, sendLetter)),
        deadLetter: (posted) => taking(() => takeDeadLetter(posted)),
      });
    },
  };
};

const keyOf = ({ event }: Letter, otherwise: string): string =>
  isRecord(event) && typeof event["task_id"] === "string" ? event["task_id"] : otherwise;

const isLetter = (data: unknown): data is Letter =>
  isRecord(data) &&
  typeof data["consumer"] === "string" &&
  typeof data["reason"] === "string" &&
  typeof data["attempts"] === "number" &&
  "event" in data;

/** Waits for all of them, then throws the first failure. */
const allSettled = async (work: readonly Promise<void>[]): Promise<void> => {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
};
