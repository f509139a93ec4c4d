import { Client, type Dispatcher, Pool } from "undici";

export interface SidecarOptions {
  /** Of its HTTP API, `http://127.0.0.1:3500`. */
  readonly url: string;
  /** DAPR_API_TOKEN, where the sidecar asks for one. */
  readonly apiToken: string | undefined;
  /** Publishes at once; what is more waits its turn. */
  readonly connections?: number;
  /** Longest for one publish, in milliseconds: more than the sidecar's own timeouts, so that it can say what is wrong. */
  readonly timeoutMs?: number;
}

export interface Message {
  readonly pubsub: string;
  readonly topic: string;
  /** What shares a key shares a partition, and keeps its order. */
  readonly key: string;
  /** A CloudEvent in structured JSON mode. */
  readonly cloudEvent: string;
}

/** What of `GET /v1.0/metadata` is read. */
export interface SidecarMetadata {
  readonly components?: readonly { readonly name: string; readonly type: string }[];
  readonly subscriptions?: readonly { readonly pubsubname: string; readonly topic: string }[];
}

/** Dapr's HTTP API, as far as a bus needs it. Everything it throws is a SidecarError. */
export interface Sidecar {
  /** Resolves when the broker has the message. */
  publish(message: Message): Promise<void>;
  metadata(): Promise<SidecarMetadata>;
  /** Lets what is under way end for so long, then cuts it off. */
  close(graceMs: number): Promise<void>;
}

/** Why the sidecar did not do it, in words for an operator. */
export class SidecarError extends Error {
  override readonly name = "SidecarError";
}

const ASK_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;

export const createSidecar = ({ url, apiToken, connections = 32, timeoutMs = 15_000 }: SidecarOptions): Sidecar => {
  const publishing = new Pool(url, { connections, connect: { timeout: CONNECT_TIMEOUT_MS }, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  // Of its own: it must answer while every other connection waits for a broker.
  const asking = new Client(url, { connect: { timeout: CONNECT_TIMEOUT_MS }, headersTimeout: ASK_TIMEOUT_MS, bodyTimeout: ASK_TIMEOUT_MS });
  const token = apiToken === undefined ? {} : { "dapr-api-token": apiToken };

  const request = async (by: Dispatcher, options: Dispatcher.RequestOptions): Promise<string> => {
    let answer: Dispatcher.ResponseData;
    try {
      answer = await by.request({ ...options, headers: { ...token, ...(options.headers as Record<string, string> | undefined) } });
    } catch (error) {
      throw new SidecarError(`the sidecar does not answer at ${url} (${codeOf(error)})`, { cause: error });
    }
    const text = await answer.body.text().catch(() => "");
    if (answer.statusCode >= 300) throw new SidecarError(refusalInWords(answer.statusCode, text));
    return text;
  };

  return {
    async publish({ pubsub, topic, key, cloudEvent }) {
      const path = `/v1.0/publish/${encodeURIComponent(pubsub)}/${encodeURIComponent(topic)}?metadata.partitionKey=${encodeURIComponent(key)}`;
      await request(publishing, { method: "POST", path, headers: { "content-type": "application/cloudevents+json" }, body: cloudEvent });
    },
    metadata: async () => JSON.parse(await request(asking, { method: "GET", path: "/v1.0/metadata" })) as SidecarMetadata,
    async close(graceMs) {
      const cutOff = setTimeout(() => void publishing.destroy(), graceMs);
      await Promise.all([publishing.close(), asking.destroy()]).catch(() => undefined);
      clearTimeout(cutOff);
    },
  };
};

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
};

/** Dapr's answer `{errorCode, message}` as the sentence that `/health/ready` shows. */
export const refusalInWords = (status: number, text: string): string => {
  const { errorCode = "", message = text } = parse(text);
  if (status === 401) return "the sidecar refuses our token (DAPR_API_TOKEN)";
  if (errorCode.includes("PUBSUB_NOT_FOUND") || errorCode.includes("PUBSUB_NOT_CONFIGURED")) return `the sidecar has no such pub/sub component: ${message}`;
  if (errorCode.includes("PUBSUB_FORBIDDEN")) return `the sidecar does not allow it: ${message}`;
  const topic = /topic ([\w.-]+)/.exec(message)?.[1];
  if (/does not exist on this broker/.test(message)) return `the topic ${topic ?? ""} does not exist at the broker (deploy/topics makes it)`;
  return `the broker does not take events: ${message.slice(0, 300)}`;
};

const parse = (text: string): { errorCode?: string; message?: string } => {
  try {
    return JSON.parse(text) as { errorCode?: string; message?: string };
  } catch {
    return {};
  }
};
