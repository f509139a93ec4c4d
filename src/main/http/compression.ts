import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { negotiate } from "@fastify/accept-negotiator";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import pLimit from "p-limit";

export type Encoding = "br" | "gzip";

const encodings = ["br", "gzip", "identity"];

/** What is smaller goes into two packets anyway; a single task is, so that a write costs no compression. */
const MIN_BYTES = 2_048;
/** Of the four threads that Node has for this, files, name lookups and passwords. */
const MAX_AT_ONCE = 1;
/** When so many wait, the network is less busy than the processor. */
const MAX_WAITING = 8;

/** Of a text of 1 MB quality 4 takes 15 ms and a seventh of the bytes; 11 takes a hundred times as long. */
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 4;

/** The encoding that the client likes best of those there are; none when it said nothing. */
export const encodingFor = ({ headers }: FastifyRequest): Encoding | undefined => {
  const accepted = headers["accept-encoding"];
  if (typeof accepted !== "string") return undefined;
  const chosen = negotiate(accepted, encodings);
  return chosen === "br" || chosen === "gzip" ? chosen : undefined;
};

const compress = {
  br: (content: Buffer) =>
    promisify(brotliCompress)(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    }),
  gzip: (content: Buffer) => promisify(gzip)(content, { level: GZIP_LEVEL }),
} as const;

/**
 * Compresses whole answers that are worth it, off the event loop and few at a time; when many wait they are sent as they
 * are. A stream is never compressed: each of its frames would wait for the next. Neither is what must not be stored,
 * such as tokens: its length would tell of it (BREACH), nor what has an ETag, which names the bytes.
 */
export const compressAnswers = (app: FastifyInstance): void => {
  const limit = pLimit(MAX_AT_ONCE);
  app.addHook("onSend", async (request, reply, payload) => {
    if (typeof payload !== "string" || payload.length < MIN_BYTES || !isPlain(reply)) return payload;
    void reply.header("vary", "accept-encoding");
    const encoding = encodingFor(request);
    if (encoding === undefined || limit.pendingCount >= MAX_WAITING) return payload;
    const compressed = await limit(() => compress[encoding](Buffer.from(payload)));
    void reply.header("content-encoding", encoding).removeHeader("content-length");
    return compressed;
  });
};

const isPlain = (reply: FastifyReply): boolean =>
  !reply.hasHeader("content-encoding") &&
  !reply.hasHeader("etag") &&
  !String(reply.getHeader("cache-control") ?? "").includes("no-store");
