import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { freePort } from "./ports.ts";

/** What a sidecar delivered to the app. */
export interface Delivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The CloudEvent. */
  readonly event: Readonly<Record<string, unknown>> & { readonly data?: Readonly<Record<string, unknown>> };
  /** How often this event was delivered on this path, this time included. */
  readonly attempt: number;
  /** The request it came in, from 0: several events may come in one (Dapr's bulk subscribe). */
  readonly request: number;
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
}

export interface TinyApp {
  readonly port: number;
  /** Every delivery that was answered, in order. */
  readonly deliveries: Delivery[];
  /** What it answers from now on; 200 with an empty body by default. */
  answer: (delivery: Delivery) => Answer | Promise<Answer>;
  /** What its health path answers. */
  health: number;
  /** How often it was asked. */
  probes: number;
  readonly listen: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * An app that subscribes by the declarative files alone, and keeps what it is given. `GET /health/live` is its health.
 */
export async function createTinyApp(): Promise<TinyApp> {
  const attempts = new Map<string, number>();
  let requests = 0;
  const app: TinyApp = {
    port: await freePort(),
    deliveries: [],
    answer: () => ({}),
    health: 200,
    probes: 0,
    listen: async () => {
      server.listen(app.port, "127.0.0.1");
      await once(server, "listening");
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
  const server = createServer((request, response) => {
    void respond(request).then(({ status = 200, body }) =>
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(body === undefined ? "" : JSON.stringify(body)),
    );
  });

  async function respond(request: IncomingMessage): Promise<Answer> {
    const path = request.url ?? "/";
    if (path === "/health/live") {
      app.probes += 1;
      return { status: app.health };
    }
    if (request.method !== "POST") return { status: 404 };
    const posted = JSON.parse(await text(request)) as Delivery["event"] | Bulk;
    const number = requests++;
    const give = (event: Delivery["event"]): Promise<Answer> => deliver(path, request.headers, unwrap(event), number);
    if (!isBulk(posted)) return give(posted);
    const statuses = posted.entries.map(async ({ entryId, event }) => {
      const { status = 200 } = await give(event);
      return { entryId, status: status === 200 ? "SUCCESS" : "RETRY" };
    });
    return { body: { statuses: await Promise.all(statuses) } };
  }

  async function deliver(
    path: string,
    headers: IncomingHttpHeaders,
    event: Delivery["event"],
    number: number,
  ): Promise<Answer> {
    const key = `${path} ${String(event.id)}`;
    attempts.set(key, (attempts.get(key) ?? 0) + 1);
    const delivery = { path, headers, event, attempt: attempts.get(key) ?? 1, request: number };
    const answer = await app.answer(delivery);
    app.deliveries.push(delivery);
    return answer;
  }
  return app;
}

interface Bulk {
  readonly entries: readonly { readonly entryId: string; readonly event: Delivery["event"] }[];
}

const isBulk = (posted: Delivery["event"] | Bulk): posted is Bulk => Array.isArray(posted["entries"]);

/** A dead-letter subscription is raw: what lay on the topic comes as base64 (CloudEvents JSON format §3.1.1). */
function unwrap(posted: Delivery["event"]): Delivery["event"] {
  const raw = posted["data_base64"];
  return typeof raw === "string"
    ? (JSON.parse(Buffer.from(raw, "base64").toString("utf8")) as Delivery["event"])
    : posted;
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
