import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Database } from "../../../adapters/db/database.ts";
import type { TaskFlowEvent } from "../../../contract/event.ts";
import type {
  Clock,
  CredentialWatch,
  EventLog,
  Logger,
  Loop,
  Metrics,
  SecretSource,
  StartLoop,
  TokenVerifier,
} from "../../../ports.ts";
import { createOpening } from "./opening.ts";
import { createRegistry, type Registry } from "./registry.ts";
import { createReplay } from "./replay.ts";
import { createRounds } from "./rounds.ts";
import { streamRoutes } from "./routes.ts";
import { createSignIn } from "./sign-in.ts";
import type { Stream } from "./stream.ts";
import { createStreams } from "./streams.ts";
import { createTickets } from "./ticket.ts";
import { webSocketRoutes } from "./web-socket-routes.ts";
import { createWriter, type Writer } from "./writer.ts";

export interface LiveDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly verifier: TokenVerifier;
  readonly credentials: CredentialWatch;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly startLoop: StartLoop;
  readonly secrets: SecretSource;
  readonly settings: {
    readonly streamsPerUser: number;
    readonly streamHeartbeatSeconds: number;
    readonly streamIdleSeconds: number;
  };
}

/** Every user's events on their open streams, by server-sent events and WebSockets alike. */
export interface Live {
  readonly registry: Registry;
  readonly writer: Writer;
  deliver(event: TaskFlowEvent): void;
  /** Whenever a stream can be written to, for the first time or again. */
  onOpen(listener: (stream: Stream) => void): void;
  routes(app: FastifyInstance): void;
  start(): void;
  stop(): Promise<void>;
}

const SECOND_MS = 1_000;
const SWEEP_MS = 60_000;
/** Between two looks at the log while the bus is far behind it. */
const HASTY_MS = 40;

export const createLive = (deps: LiveDeps): Live => {
  const { startLoop, settings, credentials } = deps;
  const { streamHeartbeatSeconds: heartbeat, streamIdleSeconds: idle } = settings;
  let notify = (_stream: Stream): void => undefined;
  const registry = createRegistry(settings.streamsPerUser, heartbeat);
  const writer = createWriter(deps);
  const replay = createReplay({ ...deps, writer });
  const rounds = createRounds({ ...deps, registry, writer, replay, slots: heartbeat, idleMs: idle * SECOND_MS });
  const streams = createStreams({ ...deps, registry, writer, replay, onOpen: (stream) => notify(stream) });
  const tickets = createTickets(deps);
  const signIn = createSignIn({ ...deps, tickets });
  const openStream = createOpening({ ...deps, streams });
  let loops: readonly Loop[] = [];
  let stopListening = (): void => undefined;

  const compareHeads = async (signal: AbortSignal): Promise<void> => {
    while (await rounds.compareHeads()) await delay(HASTY_MS, undefined, { signal });
  };

  return {
    registry,
    writer,
    deliver: streams.deliver,
    onOpen(listener) {
      notify = listener;
    },
    routes(app) {
      streamRoutes(app, { streams, tickets, signIn, openStream, keepAliveMs: (heartbeat * SECOND_MS) / 2 });
      webSocketRoutes(app, { ...deps, streams, signIn, openStream, mostUnanswered: Math.ceil(idle / heartbeat) });
    },
    start() {
      stopListening = credentials.onEnd(streams.signOut);
      loops = [
        startLoop("stream heartbeats", SECOND_MS, () => rounds.beat()),
        startLoop("stream heads", SECOND_MS, compareHeads),
        startLoop("stream tickets", SWEEP_MS, () => tickets.sweep()),
      ];
    },
    async stop() {
      stopListening();
      await streams.stop();
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
};
