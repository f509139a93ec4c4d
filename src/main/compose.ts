import { setTimeout as delay } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { createAccessTokens } from "../adapters/auth/access-token.ts";
import { createCredentialWatch } from "../adapters/auth/credential-watch.ts";
import { createKeyedHash } from "../adapters/auth/keyed-hash.ts";
import { createPasswords } from "../adapters/auth/passwords.ts";
import { secrets } from "../adapters/auth/secrets.ts";
import { createTokenVerifier } from "../adapters/auth/token-verifier.ts";
import { createDaprBus } from "../adapters/bus/dapr.ts";
import { createInProcessBus } from "../adapters/bus/in-process.ts";
import { createDatabase } from "../adapters/db/database.ts";
import { startDeadLetterReplay } from "../adapters/dead-letter-replay.ts";
import { createDeadLetters } from "../adapters/dead-letters.ts";
import { createDeliveryTrace } from "../adapters/delivery-trace.ts";
import { createDirectory } from "../adapters/directory.ts";
import { watchDisk } from "../adapters/disk-space.ts";
import { createEventLog } from "../adapters/event-log/read.ts";
import { createLineFolder } from "../adapters/line-folder.ts";
import { createLoops } from "../adapters/loop.ts";
import { createMetrics } from "../adapters/metrics.ts";
import { startRelay, type Relay } from "../adapters/event-log/relay.ts";
import { createProcessorShare } from "../adapters/processor-share.ts";
import { createReminderStates } from "../adapters/reminder-states.ts";
import { createDaprJobsTrigger } from "../adapters/reminder-trigger/dapr-jobs.ts";
import { createTimerTrigger } from "../adapters/reminder-trigger/timer.ts";
import { createDaprTaskApi } from "../adapters/task-api/dapr.ts";
import type { Bus, Clock, Logger, Loop, Service } from "../ports.ts";
import { createAuditService } from "../services/audit/service.ts";
import { createChatApi } from "../services/chat-api/chat-api.ts";
import { createNotificationService } from "../services/notification/service.ts";
import { createRecurringService } from "../services/recurring/service.ts";
import { createReminderService } from "../services/reminder/service.ts";
import type { Config } from "./config.ts";
import { createMetricsServer, type MetricsReaders } from "./http/metrics-routes.ts";
import { createServer } from "./http/server.ts";
import { tunnelWebSockets } from "./http/web-socket-tunnel.ts";
import { type Proxied, proxied, proxyService } from "./http/service-proxy.ts";
import { runMigrations } from "./schema.ts";
import { type RoleName, roleNames } from "./settings.ts";
import { createStartup } from "./startup.ts";
import { version } from "./version.ts";

export interface ComposeInput {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly log: Logger;
  /** The machine's own unless said. */
  readonly clock?: Clock;
}

export interface App {
  start(): Promise<{ address: string }>;
  /** Stops accepting, drains, stops; what is not done then is done after the next start. */
  stop(): Promise<void>;
}

/** Whose events are in the outbox; each has a relay in its own process. */
const producers: readonly RoleName[] = ["chat-api", "reminder-service"];

const systemClock: Clock = { now: () => Date.now() };

