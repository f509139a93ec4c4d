import type { FastifyInstance } from "fastify";
import type { PrometheusMetrics } from "../../adapters/metrics.ts";

export interface Health {
  readonly name: string;
  readonly version: string;
  readonly metrics: PrometheusMetrics;
  /** What keeps this process from working, in words. */
  missing(): Promise<readonly string[]>;
}

/** The addresses every service answers for operators. Liveness never looks at dependencies. */
export const healthRoutes = (app: FastifyInstance, { name, version, metrics, missing }: Health): void => {
  const alive = { status: "ok", name, version };
  app.get("/health", () => Promise.resolve(alive));
  app.get("/health/live", () => Promise.resolve(alive));
  app.get("/health/ready", async (_request, reply) => {
    const lacking = await missing();
    return reply
      .code(lacking.length === 0 ? 200 : 503)
      .send({ status: lacking.length === 0 ? "ready" : "not ready", missing: lacking });
  });
  // The subscriptions are declared in deploy/dapr; one that is named here would replace its declaration, dead-letter
  // topic and all.
  app.get("/dapr/subscribe", () => Promise.resolve([]));
  app.get("/metrics", async (_request, reply) => {
    const { body, contentType } = await metrics.render();
    return reply.header("content-type", contentType).send(body);
  });
};
