import type { Database, Schema } from "../../../adapters/db/database.ts";
import {
  type ApiToken,
  apiTokenPrefix,
  type IssuedApiToken,
  type NewApiToken,
  type Scope,
} from "../../../contract/account.ts";
import { DomainError, invalidField } from "../../../contract/problem.ts";
import type { Clock, Identity, SecretSource } from "../../../ports.ts";

export interface ApiTokens {
  /** Newest first; the tokens themselves are never shown again. */
  list(userId: string): Promise<readonly ApiToken[]>;
  /** @throws DomainError `insufficient_scope` when it would have a scope that its maker lacks */
  issue(maker: Identity, wanted: NewApiToken): Promise<IssuedApiToken>;
  /** It stops at once. @throws DomainError `not_found` */
  revoke(userId: string, id: string): Promise<void>;
}

export interface ApiTokensDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly secrets: SecretSource;
  readonly newId: () => string;
}

type ApiTokenRow = Schema["api_tokens"];

const MS_PER_DAY = 86_400_000;
const MOST_TOKENS = 100;

/** A token made by a token does not outlive it; LEAST leaves out what has no end. */
const issueStatement = `
INSERT INTO api_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at)
SELECT $1, $2, $3, $4, $5, $6, LEAST($7, (SELECT expires_at FROM api_tokens WHERE id = $8))
WHERE (SELECT count(*) FROM api_tokens WHERE user_id = $2) < ${MOST_TOKENS}
RETURNING *`;

export const createApiTokens = ({ database, clock, secrets, newId }: ApiTokensDeps): ApiTokens => ({
  async list(userId) {
    const text = "SELECT * FROM api_tokens WHERE user_id = $1 ORDER BY created_at DESC, id";
    return (await database.prepared<ApiTokenRow>("list-api-tokens", text, [userId])).map(apiTokenFromRow);
  },

  async issue(maker, { name, scopes, expires_in_days }) {
    checkScopes(maker, scopes);
    const now = clock.now();
    const expires = expires_in_days == null ? null : new Date(now + expires_in_days * MS_PER_DAY);
    const token = `${apiTokenPrefix}${secrets.create()}`;
    const makingToken = maker.actorKind === "token" ? maker.actorId : null;
    const values = [
      newId(),
      maker.userId,
      trimName(name),
      secrets.hashOf(token),
      scopes,
      new Date(now),
      expires,
      makingToken,
    ];
    const [row] = await database.prepared<ApiTokenRow>("issue-api-token", issueStatement, values);
    if (row === undefined)
      throw new DomainError("conflict", `there are ${MOST_TOKENS} tokens already; delete one first`);
    return { ...apiTokenFromRow(row), token };
  },

  async revoke(userId, id) {
    const text = "DELETE FROM api_tokens WHERE user_id = $1 AND id = $2 RETURNING id";
    const [row] = await database.prepared("revoke-api-token", text, [userId, id]);
    if (row === undefined) throw new DomainError("not_found", `there is no token ${id}`);
  },
});

const apiTokenFromRow = (row: ApiTokenRow): ApiToken => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes as Scope[],
  created_at: row.created_at.toISOString(),
  expires_at: row.expires_at?.toISOString() ?? null,
  last_used_at: row.last_used_at?.toISOString() ?? null,
});

const checkScopes = (maker: Identity, scopes: readonly Scope[]): void => {
  const lacking = scopes.filter((scope) => !maker.scopes.includes(scope));
  if (lacking.length > 0)
    throw new DomainError(
      "insufficient_scope",
      `you lack the scope ${lacking.join(", ")} and cannot give it to a token`,
    );
};

const trimName = (name: string): string => {
  const trimmed = name.trim();
  if (trimmed === "") throw invalidField("name", "must have at least one character that is not a space");
  return trimmed;
};
