import type { ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import proxy, { type FastifyHttpProxyOptions } from "@fastify/http-proxy";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { DomainError } from "../../contract/problem.ts";

/** A service that does not begin to answer for so long is away. What it streams may last for ever. */
const HEADERS_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 2_000;

/** Paths below `/api/v1` that another process serves. */
export interface Proxied {
  /** As a refusal names it. */
  readonly service: string;
  readonly paths: readonly string[];
  /** All, unless said: what is written there is written here. */
  readonly methods?: readonly string[];
}

export const proxied = {
  notifications: {
    service: "the notification service",
    paths: ["notifications", "notification-preferences", "notification-deliveries", "ws"],
  },
  history: {
    service: "the audit logger",
    paths: ["audit", "audit-logs", "audit-reads", "activity-logs"],
    methods: ["GET"],
  },
  // Reminders are written on their tasks, by chat-api itself.
  reminders: { service: "the reminder service", paths: ["reminders"], methods: ["GET"] },
} as const satisfies Record<string, Proxied>;

/**
 * Passes a service's paths on to it, for clients that know one address only. Streams go through frame by frame, as
 * slowly as the client reads, and end with either side. In Kubernetes the ingress does this.
 */
export const proxyService =
  ({ service, paths, methods }: Proxied, upstream: string) =>
  async (app: FastifyInstance): Promise<void> => {
    const streams = new Set<Readable>();
    // A stream lasts as long as its reader: a stop would wait for it. The client resumes.
    app.addHook("preClose", async () => {
      for (const stream of streams) stream.destroy();
    });
    const options: FastifyHttpProxyOptions = {
      upstream,
      ...(methods === undefined ? {} : { httpMethods: [...methods] }),
      disableRequestLogging: true,
      undici: { headersTimeout: HEADERS_TIMEOUT_MS, bodyTimeout: 0, connect: { timeout: CONNECT_TIMEOUT_MS } },
      // As the client wrote it: the service itself checks the owner in `/api/{user_id}/…`.
      handler: (request, reply, _destination, settings) => reply.from(request.originalUrl.split("?", 1)[0], settings),
      replyOptions: {
        // The service's own 503 says when to come again; trying for the client would only hide it.
        retryDelay: () => null,
        rewriteRequestHeaders: (request, headers) => ({
          ...headers,
          "x-forwarded-for": (request as FastifyRequest).ip,
          "x-correlation-id": request.id,
        }),
        onResponse(_request, reply, answer) {
          const { stream } = answer as unknown as { stream: Readable };
          streams.add(stream);
          stream.once("close", () => streams.delete(stream));
          // Else the head of an answer would wait for its first byte, which in a stream is the first event.
          const head = reply.raw as ServerResponse;
          head.once("pipe", () => head.flushHeaders());
          void reply.send(stream);
        },
        onError(reply) {
          void reply.send(new DomainError("unavailable", `${service} does not answer`, { retryAfter: 1 }));
        },
      },
    };
    for (const path of paths) {
      await app.register(async (below) => {
        below.removeAllContentTypeParsers();
        await below.register(proxy, { ...options, prefix: `/api/v1/${path}` });
      });
    }
  };
