import type { Database } from "../../adapters/db/database.ts";
import { topics } from "../../contract/event.ts";
import type { Clock, EventLog, Logger, Loop, Metrics, SecretSource, Service, StartLoop, TokenVerifier } from "../../ports.ts";
import { createRegistry } from "./registry.ts";
import { createReplay } from "./replay.ts";
import { createRounds } from "./rounds.ts";
import { notificationRoutes } from "./routes.ts";
import { createStreams } from "./streams.ts";
import { createTickets } from "./ticket.ts";
import { createWriter } from "./writer.ts";

export interface NotificationSettings {
  readonly streamsPerUser: number;
  readonly streamHeartbeatSeconds: number;
  /** A reader that takes nothing for so long is dropped. */
  readonly streamIdleSeconds: number;
}

export interface NotificationDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly verifier: TokenVerifier;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly startLoop: StartLoop;
  readonly secrets: SecretSource;
  readonly settings: NotificationSettings;
}

const name = "notification-service";
const SECOND_MS = 1_000;
const SWEEP_MS = 60_000;

/** The notification service: every user's events, live on every open screen. */
export const createNotificationService = (deps: NotificationDeps): Service => {
  const { eventLog, startLoop, settings, metrics } = deps;
  const registry = createRegistry(settings.streamsPerUser, settings.streamHeartbeatSeconds);
  const writer = createWriter(deps);
  const replay = createReplay({ ...deps, writer });
  const rounds = createRounds({ registry, writer, replay, eventLog, slots: settings.streamHeartbeatSeconds, idleMs: settings.streamIdleSeconds * SECOND_MS });
  const streams = createStreams({ registry, writer, replay, metrics });
  const tickets = createTickets(deps);
  let loops: readonly Loop[] = [];

  return {
    name,
    subscriptions: [
      {
        consumer: name,
        topics: [topics["task.created"], topics["task.updated"], topics["task.completed"], topics["task.deleted"]],
        broadcast: true,
        handle: async (event) => streams.deliver(event),
      },
    ],
    routes: (app) => notificationRoutes(app, { ...deps, streams, tickets, keepAliveMs: (settings.streamHeartbeatSeconds * SECOND_MS) / 2 }),
    async start() {
      loops = [
        startLoop("stream heartbeats", SECOND_MS, async () => rounds.beat()),
        startLoop("stream heads", SECOND_MS, () => rounds.compareHeads()),
        startLoop("stream tickets", SWEEP_MS, () => tickets.sweep()),
      ];
    },
    async stop() {
      await streams.stop();
      await Promise.all(loops.map((loop) => loop.stop()));
    },
    missing: async () => (loops.length === 0 ? ["live streams are not started"] : []),
  };
};
