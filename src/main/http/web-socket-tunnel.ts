import { type IncomingMessage, request as httpRequest, STATUS_CODES } from "node:http";
import { request as httpsRequest } from "node:https";
import { type Duplex, pipeline } from "node:stream";
import type { FastifyInstance } from "fastify";
import { DomainError } from "../../contract/problem.ts";
import { rewriteOwnerForm } from "./api.ts";
import { refusalText } from "./problems.ts";

/** A service that does not answer for so long is away. What it streams may last for ever. */
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Whether a request asks for the WebSocket; any other upgrade that a client would like is an ordinary request (RFC 9110
 * §7.8).
 */
export const isWebSocket = ({ headers, url }: IncomingMessage): boolean =>
  headers.upgrade?.toLowerCase() === "websocket" && /^\/api\/v1\/ws\/?(\?|$)/.test(rewriteOwnerForm(url ?? "/"));

/**
 * Leads WebSockets through to another process, byte for byte: what a client has not read is not read there either, and
 * a ping, a close code and a refusal come from the one who serves it. The client's own address, host and origin go with
 * it.
 */
export const tunnelWebSockets =
  (upstream: string) =>
  async (app: FastifyInstance): Promise<void> => {
    const tunnels = new Set<Duplex>();

    const connect = (request: IncomingMessage, client: Duplex, head: Buffer): void => {
      // Node listens no more to a socket that asks for an upgrade.
      client.on("error", () => client.destroy());
      const asked = ask(upstream, request);
      asked.on("upgrade", (answer: IncomingMessage, service: Duplex, first: Buffer) => {
        asked.setTimeout(0);
        client.write(headOf(answer));
        client.unshift(head);
        service.unshift(first);
        tunnels.add(client);
        pipeline(client, service, client, () => tunnels.delete(client));
      });
      asked.on("response", (answer) => {
        client.write(headOf(answer, { connection: "close" }));
        pipeline(answer, client, () => undefined);
      });
      asked.on("timeout", () => asked.destroy(new Error("no answer")));
      asked.on("error", () => client.end(unavailable));
      client.on("close", () => asked.destroy());
      asked.end();
    };

    app.server.on("upgrade", connect);
    // A stream lasts as long as its reader: a stop would wait for it. The client resumes.
    app.addHook("preClose", async () => {
      for (const client of tunnels) client.destroy();
    });
  };

/** As the client wrote it: the service itself checks the owner in `/api/ws/{user_id}`, and the origin of a page. */
const ask = (upstream: string, request: IncomingMessage) => {
  const address = new URL(upstream);
  const { socket, method, headers, url = "/" } = request;
  const forwarded = [headers["x-forwarded-for"], socket.remoteAddress].filter(Boolean).join(", ");
  const send = address.protocol === "https:" ? httpsRequest : httpRequest;
  return send({
    host: address.hostname,
    port: address.port,
    path: url,
    timeout: ANSWER_TIMEOUT_MS,
    agent: false,
    ...(method === undefined ? {} : { method }),
    headers: { ...headers, "x-forwarded-for": forwarded },
  });
};

/** An answer's head as it came, with other headers where they are given. */
const headOf = (
  { statusCode = 502, statusMessage, rawHeaders }: IncomingMessage,
  others: Readonly<Record<string, string>> = {},
): string => {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage ?? STATUS_CODES[statusCode] ?? ""}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    // The body was taken out of its chunks already; it ends with the connection.
    if (!(name.toLowerCase() in others) && name.toLowerCase() !== "transfer-encoding")
      lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  for (const [name, value] of Object.entries(others)) lines.push(`${name}: ${value}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
};

const unavailable = refusalText(
  new DomainError("unavailable", "the notification service does not answer", { retryAfter: 1 }),
);