/** The whole topology: what there is, and who is given what. Read top to bottom. */
export const compose = async ({ config, databaseUrl, log, clock = systemClock }: ComposeInput): Promise<App> => {
  const { roles } = config;
  const newId = (): string => uuidv7();
  const metrics = createMetrics();
  const startLoop = createLoops(log);
  const database = createDatabase({
    url: databaseUrl,
    connections: config.databasePool,
    applicationName: `taskflow ${roles.join(",")}`,
    onConnectionError: (error) => log.warn({ err: error }, "a database connection was lost"),
  });
  const accessTokens = createAccessTokens({ secret: config.jwtSecret, clock });
  const credentials = createCredentialWatch({ database, clock, log, startLoop });
  const verifier = createTokenVerifier({
    database,
    credentials,
    jwtSecret: config.jwtSecret,
    clock,
    serviceToken: config.serviceToken,
  });
  const processorShare = createProcessorShare();
  const deadLetters = createDeadLetters(database, newId);
  const dapr =
    config.bus === "dapr" ? createDaprBus({ ...daprOf(config), deadLetters, newId, log, metrics }) : undefined;
  const bus: Bus = dapr ?? createInProcessBus({ deadLetters, log, metrics });
  let relays: readonly Relay[] = [];
  let replay: Pick<Loop, "stop"> | undefined;

  const onCommitted = (): void => relays.forEach((relay) => relay.wake());

  const chatApi = createChatApi({
    database,
    clock,
    log,
    metrics,
    startLoop,
    newId,
    accessTokens,
    credentials,
    secrets,
    keyedHash: createKeyedHash(config.jwtSecret),
    passwords: createPasswords(),
    reminderStates: createReminderStates(database),
    processorShare,
    onCommitted,
    settings: config,
  });
  const remoteTasks = roles.includes("chat-api")
    ? undefined
    : createDaprTaskApi({ ...daprOf(config), serviceToken: config.serviceToken });
  const taskApi = remoteTasks ?? chatApi.taskApi;

  const jobs =
    config.reminderTrigger === "dapr-jobs" && roles.includes("reminder-service")
      ? createDaprJobsTrigger({ ...daprOf(config), log, metrics })
      : undefined;

  const create: Readonly<Record<RoleName, () => Service>> = {
    "chat-api": () => chatApi,
    "notification-service": () =>
      createNotificationService({
        database,
        clock,
        log,
        metrics,
        startLoop,
        newId,
        verifier,
        credentials,
        secrets,
        eventLog: createEventLog(database),
        settings: config,
      }),
    "recurring-processor": () => createRecurringService({ database, taskApi, clock, log, metrics, startLoop }),
    "reminder-service": () =>
      createReminderService({
        database,
        clock,
        log,
        metrics,
        startLoop,
        onCommitted,
        trigger: jobs ?? createTimerTrigger(),
        deliveryTrace: createDeliveryTrace(database),
      }),
    "audit-logger": () =>
      createAuditService({
        database,
        clock,
        log,
        metrics,
        startLoop,
        newId,
        eventLog: createEventLog(database),
        directory: createDirectory(database),
        processorShare,
        store: createLineFolder(config.auditDir),
        settings: config,
      }),
  };
  const services = roles.map((role) => create[role]());
  // One document in both shapes: clients that know chat-api alone find there what it passes on.
  const described = roles.includes("chat-api")
    ? roleNames.map((role) => services[roles.indexOf(role)] ?? create[role]())
    : services;
  const subscriptions = services.flatMap((service) => service.subscriptions);
  for (const subscription of subscriptions) bus.subscribe(subscription);

  const startRelays = (): void => {
    relays = producers
      .filter((producer) => roles.includes(producer))
      .map((producer) => startRelay({ database, bus, producer, log, metrics, startLoop }));
  };
  const startup = createStartup(
    [
      { missing: "the schema is not up to date", run: () => runMigrations(databaseUrl, log) },
      { missing: "which sessions have ended is not known", run: () => credentials.start() },
      ...services.map((service) => ({ missing: `${service.name} is not started`, run: () => service.start() })),
      { missing: "the bus is not started", run: () => bus.start() },
      { missing: "the relay is not started", run: async () => startRelays() },
      {
        missing: "dead letters are not replayed",
        run: async () => void (replay = startDeadLetterReplay({ deadLetters, subscriptions, startLoop, log, metrics })),
      },
    ],
    log,
  );
  // Only the embedded server's disk is ours to look at.
  const disk = config.databaseUrl === undefined ? watchDisk({ folder: config.dataDir, log, startLoop }) : undefined;
  const shortage = (): string | undefined => disk?.shortage() ?? database.shortage();
  const missing = async (): Promise<readonly string[]> => {
    const database_ = await database.ping().then(startup.missing, () => ["the database does not answer"]);
    const short = shortage();
    const others = await Promise.all([
      bus.missing(),
      ...(startup.finished ? services.map((service) => service.missing()) : []),
    ]);
    return [...(short === undefined ? [] : [short]), ...database_, ...others.flat()];
  };
  const server = await createServer({
    log,
    services,
    described,
    metrics,
    rules: {
      verifier,
      credentials,
      limits: config.rateLimits
        ? {
            login: config.rateLimitLogin,
            register: config.rateLimitRegister,
            api: config.rateLimitApi,
            address: config.rateLimitAddress,
            refused: config.rateLimitRefused,
          }
        : undefined,
      started: () => startup.finished,
      cannotWrite: () => disk?.shortage(),
    },
    health: {
      name: services.length === 1 ? (services[0]?.name ?? "taskflow") : "taskflow",
      version,
      namesMissing: config.readinessDetails,
      missing,
      setAside: () => services.flatMap((service) => service.setAside?.() ?? []),
    },
    metricsReaders: readersAtMainPort(config),
    docs: config.docs,
    trustProxy: config.trustProxy,
    webDist: roles.includes("chat-api") ? config.webDist : undefined,
    plugins: [
      ...(dapr === undefined ? [] : [dapr.routes]),
      ...(jobs === undefined ? [] : [jobs.routes]),
      ...passedOn(config).flatMap(({ what, to }) => [
        proxyService(what, to),
        ...(what === proxied.notifications ? [tunnelWebSockets(to)] : []),
      ]),
    ],
  });
  const metricsServer = readersAtMainPort(config) === undefined ? createMetricsServer(metrics) : undefined;
  const listen = async () => {
    const { metricsHost, metricsPort } = config;
    const metricsAddress = await metricsServer?.listen({ host: metricsHost, port: metricsPort ?? 0 });
    if (metricsAddress !== undefined) log.info({ metricsAddress }, "metrics have a port of their own");
    return server.listen({ host: config.host, port: config.port });
  };

  return {
    async start() {
      if (config.bus === "dapr") {
        // One of several lives and answers while what it needs is away.
        const address = await listen();
        startup.runInBackground();
        return { address };
      }
      await startup.run();
      return { address: await listen() };
    },
    async stop() {
      // Streams live as long as their readers: they end first, or the server would cut them in the middle of a frame.
      // Requests under way may take half of the time; what follows needs some too.
      const drained = Promise.all([startup.stop(), ...services.map((service) => service.stop())]).then(() =>
        Promise.all([server.close(), metricsServer?.close()]),
      );
      await Promise.race([drained, delay((config.shutdownSeconds * 1_000) / 2)]);
      const ending = [...relays, replay, disk, credentials];
      await Promise.all([...ending.map((loop) => loop?.stop()), bus.stop()]);
      await database.close();
    },
  };
};

