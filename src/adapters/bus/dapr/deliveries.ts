import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { DomainError } from "../../../contract/problem.ts";

export interface DeliveryRoutes {
  /** APP_API_TOKEN; without it every delivery is refused. */
  readonly appToken: string | undefined;
  readonly onRefused: (reason: "token" | "invocation") => void;
  /** Each resolves when the delivery may be acknowledged; what it throws makes the sidecar deliver again. */
  readonly shared: (topic: string, body: string) => Promise<void>;
  readonly broadcast: (topic: string, body: string) => Promise<void>;
  readonly deadLetter: (body: string) => Promise<void>;
}

/** An event holds a task and the old and new value of what changed: 5,000 characters thrice, and the rest is small. */
const BODY_LIMIT = 1_048_576;

/** The addresses that the sidecar delivers to. */
export const registerDeliveryRoutes = (app: FastifyInstance, routes: DeliveryRoutes): void => {
  void app.register(async (events) => {
    events.removeAllContentTypeParsers();
    events.addContentTypeParser("*", { parseAs: "string", bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body));
    const expected = routes.appToken === undefined ? undefined : digest(routes.appToken);
    events.addHook("onRequest", async (request) => checkSender(request, expected, routes.onRefused));
    const hidden = { schema: { hide: true } };
    events.post<{ Params: { topic: string } }>("/events/:topic", hidden, (request, reply) => answer(request, reply, (body) => routes.shared(request.params.topic, body)));
    events.post<{ Params: { topic: string } }>("/events/broadcast/:topic", hidden, (request, reply) => answer(request, reply, (body) => routes.broadcast(request.params.topic, body)));
    events.post("/events/dead-letter", hidden, (request, reply) => answer(request, reply, routes.deadLetter));
  });
};

/** The sidecar adds its token to what other apps send through it too; then it names the caller, which no delivery has. */
const checkSender = ({ headers }: FastifyRequest, expected: Buffer | undefined, onRefused: DeliveryRoutes["onRefused"]): void => {
  const invoked = headers["dapr-caller-app-id"] !== undefined;
  if (!invoked && expected !== undefined && isToken(headers["dapr-api-token"], expected)) return;
  onRefused(invoked ? "invocation" : "token");
  throw new DomainError("unauthenticated", "only the sidecar delivers events here");
};

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** In the same time for every wrong token. */
const isToken = (sent: string | readonly string[] | undefined, expected: Buffer): boolean => typeof sent === "string" && timingSafeEqual(digest(sent), expected);

/** Never a 404, which a sidecar takes for a message it may drop. */
const answer = async (request: FastifyRequest, reply: FastifyReply, take: (body: string) => Promise<void>): Promise<FastifyReply> => {
  try {
    await take(typeof request.body === "string" ? request.body : "");
    return await reply.send({ status: "SUCCESS" });
  } catch {
    return reply.code(503).send({ status: "RETRY" });
  }
};
