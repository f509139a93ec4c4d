import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest, preHandlerAsyncHookHandler } from "fastify";
import { DomainError } from "../../contract/problem.ts";
import type { Identity, TokenVerifier } from "../../ports.ts";

export interface ApiRules {
  readonly verifier: TokenVerifier;
  /** Requests a minute in each group; undefined turns the limits off. */
  readonly limits: { readonly login: number; readonly register: number; readonly api: number } | undefined;
  /** Whether what the routes need has been brought up. Until then they answer 503. */
  readonly started: () => boolean;
}

/** What holds for every route below `/api/v1`: a declared access, a token that grants it, a limit. */
export const applyApiRules = async (app: FastifyInstance, { verifier, limits, started }: ApiRules): Promise<void> => {
  app.decorateRequest("identity", null as unknown as Identity);
  app.decorateRequest("owner", undefined);
  app.addHook("onRoute", ({ config, method, url }) => {
    if (config?.access === undefined) throw new Error(`${String(method)} ${url} does not say who may use it`);
  });
  app.addHook("onRequest", async (request) => {
    if (!started()) throw new DomainError("unavailable", "this service is starting", { retryAfter: 1 });
    const access = request.routeOptions.config.access;
    request.owner = ownerForm.exec(request.originalUrl)?.[1]?.toLowerCase();
    if (access === "public" || access === undefined) return;
    request.identity = await verifier.verify(bearerToken(request));
    checkOwner(request);
    if (access === "service") return checkService(request);
    if (access === "person") return checkPerson(request);
    if (!request.identity.scopes.includes(access))
      throw new DomainError("insufficient_scope", `this needs the scope ${access}`);
  });
  if (limits !== undefined) await limitRates(app, limits);
};

const bearerToken = ({ headers }: FastifyRequest): string => {
  const match = /^Bearer ([\w.~+/-]+=*)$/i.exec(headers.authorization ?? "");
  if (match?.[1] === undefined) throw new DomainError("unauthenticated", "send a token as Authorization: Bearer …");
  return match[1];
};

/** `/api/{user_id}/…` is the same as `/api/v1/…` for the user whose token it is, and nothing for anyone else. */
const ownerForm = /^\/api\/(?:ws\/)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?=\/|\?|$)/i;

export const rewriteOwnerForm = (url: string): string =>
  url.startsWith("/api/ws/") ? url.replace(ownerForm, "/api/v1/ws") : url.replace(ownerForm, "/api/v1");

const checkOwner = ({ owner, identity }: FastifyRequest): void => {
  if (owner !== undefined && owner !== identity.userId)
    throw new DomainError("not_found", "nothing is at this address");
};

const checkService = ({ identity }: FastifyRequest): void => {
  if (identity.actorKind !== "system")
    throw new DomainError("insufficient_scope", "this is for TaskFlow's own services");
};

const checkPerson = ({ identity }: FastifyRequest): void => {
  if (identity.actorKind !== "person") throw new DomainError("forbidden", "an API token cannot do this; sign in");
};

const limitRates = async (app: FastifyInstance, limits: NonNullable<ApiRules["limits"]>): Promise<void> => {
  await app.register(rateLimit, {
    global: false,
    keyGenerator: (request) => request.identity?.userId ?? request.ip,
    errorResponseBuilder: (_request, { ttl }) =>
      new DomainError("rate_limited", "slow down", { retryAfter: ttl / 1000 }),
  });
  // One counter a group: with the library's own configuration of routes each route would count for itself.
  const groups = {
    login: limitOf(app, limits.login),
    register: limitOf(app, limits.register),
    api: limitOf(app, limits.api),
  };
  app.addHook("onRoute", (route) => {
    if (route.config?.access === "service") return;
    route.preHandler = [groups[route.config?.limit ?? "api"], ...[route.preHandler ?? []].flat()];
  });
};

const limitOf = (app: FastifyInstance, max: number): preHandlerAsyncHookHandler =>
  app.rateLimit({ max, timeWindow: 60_000 });