/** A metrics port that is the main port opens them to whoever reaches it. */
const readersAtMainPort = ({ metricsPort, port }: Config): MetricsReaders | undefined => {
  if (metricsPort === undefined) return "this machine";
  return metricsPort === port && port !== 0 ? "anyone" : undefined;
};

/** What chat-api passes on to services that run elsewhere. */
const passedOn = ({ roles, notificationUrl, auditUrl, reminderUrl }: Config): { what: Proxied; to: string }[] => {
  const services: readonly { role: RoleName; what: Proxied; to: string | undefined }[] = [
    { role: "notification-service", what: proxied.notifications, to: notificationUrl },
    { role: "audit-logger", what: proxied.history, to: auditUrl },
    { role: "reminder-service", what: proxied.reminders, to: reminderUrl },
  ];
  if (!roles.includes("chat-api")) return [];
  return services.flatMap(({ role, what, to }) => (to === undefined || roles.includes(role) ? [] : [{ what, to }]));
};

const daprOf = ({ roles, pubsub, broadcastPubsub, daprHttpPort, appApiToken, daprApiToken }: Config) => ({
  appId: roles[0] ?? "",
  sidecarUrl: `http://127.0.0.1:${daprHttpPort}`,
  pubsub,
  broadcastPubsub,
  appToken: appApiToken,
  apiToken: daprApiToken,
});
