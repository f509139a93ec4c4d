import fastify, { type FastifyInstance } from "fastify";
import type { PrometheusMetrics } from "../../adapters/metrics.ts";
import { DomainError } from "../../contract/problem.ts";
import { isThisMachine } from "./client-address.ts";
import { createServerWithTurns } from "./request-turns.ts";
import { shared } from "./shared-call.ts";

const REQUEST_TIMEOUT_MS = 10_000;

/** Who may read `/metrics` at an address: whoever reaches it, or this machine alone. */
export type MetricsReaders = "anyone" | "this machine";

/** `/metrics` (Prometheus). They tell of every user's doings, if not whose. */
export const metricsRoutes = (app: FastifyInstance, metrics: PrometheusMetrics, readers: MetricsReaders): void => {
  const render = shared(() => metrics.render());
  app.get("/metrics", async (request, reply) => {
    if (readers === "this machine" && !isThisMachine(request))
      throw new DomainError("forbidden", "metrics are for this machine alone; TASKFLOW_METRICS_PORT gives them a port");
    const { body, contentType } = await render();
    return reply.header("content-type", contentType).send(body);
  });
};

/** A port for `/metrics` and nothing else. */
export const createMetricsServer = (metrics: PrometheusMetrics): FastifyInstance => {
  const app = fastify({
    forceCloseConnections: true,
    serverFactory: (answer) => createServerWithTurns(answer, { requestTimeoutMs: REQUEST_TIMEOUT_MS }),
  });
  metricsRoutes(app, metrics, "anyone");
  return app;
};
