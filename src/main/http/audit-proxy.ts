import proxy from "@fastify/http-proxy";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { DomainError } from "../../contract/problem.ts";

const HEADERS_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 2_000;

/** Passes the history's routes on to the audit logger, for clients that know one address only. In Kubernetes the ingress does this. */
export const proxyAudit = (upstream: string) => async (app: FastifyInstance): Promise<void> => {
  for (const path of ["audit", "audit-logs", "audit-reads", "activity-logs"])
    await app.register(proxy, {
      upstream,
      prefix: `/api/v1/${path}`,
      httpMethods: ["GET"],
      // No bodies: their parsers stand already.
      proxyPayloads: false,
      disableRequestLogging: true,
      // An export is read as slowly as its reader likes.
      undici: { headersTimeout: HEADERS_TIMEOUT_MS, bodyTimeout: 0, connect: { timeout: CONNECT_TIMEOUT_MS } },
      // As the client wrote it: the service itself checks the owner in `/api/{user_id}/…`.
      handler: (request, reply, _destination, settings) => reply.from(request.originalUrl.split("?", 1)[0], settings),
      replyOptions: {
        retryDelay: () => null,
        rewriteRequestHeaders: (request, headers) => ({ ...headers, "x-forwarded-for": (request as FastifyRequest).ip, "x-correlation-id": request.id }),
        onError: (reply) => void reply.send(new DomainError("unavailable", "the audit logger does not answer", { retryAfter: 1 })),
      },
    });
};
