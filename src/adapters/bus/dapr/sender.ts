import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { DomainError } from "../../../contract/problem.ts";

export interface SenderCheck {
  /** APP_API_TOKEN; without it everything is refused. */
  readonly appToken: string | undefined;
  readonly onRefused: (reason: "token" | "invocation") => void;
}

/**
 * Lets only the sidecar itself pass. It adds its token to what other apps send through it too; then it names the
 * caller, which nothing of its own does. What it answers throws a DomainError `unauthenticated`.
 */
export const createSenderCheck = ({ appToken, onRefused }: SenderCheck): ((request: FastifyRequest) => void) => {
  const expected = appToken === undefined ? undefined : digest(appToken);
  return ({ headers }) => {
    const invoked = headers["dapr-caller-app-id"] !== undefined;
    if (!invoked && expected !== undefined && sameToken(headers["dapr-api-token"], expected)) return;
    onRefused(invoked ? "invocation" : "token");
    throw new DomainError("unauthenticated", "only the sidecar may post here");
  };
};

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** In the same time for every wrong token. */
const sameToken = (sent: string | readonly string[] | undefined, expected: Buffer): boolean =>
  typeof sent === "string" && timingSafeEqual(digest(sent), expected);
