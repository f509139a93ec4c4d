import { Pool } from "undici";
import type { KeptOccurrences } from "../../contract/occurrences.ts";
import { DomainError, type Problem, type ProblemCode, problems } from "../../contract/problem.ts";
import type { TaskApi } from "../../ports.ts";

export interface DaprTaskApiOptions {
  /** Of the sidecar's HTTP API, `http://127.0.0.1:3500`. */
  readonly sidecarUrl: string;
  /** DAPR_API_TOKEN, where the sidecar asks for one. */
  readonly apiToken: string | undefined;
  /** What proves this service to chat-api. */
  readonly serviceToken: string;
  readonly connections?: number;
  /** Longest for one call, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface DaprTaskApi extends TaskApi {
  close(): Promise<void>;
}

const PATH = "/v1.0/invoke/chat-api/method/api/v1/internal/occurrences";

/**
 * chat-api by Dapr's service invocation. What it refuses is thrown as the DomainError it was there; anything else as
 * `unavailable`.
 */
export const createDaprTaskApi = ({
  sidecarUrl,
  apiToken,
  serviceToken,
  connections = 8,
  timeoutMs = 20_000,
}: DaprTaskApiOptions): DaprTaskApi => {
  const pool = new Pool(sidecarUrl, {
    connections,
    connect: { timeout: 2_000 },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const headers = {
    "content-type": "application/json",
    authorization: `Bearer ${serviceToken}`,
    ...(apiToken === undefined ? {} : { "dapr-api-token": apiToken }),
  };

  return {
    async keepOccurrences(request) {
      const { statusCode, body } = await pool
        .request({ method: "POST", path: PATH, headers, body: JSON.stringify(request) })
        .catch((cause: unknown) => {
          throw new DomainError("unavailable", `the sidecar does not answer at ${sidecarUrl}`, { cause });
        });
      const text = await body.text();
      if (statusCode !== 200) throw refusalOf(statusCode, text);
      return JSON.parse(text) as KeptOccurrences;
    },
    close: () => pool.close(),
  };
};

/** Only a problem document of ours is chat-api's own word; whatever else comes, it was not reached. */
const refusalOf = (status: number, text: string): DomainError => {
  const { code, detail = "" } = parse(text);
  const isOurs = code !== undefined && Object.hasOwn(problems, code) && problems[code as ProblemCode].status === status;
  return isOurs
    ? new DomainError(code as ProblemCode, detail)
    : new DomainError("unavailable", `chat-api was not reached (${status}): ${text.slice(0, 200)}`);
};

const parse = (text: string): Partial<Problem> => {
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return {};
  }
};
