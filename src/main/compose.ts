import { setTimeout as delay } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { createAccessTokens } from "../adapters/auth/access-token.ts";
import { createPasswords } from "../adapters/auth/passwords.ts";
import { secrets } from "../adapters/auth/secrets.ts";
import { createTokenVerifier } from "../adapters/auth/token-verifier.ts";
import { createInProcessBus } from "../adapters/bus/in-process.ts";
import { createDatabase } from "../adapters/db/database.ts";
import { createDeadLetters } from "../adapters/dead-letters.ts";
import { createEventLog } from "../adapters/event-log.ts";
import { createLoops } from "../adapters/loop.ts";
import { createMetrics } from "../adapters/metrics.ts";
import { startRelay, type Relay } from "../adapters/outbox/relay.ts";
import type { Clock, Logger, Service } from "../ports.ts";
import { createChatApi } from "../services/chat-api/chat-api.ts";
import { createNotificationService } from "../services/notification/service.ts";
import type { Config } from "./config.ts";
import { createServer } from "./http/server.ts";
import { runMigrations } from "./schema.ts";
import { version } from "./version.ts";

export interface ComposeInput {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly log: Logger;
}

export interface App {
  start(): Promise<{ address: string }>;
  /** Stops accepting, drains, stops; what is not done then is done after the next start. */
  stop(): Promise<void>;
}

/** The whole topology: what there is, and who is given what. Read top to bottom. */
export const compose = async ({ config, databaseUrl, log }: ComposeInput): Promise<App> => {
  const clock: Clock = { now: () => Date.now() };
  const newId = (): string => uuidv7();
  const metrics = createMetrics();
  const startLoop = createLoops(log);
  const database = createDatabase({
    url: databaseUrl,
    connections: config.databasePool,
    applicationName: `taskflow ${config.roles.join(",")}`,
    onConnectionError: (error) => log.warn({ err: error }, "a database connection was lost"),
  });
  const accessTokens = createAccessTokens({ secret: config.jwtSecret, clock });
  const verifier = createTokenVerifier({ database, jwtSecret: config.jwtSecret, clock, serviceToken: config.serviceToken });
  const bus = createInProcessBus({ deadLetters: createDeadLetters(database, newId), log, metrics });
  let relay: Relay | undefined;

  const services: Service[] = [];
  if (config.roles.includes("chat-api"))
    services.push(
      createChatApi({
        database, clock, log, metrics, startLoop, newId, accessTokens, secrets, passwords: createPasswords(),
        onCommitted: () => relay?.wake(), settings: config,
      }),
    );
  if (config.roles.includes("notification-service"))
    services.push(
      createNotificationService({
        database, clock, log, metrics, startLoop, verifier, secrets, eventLog: createEventLog(database), settings: config,
      }),
    );
  for (const subscription of services.flatMap(({ subscriptions }) => subscriptions)) bus.subscribe(subscription);

  const missing = async (): Promise<readonly string[]> => {
    const database_ = await database.ping().then(() => [], () => ["the database does not answer"]);
    const others = await Promise.all([bus.missing(), ...services.map((service) => service.missing())]);
    return [...database_, ...others.flat()];
  };
  const server = await createServer({
    log, services, metrics,
    rules: { verifier, limits: config.rateLimits ? { login: config.rateLimitLogin, register: config.rateLimitRegister, api: config.rateLimitApi } : undefined },
    health: { name: services.length === 1 ? (services[0]?.name ?? "taskflow") : "taskflow", version, metrics, missing },
    trustProxy: config.trustProxy,
    webDist: config.roles.includes("chat-api") ? config.webDist : undefined,
  });

  return {
    async start() {
      await runMigrations(databaseUrl, log);
      await bus.start();
      for (const service of services) await service.start();
      relay = startRelay({ database, bus, producer: "chat-api", log, metrics, startLoop });
      return { address: await server.listen({ host: config.host, port: config.port }) };
    },
    async stop() {
      // Streams live as long as their readers: they end first, or the server would wait for them.
      await Promise.race([Promise.all([server.close(), ...services.map((service) => service.stop())]), delay(DRAIN_MS)]);
      await Promise.all([relay?.stop(), bus.stop()]);
      await database.close();
    },
  };
};

/** How long requests under way may take when the process stops. */
const DRAIN_MS = 5_000;
