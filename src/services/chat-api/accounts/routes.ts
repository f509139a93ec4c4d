import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Database } from "../../../adapters/db/database.ts";
import {
  AccountClosing,
  ApiTokenList,
  BrowserSession,
  Credentials,
  EmailChange,
  IssuedApiToken,
  NewApiToken,
  PasswordChange,
  RefreshRequest,
  Registration,
  Session,
  User,
  UserPatch,
} from "../../../contract/account.ts";
import { DomainError } from "../../../contract/problem.ts";
import { Uuid } from "../../../contract/scalars.ts";
import type { PasswordHasher } from "../../../ports.ts";
import { actorOf } from "../tasks/request.ts";
import type { Actor } from "../tasks/writer.ts";
import type { ApiTokens } from "./api-tokens.ts";
import type { CredentialChanges } from "./credential-changes.ts";
import type { GuessDelay } from "./guess-delay.ts";
import { forgetCookie, keepInCookie, refreshTokenOf, wantsCookie } from "./refresh-cookie.ts";
import type { Sessions } from "./sessions.ts";
import { findUserByEmail, readUser, type UserRow, userFromRow } from "./users.ts";

export interface AccountRoutesDeps {
  readonly database: Database;
  readonly passwords: PasswordHasher;
  readonly sessions: Sessions;
  readonly apiTokens: ApiTokens;
  readonly register: (input: Registration) => Promise<UserRow>;
  readonly patchProfile: (actor: Actor, patch: UserPatch) => Promise<UserRow>;
  readonly credentials: CredentialChanges;
  /** Undefined when there are no limits. */
  readonly guessDelay: GuessDelay | undefined;
  readonly closeAccount: (actor: Actor, password: string) => Promise<void>;
}

const read = { access: "read" } as const;
const write = { access: "write" } as const;
const tags = ["account"];
const empty = { 204: Type.Null() };

/** `/auth`: the HTTP form of the account use cases. None of its answers may be kept by anything on the way. */
export const accountRoutes = (app: FastifyInstance, deps: AccountRoutesDeps): void => {
  void app.register(async (auth) => {
    auth.addHook("onSend", async (_request, reply) => void reply.header("cache-control", "no-store"));
    sessionRoutes(auth, deps);
    profileRoutes(auth, deps);
    credentialRoutes(auth, deps);
    apiTokenRoutes(auth, deps);
  });
};

const sessionAnswer = Type.Union([Session, BrowserSession]);

/** The session as the client keeps it: with its refresh token, or without, and a cookie beside it. */
const answerSession = (
  request: FastifyRequest,
  reply: FastifyReply,
  { refresh_token, ...session }: Session,
): Session | BrowserSession => {
  if (!wantsCookie(request)) return { ...session, refresh_token };
  keepInCookie(request, reply, refresh_token);
  return session;
};

const sessionRoutes = (
  instance: FastifyInstance,
  { database, passwords, sessions, register, guessDelay }: AccountRoutesDeps,
): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  for (const url of ["/auth/register", "/auth/signup"])
    app.post(
      url,
      {
        config: { access: "public", limit: "register" },
        schema: { tags, summary: "Make an account", body: Registration, response: { 201: sessionAnswer } },
      },
      async (request, reply) => {
        // Before anything is made: it refuses what another site sends.
        wantsCookie(request);
        const session = await sessions.start(await register(request.body));
        return reply.code(201).send(answerSession(request, reply, session));
      },
    );

  app.post(
    "/auth/login",
    {
      config: { access: "public", limit: "login" },
      schema: { tags, summary: "Sign in", body: Credentials, response: { 200: sessionAnswer } },
    },
    async (request, reply) => {
      const { body, addressKey } = request;
      wantsCookie(request);
      await guessDelay?.wait(body.email, addressKey);
      const user = await findUserByEmail(database, body.email);
      const matches = await passwords.verify(user?.password_hash, body.password);
      if (user === undefined || !matches) {
        guessDelay?.noteWrong(body.email);
        throw new DomainError("invalid_credentials", "e-mail and password do not match");
      }
      guessDelay?.noteRight(body.email, addressKey);
      return answerSession(request, reply, await sessions.start(user));
    },
  );

  app.post(
    "/auth/refresh",
    {
      config: { access: "public" },
      schema: {
        tags,
        summary: "Take a refresh token for new tokens; good once",
        body: RefreshRequest,
        response: { 200: sessionAnswer },
      },
    },
    async (request, reply) => {
      const refreshToken = refreshTokenOf(request);
      if (refreshToken === undefined)
        throw new DomainError("session_revoked", "there is no session in this browser; sign in");
      return answerSession(request, reply, await sessions.rotate(refreshToken));
    },
  );

  app.post(
    "/auth/logout",
    {
      config: { access: "public" },
      schema: {
        tags,
        summary: "End the session of a refresh token; safe to repeat",
        body: RefreshRequest,
        response: empty,
      },
    },
    async (request, reply) => {
      const refreshToken = refreshTokenOf(request);
      if (refreshToken !== undefined) await sessions.end(refreshToken);
      if (wantsCookie(request)) forgetCookie(request, reply);
      return reply.code(204).send(null);
    },
  );
};

