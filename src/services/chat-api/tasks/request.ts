import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { invalidField } from "../../../contract/problem.ts";
import type { Actor, Answer } from "./writer.ts";

const MOST_KEY_LENGTH = 255;

/** Who writes, from the token and the headers. */
export const actorOf = (request: FastifyRequest): Actor => {
  const { userId, actorId, actorKind } = request.identity;
  return {
    userId,
    actorId,
    actorKind,
    correlationId: request.id,
    idempotency: request.method === "POST" ? idempotencyOf(request) : undefined,
  };
};

const idempotencyOf = (request: FastifyRequest): Actor["idempotency"] => {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key !== "string" || key.length === 0 || key.length > MOST_KEY_LENGTH)
    throw invalidField("Idempotency-Key", `must have 1 to ${MOST_KEY_LENGTH} characters`);
  const hash = createHash("sha256")
    .update(`${request.method} ${request.url}\n`)
    .update(JSON.stringify(request.body ?? null));
  return { key, requestHash: hash.digest("base64url") };
};

/** The version that `If-Match` expects; undefined without the header or with `*` (RFC 9110 §13.1.1). */
export const expectedVersion = (request: FastifyRequest): number | undefined => {
  const header = request.headers["if-match"];
  if (header === undefined || header === "*") return undefined;
  const match = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header);
  if (match === null) throw invalidField("If-Match", 'must be the version of the task, such as "3"');
  return Number(match[1]);
};

/** Sends a write's answer: the body, the undo handle as a header too, and the ETag of a single task. */
export const sendAnswer = (reply: FastifyReply, { status, body }: Answer<object>): FastifyReply => {
  if (body.undo !== null) void reply.header("undo", body.undo);
  if ("version" in body) void reply.header("etag", `"${String(body.version)}"`);
  return reply.code(status).send(body);
};
