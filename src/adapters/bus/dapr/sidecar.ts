import { Client, type Dispatcher, Pool } from "undici";
import { createBulkPublisher, type Message, type Outcomes } from "./bulk-publisher.ts";

export interface SidecarOptions {
  /** Of its HTTP API, `http://127.0.0.1:3500`. */
  readonly url: string;
  /** DAPR_API_TOKEN, where the sidecar asks for one. */
  readonly apiToken: string | undefined;
  /** Publishes at once; what is more waits its turn. */
  readonly connections?: number;
  /**
   * Longest for one publish, in milliseconds: more than the sidecar's own timeouts, so that it can say what is wrong.
   */
  readonly timeoutMs?: number;
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
  const publishing = new Pool(url, {
    connections,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  // Of its own: it must answer while every other connection waits for a broker.
  const asking = new Client(url, {
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: ASK_TIMEOUT_MS,
    bodyTimeout: ASK_TIMEOUT_MS,
  });
  const token = apiToken === undefined ? {} : { "dapr-api-token": apiToken };

  const ask = async (by: Dispatcher, options: Dispatcher.RequestOptions): Promise<{ status: number; text: string }> => {
    try {
      const { statusCode, body } = await by.request({
        ...options,
        headers: { ...token, ...(options.headers as Record<string, string> | undefined) },
      });
      return { status: statusCode, text: await body.text() };
    } catch (error) {
      throw new SidecarError(`the sidecar does not answer at ${url} (${codeOf(error)})`, { cause: error });
    }
  };

  const send = async (messages: readonly Message[]): Promise<Outcomes> => {
    const [{ pubsub, topic } = { pubsub: "", topic: "" }] = messages;
    const path = `/v1.0-alpha1/publish/bulk/${encodeURIComponent(pubsub)}/${encodeURIComponent(topic)}`;
    const { status, text } = await ask(publishing, {
      method: "POST",
      path,
      headers: { "content-type": "application/json" },
      body: `[${messages.map(entryOf).join()}]`,
    });
    return status < 300 ? [] : outcomesOf(status, text, topic, messages.length);
  };

  return {
    publish: createBulkPublisher({ send }),
    async metadata() {
      const { status, text } = await ask(asking, { method: "GET", path: "/v1.0/metadata" });
      if (status >= 300) throw new SidecarError(refusalInWords(status, text));
      return JSON.parse(text) as SidecarMetadata;
    },
    async close(graceMs) {
      const cutOff = setTimeout(() => void publishing.destroy(), graceMs);
      await Promise.all([publishing.close(), asking.destroy()]).catch(() => undefined);
      clearTimeout(cutOff);
    },
  };
};

/** One message of a bulk request; its number in the request is its id. */
const entryOf = ({ key, cloudEvent }: Message, index: number): string =>
  `{"entryId":"${index}","contentType":"application/cloudevents+json","metadata":{"partitionKey":${JSON.stringify(key)}},"event":${cloudEvent}}`;

/** Dapr names the entries that failed. When it names none, nothing is known of any. */
const outcomesOf = (status: number, text: string, topic: string, count: number): Outcomes => {
  const { errorCode = "", failedEntries } = parse(text);
  if (failedEntries == null || failedEntries.length === 0)
    return Array.from({ length: count }, () => new SidecarError(refusalInWords(status, text)));
  const reasons = new Map(failedEntries.map(({ entryId, error = "" }) => [entryId, error]));
  return Array.from({ length: count }, (_none, index) => {
    const reason = reasons.get(String(index));
    return reason === undefined
      ? undefined
      : new SidecarError(refusalInWords(status, JSON.stringify({ errorCode, message: `topic ${topic}: ${reason}` })));
  });
};

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
};

/** Dapr's answer `{errorCode, message}` as the sentence that `/health/ready` shows. */
export const refusalInWords = (status: number, text: string): string => {
  const { errorCode = "", message = text } = parse(text);
  if (status === 401) return "the sidecar refuses our token (DAPR_API_TOKEN)";
  if (errorCode.includes("PUBSUB_NOT_FOUND") || errorCode.includes("PUBSUB_NOT_CONFIGURED"))
    return `the sidecar has no such pub/sub component: ${message}`;
  if (errorCode.includes("PUBSUB_FORBIDDEN")) return `the sidecar does not allow it: ${message}`;
  const topic = /topic ([\w.-]+)/.exec(message)?.[1];
  if (/does not exist on this broker/.test(message))
    return `the topic ${topic ?? ""} does not exist at the broker (deploy/topics makes it)`;
  return `the broker does not take events: ${message.slice(0, 300)}`;
};

interface Refusal {
  readonly errorCode?: string;
  readonly message?: string;
  /** Of a bulk request. */
  readonly failedEntries?: readonly { readonly entryId: string; readonly error?: string }[] | null;
}

const parse = (text: string): Refusal => {
  try {
    return JSON.parse(text) as Refusal;
  } catch {
    return {};
  }
};
