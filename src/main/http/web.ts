import { existsSync } from "node:fs";
import { join } from "node:path";
import helmet from "@fastify/helmet";
import files from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

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

const IMMUTABLE = "public, max-age=31536000, immutable";

export interface WebApp {
  /** Sends the page that runs the app, for any address that is a screen of it. */
  sendPage(reply: FastifyReply): FastifyReply;
  isScreen(request: FastifyRequest): boolean;
}

/** Serves the built web app; undefined when it is not built. */
export const serveWeb = async (app: FastifyInstance, dist: string): Promise<WebApp | undefined> => {
  if (!existsSync(join(dist, "index.html"))) return undefined;
  await app.register(files, {
    root: dist,
    index: false,
    wildcard: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      void reply.header("cache-control", path.includes(`${dist}/assets/`) ? IMMUTABLE : "no-cache");
    },
  });
  return {
    sendPage: (reply) => reply.header("cache-control", "no-cache").sendFile("index.html"),
    isScreen: ({ method, url, headers }) =>
      method === "GET" &&
      !/^\/(api|health|metrics|dapr|events|mcp)(\/|$)/.test(url) &&
      (headers.accept ?? "").includes("text/html"),
  };
};
