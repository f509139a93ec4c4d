import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { shortOf } from "../../adapters/db/unavailable.ts";
import { DomainError } from "../../contract/problem.ts";
import type { CredentialWatch, Identity, TokenVerifier } from "../../ports.ts";
import { createOpenRequests } from "./open-requests.ts";
import { limitGroups, type RateLimits } from "./rate-limits.ts";
import { createRefusedTokens, type RefusedTokens } from "./refused-tokens.ts";

export interface ApiRules {
  readonly verifier: TokenVerifier;
  readonly credentials: CredentialWatch;
  /** Undefined turns the limits off. */
  readonly limits: RateLimits | undefined;
  /** Whether what the routes need has been brought up. Until then they answer 503. */
  readonly started: () => boolean;
  /** What keeps writes from being made, in words; reads go on. */
  readonly cannotWrite: () => string | undefined;
}

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Requests of one user, or of one address without a token, that are answered at the same time. */
const MAX_OPEN_REQUESTS = 64;

/** What holds for every route below `/api/v1`: a declared access, a token that grants it, a limit. */
export const applyApiRules = async (app: FastifyInstance, rules: ApiRules): Promise<void> => {
  const { verifier, credentials, limits, started, cannotWrite } = rules;
  const refused = limits && createRefusedTokens(limits.refused);
  app.decorateRequest("identity", null as unknown as Identity);
  app.decorateRequest("owner", undefined);
  app.addHook("onRoute", ({ config, method, url }) => {
    if (config?.access === undefined) throw new Error(`${String(method)} ${url} does not say who may use it`);
  });
  app.addHook("onRequest", async (request) => {
    if (!started()) throw new DomainError("unavailable", "this service is starting", { retryAfter: 1 });
    const shortage = READS.has(request.method) ? undefined : cannotWrite();
    if (shortage !== undefined) throw shortOf(shortage);
    const access = request.routeOptions.config.access;
    request.owner = ownerForm.exec(request.originalUrl)?.[1]?.toLowerCase();
    if (access === "public" || access === undefined) return refused?.check(request.addressKey);
    request.identity = await identify(request, verifier, refused);
    checkOwner(request);
    if (access === "service") return checkService(request);
    if (access === "person") return checkPerson(request);
    if (!request.identity.scopes.includes(access))
      throw new DomainError("insufficient_scope", `this needs the scope ${access}`);
  });
  endWithCredential(app, credentials);
  if (refused !== undefined) countRefused(app, refused);
  if (limits !== undefined) {
    limitOpenRequests(app);
    limitGroups(app, limits);
  }
};

const identify = async (
  request: FastifyRequest,
  verifier: TokenVerifier,
  refused: RefusedTokens | undefined,
): Promise<Identity> => {
  const token = bearerToken(request);
  refused?.check(request.addressKey, token);
  const identity = await verifier.verify(token);
  refused?.accept(token);
  return identity;
};

const countRefused = (app: FastifyInstance, refused: RefusedTokens): void => {
  app.addHook("onResponse", (request, reply, done) => {
    if (reply.statusCode === 401) refused.count(request.addressKey);
    done();
  });
};

/** Streams have a limit of their own. */
const limitOpenRequests = (app: FastifyInstance): void => {
  const open = createOpenRequests(MAX_OPEN_REQUESTS);
  app.addHook("onRequest", async (request: FastifyRequest, reply: FastifyReply) => {
    const { access, stream } = request.routeOptions.config;
    if (stream !== true && access !== "service") open.enter(request.identity?.userId ?? request.addressKey, reply);
  });
};

/** A token that ends while a body is on its way in, or an answer on its way out, ends the request with it. */
const endWithCredential = (app: FastifyInstance, credentials: CredentialWatch): void => {
  app.addHook("preHandler", async ({ identity }) => {
    const id = identity?.credentialId ?? null;
    if (id !== null && credentials.hasEnded(id)) throw new DomainError("unauthenticated", "the token has ended");
  });
  app.addHook("onSend", async ({ identity }, _reply, payload) => {
    if (identity === null || !(payload instanceof Readable)) return;
    const stopListening = credentials.onEnd(({ id }) => {
      if (id === identity.credentialId || id === identity.userId) payload.destroy(new Error("the token has ended"));
    });
    payload.once("close", stopListening);
  });
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
