import type { FastifyRequest } from "fastify";
import { DomainError } from "../../../contract/problem.ts";

/**
 * A page of another origin opens no WebSocket here: a browser says where the page is from and asks nobody (RFC 6455
 * §10.2). Behind a proxy the address the page knows is the forwarded one.
 */
export const assertSameOrigin = ({ headers: { origin }, host }: Pick<FastifyRequest, "headers" | "host">): void => {
  if (origin === undefined || hostOf(origin) === host.toLowerCase()) return;
  throw new DomainError("forbidden", "a page of another origin may not connect here");
};

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);
