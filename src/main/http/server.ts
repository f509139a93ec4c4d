import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from "fastify";
import type { PrometheusMetrics } from "../../adapters/metrics.ts";
import { DomainError } from "../../contract/problem.ts";
import type { Logger, Service } from "../../ports.ts";
import { type ApiRules, applyApiRules, rewriteOwnerForm } from "./api.ts";
import { addressKey, type ProxyTrust, trustOf, warnOfUntrustedProxies } from "./client-address.ts";
import { compressAnswers } from "./compression.ts";
import { type Health, healthRoutes } from "./health.ts";
import { describeApi } from "./openapi.ts";
import { readJsonBodies } from "./json-body.ts";
import { type MetricsReaders, metricsRoutes } from "./metrics-routes.ts";
import { answerClientError, answerError, sendProblem } from "./problems.ts";
import { limitRates } from "./rate-limits.ts";
import { createServerWithTurns } from "./request-turns.ts";
import { validateBySchema } from "./validation.ts";
import { secureHeaders, serveWeb, type WebApp } from "./web.ts";
import { isWebSocket } from "./web-socket-tunnel.ts";

export interface ServerOptions {
  readonly log: Logger;
  readonly services: readonly Service[];
  /** Whose routes the OpenAPI document has: these, and what is passed on to others. */
  readonly described: readonly Service[];
  readonly rules: ApiRules;
  readonly health: Health;
  readonly metrics: PrometheusMetrics;
  /** Undefined when `/metrics` has a port of its own. */
  readonly metricsReaders: MetricsReaders | undefined;
  readonly trustProxy: ProxyTrust;
  /** Whether `/docs` and `/openapi.json` are there. */
  readonly docs: boolean;
  /** The built web app, for the process that shows it. */
  readonly webDist: string | undefined;
  /** Routes that are no service's own, such as the bus's deliveries. */
  readonly plugins?: readonly ((app: FastifyInstance) => void | Promise<void>)[];
}

/**
 * Long enough for a slow phone, short enough that idle half-requests do not pile up; streams are not requests any more
 * by then.
 */
const REQUEST_TIMEOUT_MS = 30_000;
const CORRELATION_ID = /^[\w.:-]{1,100}$/;

/** One HTTP port: the API of the services that run here, the web app, and what operators ask. */
export const createServer = async (options: ServerOptions): Promise<FastifyInstance> => {
  const { log, services, described, rules, health, metrics, trustProxy, webDist, plugins = [] } = options;
  const { metricsReaders } = options;
  const app: FastifyInstance = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustOf(trustProxy),
    // A stop answers what is under way: nobody should have to ask whether a write was made.
    forceCloseConnections: "idle",
    // What starts here computes and waits for nothing: a machine that is slow is no reason not to start.
    pluginTimeout: 0,
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: answerClientError,
    genReqId: correlationId,
    rewriteUrl: (request) => rewriteOwnerForm(request.url ?? "/"),
    routerOptions: { maxParamLength: 200 },
    serverFactory: (answer) =>
      createServerWithTurns(answer, {
        requestTimeoutMs: REQUEST_TIMEOUT_MS,
        shouldUpgradeCallback: (request) => app.server.listenerCount("upgrade") > 0 && isWebSocket(request),
      }),
  });
  validateBySchema(app);
  readJsonBodies(app);
  app.setErrorHandler(answerError);
  // An expectation that nobody knows may be left unmet (RFC 9110 §10.1.1); the library would answer it without a
  // problem document.
  app.server.on("checkExpectation", (request, response) => app.server.emit("request", request, response));
  app.addHook("onRequest", async (request, reply) => {
    void reply.header("x-correlation-id", request.id);
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    metrics.observe("taskflow_http_request_seconds", reply.elapsedTime / 1000, {
      method,
      route: routeOptions.url ?? "none",
      status: String(reply.statusCode),
    });
  });
  app.decorateRequest("addressKey", { getter: addressKeyOf });
  await secureHeaders(app);
  warnOfUntrustedProxies(app, trustProxy, log);
  if (rules.limits !== undefined) await limitRates(app, rules.limits);
  compressAnswers(app);
  healthRoutes(app, health);
  if (metricsReaders !== undefined) metricsRoutes(app, metrics, metricsReaders);
  if (options.docs) await describeApi(app, described, health.version);
  await app.register(
    async (api) => {
      await applyApiRules(api, rules);
      for (const service of services) service.routes(api);
    },
    { prefix: "/api/v1" },
  );
  for (const plugin of plugins) await plugin(app);
  front(app, webDist === undefined ? undefined : serveWeb(app, webDist), health);
  return app;
};

function addressKeyOf(this: FastifyRequest): string {
  return addressKey(this.ip);
}

const correlationId = ({ headers }: IncomingMessage): string => {
  const sent = headers["x-correlation-id"];
  return typeof sent === "string" && CORRELATION_ID.test(sent) ? sent : randomUUID();
};

/** What is at `/`: the app for a browser, name and version for everything else. */
const front = (app: FastifyInstance, web: WebApp | undefined, { name, version }: Health): void => {
  app.get("/", async (request, reply) =>
    web?.isScreen(request) ? web.sendPage(request, reply) : reply.send({ name, version }),
  );
  app.setNotFoundHandler((request, reply) => {
    if (web?.isScreen(request)) return web.sendPage(request, reply);
    return sendProblem(
      reply,
      new DomainError("not_found", `nothing answers ${request.method} at this address`),
      request.id,
    );
  });
};
