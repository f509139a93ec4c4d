import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { parseBody, type Posted, readBulk, readPosted } from "./cloud-event.ts";
import { createSenderCheck, type SenderCheck } from "./sender.ts";

export interface DeliveryRoutes extends SenderCheck {
  /** Each resolves when the event may be acknowledged; what it throws makes the sidecar deliver it again. */
  readonly shared: (topic: string, posted: Posted) => Promise<void>;
  readonly broadcast: (topic: string, posted: Posted) => Promise<void>;
  readonly deadLetter: (posted: Posted) => Promise<void>;
}

/**
 * Of 100 events, as many as the subscriptions let come at once. Each holds a task and the old and new value of what
 * changed: 5,000 characters thrice, and the rest is small.
 */
const BODY_LIMIT = 16 * 1_048_576;

/** The addresses that the sidecar delivers to. */
export const registerDeliveryRoutes = (app: FastifyInstance, routes: DeliveryRoutes): void => {
  void app.register(async (events) => {
    events.removeAllContentTypeParsers();
    events.addContentTypeParser("*", { parseAs: "string", bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );
    const check = createSenderCheck(routes);
    events.addHook("onRequest", async (request) => check(request));
    const hidden = { schema: { hide: true } };
    events.post<{ Params: { topic: string } }>("/events/:topic", hidden, (request, reply) =>
      answer(request, reply, (posted) => routes.shared(request.params.topic, posted)),
    );
    events.post<{ Params: { topic: string } }>("/events/broadcast/:topic", hidden, (request, reply) =>
      answer(request, reply, (posted) => routes.broadcast(request.params.topic, posted)),
    );
    events.post("/events/dead-letter", hidden, (request, reply) => answer(request, reply, routes.deadLetter));
  });
};

/**
 * One event or several, as the sidecar's subscription says. Never a 404, which a sidecar takes for what it may drop.
 */
const answer = async (
  request: FastifyRequest,
  reply: FastifyReply,
  take: (posted: Posted) => Promise<void>,
): Promise<FastifyReply> => {
  const envelope = parseBody(typeof request.body === "string" ? request.body : "");
  const entries = readBulk(envelope);
  if (entries !== undefined)
    return reply.send({
      statuses: await Promise.all(
        entries.map(async ({ entryId, posted }) => ({ entryId, status: await statusOf(take(posted)) })),
      ),
    });
  const status = await statusOf(take(readPosted(envelope)));
  return reply.code(status === "SUCCESS" ? 200 : 503).send({ status });
};

const statusOf = (taken: Promise<void>): Promise<"SUCCESS" | "RETRY"> =>
  taken.then(
    () => "SUCCESS",
    () => "RETRY",
  );
