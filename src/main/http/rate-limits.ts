import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import { DomainError } from "../../contract/problem.ts";
import { createOpenRequests } from "./open-requests.ts";

/** Requests a minute. */
export interface RateLimits {
  readonly login: number;
  readonly register: number;
  readonly api: number;
  /** From one address, of everything that is no user's: pages, documents, files, addresses where nothing is. */
  readonly address: number;
  /** Wrong tokens and passwords from one address. */
  readonly refused: number;
}

/** Answers of one address outside of the API that are under way at the same time. */
const MAX_OPEN_PAGES = 256;

/** Prepares the limits of a server, and limits what lies outside of the API. */
export const limitRates = async (app: FastifyInstance, limits: RateLimits): Promise<void> => {
  await app.register(rateLimit, {
    global: false,
    hook: "onRequest",
    keyGenerator: (request) => request.identity?.userId ?? request.addressKey,
    errorResponseBuilder: (_request, { ttl }) =>
      new DomainError("rate_limited", "slow down", { retryAfter: ttl / 1000 }),
  });
  const count = limitOf(app, limits.address);
  const open = createOpenRequests(MAX_OPEN_PAGES);
  app.addHook("onRequest", async function (request, reply) {
    if (!isPage(request)) return;
    await count.call(this, request, reply);
    open.enter(request.addressKey, reply);
  });
};

/**
 * Routes of the API count for themselves, and those that a service is asked on are counted there. Probes and the
 * sidecar's deliveries are always answered.
 */
const isPage = ({ routeOptions: { config, url = "" } }: FastifyRequest): boolean =>
  config.access === undefined && !/^\/(health|dapr|events|job|api\/v1\/(?!openapi\.json$))/.test(url);

/** One counter a group: with the library's own configuration of routes each route would count for itself. */
export const limitGroups = (app: FastifyInstance, limits: RateLimits): void => {
  const groups = {
    login: limitOf(app, limits.login),
    register: limitOf(app, limits.register),
    api: limitOf(app, limits.api),
  };
  app.addHook("onRoute", (route) => {
    if (route.config?.access === "service") return;
    // Before the body is read: what is refused should cost nothing.
    route.onRequest = [groups[route.config?.limit ?? "api"], ...[route.onRequest ?? []].flat()];
  });
};

const limitOf = (app: FastifyInstance, max: number): onRequestAsyncHookHandler =>
  app.rateLimit({ max, timeWindow: 60_000 });
