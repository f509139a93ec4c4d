import { existsSync } from "node:fs";
import { join } from "node:path";
import helmet from "@fastify/helmet";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { serveFiles } from "./web-files.ts";

/**
 * Security headers for everything, with a policy that lets a page load and reach nothing but this server, and show
 * pictures from elsewhere: the app does so only when its user asks for one (ADR 44).
 */
export const secureHeaders = async (app: FastifyInstance): Promise<void> => {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", "data:", "https:"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // TLS ends at the proxy in front, and only it knows whether this host is always reached by it.
    hsts: false,
    // Addresses are allowed to be read by a page of this origin only, whatever port its TLS proxy uses.
    originAgentCluster: false,
  });
};

export interface WebApp {
  /** Sends the page that runs the app, for any address that is a screen of it. */
  sendPage(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
  isScreen(request: FastifyRequest): boolean;
}

/** Serves the built web app; undefined when it is not built. */
export const serveWeb = (app: FastifyInstance, dist: string): WebApp | undefined => {
  if (!existsSync(join(dist, "index.html"))) return undefined;
  const send = serveFiles(app, dist);
  return {
    sendPage: (request, reply) => send("index.html", request, reply),
    isScreen: ({ method, url, headers }) =>
      method === "GET" &&
      !/^\/(api|health|metrics|dapr|events|mcp)(\/|$)/.test(url) &&
      (headers.accept ?? "").includes("text/html"),
  };
};
