import type { FieldError, Problem } from "../../../src/contract/problem.ts";

const timeoutMs = 20_000;

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface ApiRequest {
  readonly method: Method;
  /** Below `/api/v1`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiAnswer<T> {
  readonly body: T;
  readonly headers: Headers;
}

/** The server refused: it answered with a problem document (RFC 9457). */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];
  /** The whole document, with members such as the current `task` of a 412. */
  readonly problem: Partial<Problem> & Readonly<Record<string, unknown>>;
  /** Milliseconds, when the server said how long to wait. */
  readonly retryAfterMs: number | null;

  constructor(status: number, problem: Partial<Problem>, retryAfterMs: number | null) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}`);
    this.name = "Refused";
    this.status = status;
    this.code = problem.code ?? "internal";
    this.errors = problem.errors ?? [];
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer came: the network, or the server, is away. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("The server cannot be reached", { cause });
    this.name = "Unreachable";
  }
}

/** Sends one request. Throws {@link Refused} for an answer that is no success, {@link Unreachable} when none came. */
export const send = async <T>(request: ApiRequest, accessToken?: string): Promise<ApiAnswer<T>> => {
  const response = await fetchAnswer(request, accessToken);
  const body = await readBody(response);
  if (response.ok) return { body: body as T, headers: response.headers };
  throw new Refused(response.status, body ?? {}, retryAfterMs(response.headers));
};

const fetchAnswer = async ({ method, path, body, headers }: ApiRequest, accessToken?: string): Promise<Response> => {
  const init: RequestInit = {
    method,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
      ...headers,
    },
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  try {
    return await fetch(`/api/v1${path}`, init);
  } catch (error) {
    throw new Unreachable(error);
  }
};

const readBody = async (response: Response): Promise<unknown> => {
  try {
    const text = await response.text();
    return text === "" ? undefined : JSON.parse(text);
  } catch (error) {
    // A proxy's HTML error page, or an answer cut short: the status alone counts, unless it said success.
    if (response.ok) throw new Unreachable(error);
    return undefined;
  }
};

const retryAfterMs = (headers: Headers): number | null => {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
};
