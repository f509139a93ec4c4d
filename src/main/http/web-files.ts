import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { prepareBody, type PreparedBody } from "./prepared-body.ts";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const IMMUTABLE = "public, max-age=31536000, immutable";

export type SendFile = (name: string, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/**
 * Serves the files of a built web app, as they were at the start. Each is read when it is first asked for and kept: an
 * open file for each of many slow readers would use up those that the process may have.
 */
export const serveFiles = (app: FastifyInstance, folder: string): SendFile => {
  const files = new Map<string, Promise<PreparedBody>>();
  const names = namesIn(folder);

  const send: SendFile = async (name, request, reply) => {
    const body = files.get(name) ?? prepareFile(folder, name, names);
    files.set(name, body);
    return (await body).send(request, reply);
  };

  for (const name of names)
    if (!/\.(br|gz)$/.test(name)) app.get(`/${name}`, (request, reply) => send(name, request, reply));
  return send;
};

const namesIn = (folder: string): ReadonlySet<string> =>
  new Set(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/")),
  );

const prepareFile = async (folder: string, name: string, names: ReadonlySet<string>): Promise<PreparedBody> => {
  const read = (suffix: string): Promise<Buffer> | undefined =>
    names.has(name + suffix) ? readFile(join(folder, name + suffix)) : undefined;
  const [content, br, gzip] = await Promise.all([readFile(join(folder, name)), read(".br"), read(".gz")]);
  const type = types[extname(name)] ?? "application/octet-stream";
  return prepareBody({
    content,
    type,
    cacheControl: name.startsWith("assets/") ? IMMUTABLE : "no-cache",
    encoded: { ...(br === undefined ? {} : { br }), ...(gzip === undefined ? {} : { gzip }) },
    isCompressible: /^text|json|svg|wasm/.test(type),
  });
};
