import { randomUUID } from "node:crypto";
import type { Credentials, Registration, Session } from "../../src/contract/account.ts";
import { createAnswerCheck } from "./answer-check.ts";

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the answer; undefined when it has no body. */
  readonly body: Body;
}

/** One request below `/api/v1`. A body is sent as JSON. */
export type Api = <Body = never>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer<Body>>;

export interface TestUser {
  readonly session: Session;
  readonly token: string;
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  /** Requests with this user's token. */
  readonly api: Api;
}

export interface Client {
  /** Requests without a token, or with the one given. */
  api(token?: string): Api;
  /** A new account; e-mail and password are made up unless given. */
  register(input?: Partial<Registration>): Promise<TestUser>;
  /** Another session of an account that there is. */
  login(credentials: Credentials): Promise<TestUser>;
}

/** Every answer is held against the server's own OpenAPI document. */
export const createClient = (url: string): Client => {
  const check = createAnswerCheck(url);
  const api =
    (token?: string): Api =>
    async (method, path, body, headers) => {
      const sent = {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      };
      const payload = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${url}/api/v1${path}`, { method, headers: sent, ...payload });
      const { status } = response;
      const answer = { status, headers: response.headers, body: parse(await response.text()) };
      await check({
        method,
        path: `/api/v1${path}`,
        status,
        contentType: response.headers.get("content-type") ?? "",
        body: answer.body,
      });
      return answer as Answer<never>;
    };

  const signedIn = (session: Session, { email, password }: Credentials): TestUser => ({
    session,
    token: session.access_token,
    userId: session.user.id,
    email,
    password,
    api: api(session.access_token),
  });

  return {
    api,
    async login({ email, password }) {
      const credentials = { email, password };
      const { status, body } = await api()<Session>("POST", "/auth/login", credentials);
      if (status !== 200) throw new Error(`login was answered ${status}: ${JSON.stringify(body)}`);
      return signedIn(body, credentials);
    },
    async register(input = {}) {
      const credentials = { email: `${randomUUID()}@example.org`, password: `pw ${randomUUID()}` };
      const registration = { ...credentials, ...input };
      const { status, body } = await api()<Session>("POST", "/auth/register", registration);
      if (status !== 201) throw new Error(`registration was answered ${status}: ${JSON.stringify(body)}`);
      return signedIn(body, registration);
    },
  };
};

const parse = (text: string): unknown => (text === "" ? undefined : JSON.parse(text));
