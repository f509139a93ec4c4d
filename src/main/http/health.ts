import type { FastifyInstance } from "fastify";
import { shared } from "./shared-call.ts";

export interface Health {
  readonly name: string;
  readonly version: string;
  /** Whether readiness says what is missing; its status alone is enough for a load balancer. */
  readonly namesMissing: boolean;
  /** What keeps this process from working, in words. */
  missing(): Promise<readonly string[]>;
  /** What was given up on, in words; the process works without it. */
  setAside?(): readonly string[];
}

/** The addresses every service answers for operators. Liveness never looks at dependencies. */
export const healthRoutes = (app: FastifyInstance, health: Health): void => {
  const { name, version, namesMissing } = health;
  const alive = { status: "ok", name, version };
  const missing = shared(() => health.missing());
  app.get("/health", () => Promise.resolve(alive));
  app.get("/health/live", () => Promise.resolve(alive));
  app.get("/health/ready", async (_request, reply) => {
    const lacking = await missing();
    return reply.code(lacking.length === 0 ? 200 : 503).send({
      status: lacking.length === 0 ? "ready" : "not ready",
      ...(namesMissing ? { missing: lacking, set_aside: health.setAside?.() ?? [] } : {}),
    });
  });
  // The subscriptions are declared in deploy/dapr; one that is named here would replace its declaration, dead-letter
  // topic and all.
  app.get("/dapr/subscribe", () => Promise.resolve([]));
};
