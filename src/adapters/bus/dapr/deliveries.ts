import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { createSenderCheck, type SenderCheck } from "./sender.ts";

export interface DeliveryRoutes extends SenderCheck {
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
    const check = createSenderCheck(routes);
    events.addHook("onRequest", async (request) => check(request));
    const hidden = { schema: { hide: true } };
    events.post<{ Params: { topic: string } }>("/events/:topic", hidden, (request, reply) => answer(request, reply, (body) => routes.shared(request.params.topic, body)));
    events.post<{ Params: { topic: string } }>("/events/broadcast/:topic", hidden, (request, reply) => answer(request, reply, (body) => routes.broadcast(request.params.topic, body)));
    events.post("/events/dead-letter", hidden, (request, reply) => answer(request, reply, routes.deadLetter));
  });
};

/** Never a 404, which a sidecar takes for a message it may drop. */
const answer = async (request: FastifyRequest, reply: FastifyReply, take: (body: string) => Promise<void>): Promise<FastifyReply> => {
  try {
    await take(typeof request.body === "string" ? request.body : "");
    return await reply.send({ status: "SUCCESS" });
  } catch {
    return reply.code(503).send({ status: "RETRY" });
  }
};
