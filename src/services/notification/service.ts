import type { FastifyInstance } from "fastify";
import type { Database } from "../../adapters/db/database.ts";
import { type TaskFlowEvent, topics } from "../../contract/event.ts";
import type { Channel } from "../../contract/notification.ts";
import type {
  Clock,
  CredentialWatch,
  EventLog,
  Logger,
  Loop,
  Metrics,
  NotificationChannel,
  SecretSource,
  Service,
  StartLoop,
  TokenVerifier,
} from "../../ports.ts";
import { createDeliveries } from "./delivery/deliveries.ts";
import { createDeliveryLog } from "./delivery/delivery-log.ts";
import { deliveryRoutes } from "./delivery/delivery-routes.ts";
import { createGroupCommit } from "./delivery/group-commit.ts";
import { createIntake } from "./delivery/intake.ts";
import { createQueue } from "./delivery/queue.ts";
import type { NewDelivery } from "./delivery/rows.ts";
import { createTrial } from "./delivery/trial.ts";
import { inboxRoutes } from "./inbox/inbox-routes.ts";
import { createInboxStore } from "./inbox/inbox-store.ts";
import { createNotices } from "./notices/notices.ts";
import { preferenceRoutes } from "./preferences/preference-routes.ts";
import { createPreferenceStore } from "./preferences/preference-store.ts";
import { createLive } from "./stream/live.ts";
import { createStreamChannel } from "./stream/stream-channel.ts";

export interface NotificationSettings {
  readonly streamsPerUser: number;
  readonly streamHeartbeatSeconds: number;
  /** A reader that takes nothing for so long is dropped. */
  readonly streamIdleSeconds: number;
  /** How long the inbox keeps a notification; 0 keeps it for ever. */
  readonly notificationRetentionDays: number;
}

export interface NotificationDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly verifier: TokenVerifier;
  readonly credentials: CredentialWatch;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly startLoop: StartLoop;
  readonly secrets: SecretSource;
  readonly newId: () => string;
  readonly settings: NotificationSettings;
  /** Ways to tell people something beside the inbox and the stream. */
  readonly channels?: readonly NotificationChannel[];
  /** How long a channel may take for a batch before another worker takes it up. */
  readonly leaseSeconds?: number;
}

const name = "notification-service";
const MS_PER_DAY = 86_400_000;
const HOUSEKEEPING_MS = 10 * 60_000;
const MOST_IN_A_COMMIT = 500;
const LEASE_SECONDS = 30;

/** The notification service: every user's events, live on every open screen, and what people are told of them. */
export const createNotificationService = (deps: NotificationDeps): Service => {
  const { database, startLoop, settings, log, newId, clock, leaseSeconds = LEASE_SECONDS } = deps;
  const retentionDays = settings.notificationRetentionDays;
  const preferences = createPreferenceStore(database);
  const inbox = createInboxStore(database);
  const origin = newId();
  const queue = createQueue(database, origin);
  const deliveryLog = createDeliveryLog(database);
  const live = createLive(deps);
  const notices = createNotices({ ...deps, ...live, inbox, origin });
  live.onOpen(notices.resume);
  const outward: readonly NotificationChannel[] = [
    createStreamChannel({ board: notices.board, registry: live.registry }),
    ...(deps.channels ?? []),
  ];
  const stored = new Map<Channel, (userId: string) => number>([
    ["inbox", () => 0],
    ["stream", (userId) => live.registry.of(userId).length],
  ]);
  const channels: readonly Channel[] = ["inbox", ...outward.map((channel) => channel.name)];
  const deliveries = createDeliveries({ ...deps, channels: outward, queue, preferences, leaseSeconds });

  const onStored = (added: readonly NewDelivery[]): void => {
    deliveries.wakeFor(added);
    if (added.some(({ channel, status }) => channel === "stream" && status === "delivered")) notices.wake();
    notices.board
      .postInboxChanges(quietInboxes(added))
      .catch((error: unknown) => log.warn({ err: error }, "open streams do not show what is new in the inbox"));
  };
  const intake = createIntake({
    ...deps,
    preferences,
    queue,
    channels,
    stored,
    retentionMs: retentionDays === 0 ? Infinity : retentionDays * MS_PER_DAY,
    onStored,
  });
  const commits = createGroupCommit(MOST_IN_A_COMMIT, intake);
  const test = createTrial({ queue, log: deliveryLog, clock, newId, onStored });
  let housekeeping: Loop | undefined;

  const broadcast = (event: TaskFlowEvent): void => {
    deps.metrics.count("taskflow_stream_broadcasts_total");
    live.deliver(event);
  };

  const forget = async (): Promise<void> => {
    await notices.board.sweep();
    const forgotten = retentionDays === 0 ? 0 : await inbox.forget(retentionDays);
    if (forgotten > 0) log.info({ forgotten }, "forgot old notifications");
  };

  const routes = (app: FastifyInstance): void => {
    live.routes(app);
    inboxRoutes(app, { store: inbox, onChanged: (userId) => notices.board.postInboxChanges([userId]) });
    deliveryRoutes(app, { log: deliveryLog, channels, test, onRetry: deliveries.wake });
    preferenceRoutes(app, {
      store: preferences,
      async onChanged(userId) {
        await queue.release(userId);
        deliveries.wake();
      },
    });
  };

  return {
    name,
    subscriptions: [
      { consumer: name, topics: Object.values(topics), broadcast: true, handle: async (event) => broadcast(event) },
      { consumer: name, topics: Object.values(topics), handle: (event) => commits.add(event) },
    ],
    routes,
    async start() {
      live.start();
      notices.start();
      deliveries.start();
      housekeeping = startLoop("old notifications", HOUSEKEEPING_MS, forget);
    },
    async stop() {
      await live.stop();
      await Promise.all([deliveries.stop(), notices.stop(), housekeeping?.stop()]);
    },
    missing: async () => (housekeeping === undefined ? ["live streams are not started"] : []),
  };
};

/** Whose inbox has something that no stream is told of at once. */
const quietInboxes = (added: readonly NewDelivery[]): readonly string[] => {
  const told = new Set(
    added
      .filter(({ channel, status, digestId }) => channel === "stream" && status !== "suppressed" && digestId === null)
      .map(({ notification }) => notification.id),
  );
  return added
    .filter(
      ({ channel, status, notification }) =>
        channel === "inbox" && status === "delivered" && !told.has(notification.id),
    )
    .map(({ notification }) => notification.user_id);
};
