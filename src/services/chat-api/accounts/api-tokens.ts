import type { Database, Schema } from "../../../adapters/db/database.ts";
import {
  type ApiToken,
  apiTokenPrefix,
  defaultTokenDays,
  type IssuedApiToken,
  type NewApiToken,
  type Scope,
} from "../../../contract/account.ts";
import { DomainError, invalidField } from "../../../contract/problem.ts";
import { visibleText } from "../../../domain/visible-text.ts";
import type { Clock, CredentialWatch, Identity, PasswordHasher, SecretSource } from "../../../ports.ts";
import { confirmPresence } from "./password-check.ts";

export interface ApiTokens {
  /** Newest first; the tokens themselves are never shown again. */
  list(userId: string): Promise<readonly ApiToken[]>;
  /**
   * Ends with what made it, a session or a token, unless a person says that it is independent.
   * @throws DomainError `insufficient_scope` when it would have a scope that its maker lacks, `password_required` or
   * `wrong_password` when a person has not proved to be there, `unauthenticated` when the maker has ended
   */
  issue(maker: Identity, wanted: NewApiToken): Promise<IssuedApiToken>;
  /**
   * It stops at once, with all that it made. A token may end itself and what it made, a person every token.
   * @throws DomainError `not_found`, or `forbidden` for another token of the same user
   */
  revoke(revoker: Identity, id: string): Promise<void>;
}

export interface ApiTokensDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly passwords: PasswordHasher;
  readonly secrets: SecretSource;
  readonly newId: () => string;
  readonly credentials: Pick<CredentialWatch, "look">;
}

type ApiTokenRow = Schema["api_tokens"];

const MS_PER_DAY = 86_400_000;
const MOST_TOKENS = 100;

/**
 * `maker` is the session (its refresh tokens) or the token that asks. Its rows are held, so that it cannot end without
 * seeing what it made. A token made by a token does not outlive it; LEAST leaves out what has no end.
 */
const issueStatement = `
WITH session AS MATERIALIZED (
  SELECT family_id FROM refresh_tokens WHERE family_id = $8 AND expires_at > $6 FOR SHARE
), parent AS MATERIALIZED (
  SELECT id, expires_at FROM api_tokens WHERE id = $9 FOR SHARE
), maker AS (
  SELECT EXISTS (SELECT FROM session) OR EXISTS (SELECT FROM parent) AS lives
), issued AS (
  INSERT INTO api_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at, session_id, parent_id)
  SELECT $1, $2, $3, $4, $5, $6, LEAST($7, (SELECT expires_at FROM parent)), CASE WHEN $10 THEN NULL ELSE $8 END, $9
  FROM maker
  WHERE lives
    AND (SELECT count(*) FROM api_tokens WHERE user_id = $2 AND (expires_at IS NULL OR expires_at > $6)) < ${MOST_TOKENS}
  RETURNING *
)
SELECT lives, issued.* FROM maker LEFT JOIN issued ON true`;

/** $3 is the token that revokes; null for a person, who may revoke every token. */
const revokeStatement = `
WITH RECURSIVE made AS (
  SELECT id FROM api_tokens WHERE user_id = $1 AND ($3::uuid IS NULL OR id = $3)
  UNION
  SELECT t.id FROM api_tokens t JOIN made ON t.parent_id = made.id
), revoked AS (
  DELETE FROM api_tokens WHERE user_id = $1 AND id = $2 AND id IN (SELECT id FROM made) RETURNING id
)
SELECT EXISTS (SELECT FROM revoked) AS revoked FROM api_tokens WHERE user_id = $1 AND id = $2`;

export const createApiTokens = (deps: ApiTokensDeps): ApiTokens => ({
  async list(userId) {
    const text = "SELECT * FROM api_tokens WHERE user_id = $1 ORDER BY created_at DESC, id";
    return (await deps.database.prepared<ApiTokenRow>("list-api-tokens", text, [userId])).map(apiTokenFromRow);
  },

  async issue(maker, wanted) {
    checkScopes(maker, wanted.scopes);
    const name = trimName(wanted.name);
    if (maker.actorKind === "person") await confirmPresence(deps, maker, wanted.password);
    else checkTokenMaker(wanted);
    const token = `${apiTokenPrefix}${deps.secrets.create()}`;
    return { ...apiTokenFromRow(await insertToken(deps, maker, { ...wanted, name }, token)), token };
  },

  async revoke({ userId, actorKind, actorId }, id) {
    const values = [userId, id, actorKind === "token" ? actorId : null];
    const [found] = await deps.database.prepared<{ revoked: boolean }>("revoke-api-token", revokeStatement, values);
    if (found === undefined) throw new DomainError("not_found", `there is no token ${id}`);
    if (!found.revoked)
      throw new DomainError("forbidden", "an API token can end itself and those it made; sign in to end others");
    await deps.credentials.look();
  },
});

const insertToken = async (
  { database, clock, secrets, newId }: ApiTokensDeps,
  maker: Identity,
  { name, scopes, expires_in_days = defaultTokenDays, independent = false }: NewApiToken,
  token: string,
): Promise<ApiTokenRow> => {
  const now = clock.now();
  const values = [
    newId(),
    maker.userId,
    name,
    secrets.hashOf(token),
    scopes,
    new Date(now),
    expires_in_days === null ? null : new Date(now + expires_in_days * MS_PER_DAY),
    maker.sessionId ?? null,
    maker.actorKind === "token" ? maker.actorId : null,
    independent,
  ];
  type Issued = { readonly lives: boolean } & { [Column in keyof ApiTokenRow]: ApiTokenRow[Column] | null };
  const [row] = await database.prepared<Issued>("issue-api-token", issueStatement, values);
  if (row?.lives !== true) throw new DomainError("unauthenticated", "the session has ended; sign in again");
  if (row.id === null) throw new DomainError("conflict", `there are ${MOST_TOKENS} tokens already; delete one first`);
  return row as ApiTokenRow;
};

const apiTokenFromRow = (row: ApiTokenRow): ApiToken => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes as Scope[],
  created_at: row.created_at.toISOString(),
  expires_at: row.expires_at?.toISOString() ?? null,
  last_used_at: row.last_used_at?.toISOString() ?? null,
  independent: row.session_id === null && row.parent_id === null,
});

const checkScopes = (maker: Identity, scopes: readonly Scope[]): void => {
  const lacking = scopes.filter((scope) => !maker.scopes.includes(scope));
  if (lacking.length > 0)
    throw new DomainError(
      "insufficient_scope",
      `you lack the scope ${lacking.join(", ")} and cannot give it to a token`,
    );
};

/** What a token makes ends with it: else whoever has stolen one for a minute has one for good. */
const checkTokenMaker = ({ independent }: NewApiToken): void => {
  if (independent === true)
    throw invalidField("independent", "is for a person who signed in; what a token makes ends with it");
};

const trimName = (name: string): string => {
  const trimmed = visibleText(name.toWellFormed());
  if (trimmed === "") throw invalidField("name", "must have at least one character that can be seen");
  return trimmed;
};
