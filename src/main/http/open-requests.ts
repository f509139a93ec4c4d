import type { FastifyReply } from "fastify";
import { DomainError } from "../../contract/problem.ts";

/** Counts the requests of each user, or of each address before sign-in, that are not answered yet. */
export interface OpenRequests {
  /** @throws DomainError `rate_limited` when this one is too many */
  enter(key: string, reply: FastifyReply): void;
}

export const createOpenRequests = (most: number): OpenRequests => {
  const open = new Map<string, number>();
  return {
    enter(key, reply) {
      const before = open.get(key) ?? 0;
      if (before >= most)
        throw new DomainError("rate_limited", `${most} of your requests are not answered yet`, { retryAfter: 1 });
      open.set(key, before + 1);
      reply.raw.once("close", () => {
        const left = (open.get(key) ?? 1) - 1;
        if (left === 0) open.delete(key);
        else open.set(key, left);
      });
    },
  };
};
