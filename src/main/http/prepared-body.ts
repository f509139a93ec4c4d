import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Encoding, encodingFor } from "./compression.ts";

/** A body that is the same for everyone, in each encoding that a client may take. */
export interface PreparedBody {
  send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
}

export interface BodyInput {
  readonly content: Buffer;
  readonly type: string;
  readonly cacheControl: string;
  /** As they were made before; what is not given is made when it is first asked for. */
  readonly encoded?: Partial<Record<Encoding, Buffer>>;
  /** Pictures and fonts are compressed already. */
  readonly isCompressible: boolean;
}

interface Variant {
  readonly content: Buffer;
  readonly etag: string;
}

const compress = {
  br: (content: Buffer) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (content: Buffer) => promisify(gzip)(content, { level: 9 }),
} as const;

/** Serialized and compressed once, and answered with 304 to those who have it (RFC 9110 §13.1.2). */
export const prepareBody = ({ content, type, cacheControl, encoded = {}, isCompressible }: BodyInput): PreparedBody => {
  const hash = createHash("sha256").update(content).digest("base64url").slice(0, 27);
  const variants = new Map<Encoding | "identity", Promise<Variant>>([
    ["identity", Promise.resolve({ content, etag: `"${hash}"` })],
  ]);

  const variantIn = (encoding: Encoding): Promise<Variant> => {
    const known = variants.get(encoding);
    if (known !== undefined) return known;
    const made = Promise.resolve(encoded[encoding] ?? compress[encoding](content)).then((compressed) => ({
      content: compressed,
      etag: `"${hash}-${encoding}"`,
    }));
    variants.set(encoding, made);
    return made;
  };

  return {
    async send(request, reply) {
      const encoding = isCompressible ? encodingFor(request) : undefined;
      const variant = await (encoding === undefined ? variants.get("identity") : variantIn(encoding));
      if (variant === undefined) throw new Error("a prepared body has no content");
      void reply.headers({ "cache-control": cacheControl, etag: variant.etag });
      if (isCompressible) void reply.header("vary", "accept-encoding");
      if (isKnown(request.headers["if-none-match"], variant.etag)) return reply.code(304).send();
      if (encoding !== undefined) void reply.header("content-encoding", encoding);
      return reply.type(type).send(variant.content);
    },
  };
};

const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(",").some((each) => [etag, "*"].includes(each.trim().replace(/^W\//, ""))) ?? false;