const profileRoutes = (
  instance: FastifyInstance,
  { database, patchProfile, closeAccount }: AccountRoutesDeps,
): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    "/auth/me",
    { config: read, schema: { tags, summary: "Who am I", response: { 200: User } } },
    async ({ identity }) => userFromRow(await readUser(database, identity.userId)),
  );

  app.patch(
    "/auth/me",
    {
      config: write,
      schema: {
        tags,
        summary:
          "Change the profile (JSON merge patch); a new zone moves the due dates, it and a new all-day hour the reminders",
        body: UserPatch,
        response: { 200: User },
      },
    },
    async (request) => userFromRow(await patchProfile(actorOf(request), request.body)),
  );

  app.delete(
    "/auth/me",
    {
      config: { access: "write", limit: "login" },
      schema: { tags, summary: "Close the account for good", body: AccountClosing, response: empty },
    },
    async (request, reply) => {
      await closeAccount(actorOf(request), request.body.password);
      return reply.code(204).send(null);
    },
  );
};

const credentialRoutes = (instance: FastifyInstance, { credentials }: AccountRoutesDeps): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const config = { access: "person", limit: "login" } as const;

  app.post(
    "/auth/password",
    {
      config,
      schema: {
        tags,
        summary: "Change the password; the user's other sessions end at once, with the API tokens that end with them",
        body: PasswordChange,
        response: empty,
      },
    },
    async ({ identity, body }, reply) => {
      await credentials.changePassword(identity, body);
      return reply.code(204).send(null);
    },
  );

  app.post(
    "/auth/email",
    {
      config,
      schema: { tags, summary: "Change the e-mail to sign in with", body: EmailChange, response: { 200: User } },
    },
    async ({ identity, body }) => userFromRow(await credentials.changeEmail(identity, body)),
  );
};

const apiTokenRoutes = (instance: FastifyInstance, { apiTokens }: AccountRoutesDeps): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    "/auth/tokens",
    { config: read, schema: { tags, summary: "List API tokens", response: { 200: ApiTokenList } } },
    async ({ identity }) => ({
      tokens: [...(await apiTokens.list(identity.userId))],
      next_cursor: null,
    }),
  );

  app.post(
    "/auth/tokens",
    {
      config: { access: "write", limit: "login" },
      schema: {
        tags,
        summary:
          "Make an API token; shown this once. It ends after 90 days and with the session or token that makes it, unless said otherwise",
        body: NewApiToken,
        response: { 201: IssuedApiToken },
      },
    },
    async ({ identity, body }, reply) => reply.code(201).send(await apiTokens.issue(identity, body)),
  );

  app.delete(
    "/auth/tokens/:id",
    {
      config: write,
      schema: {
        tags,
        summary: "Revoke an API token; it stops at once, with its streams and the tokens it made",
        params: Type.Object({ id: Uuid }),
        response: empty,
      },
    },
    async ({ identity, params }, reply) => {
      await apiTokens.revoke(identity, params.id);
      return reply.code(204).send(null);
    },
  );
};
