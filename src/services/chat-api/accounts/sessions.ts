import { type Database, sql, type Tx } from "../../../adapters/db/database.ts";
import type { Session } from "../../../contract/account.ts";
import { DomainError } from "../../../contract/problem.ts";
import type { AccessTokens, Clock, CredentialWatch, KeyedHash, SecretSource } from "../../../ports.ts";
import { type UserRow, userFromRow } from "./users.ts";

export interface Sessions {
  /**
   * A new family of refresh tokens, and its first access token.
   * @throws DomainError `invalid_credentials` when the password was changed since the user was read
   */
  start(user: UserRow): Promise<Session>;
  /**
   * Takes a refresh token for the next one. Whoever comes with the same token within some seconds gets the same next
   * one: two tabs of one device, or an answer that was lost. Later it means that two have it, and ends the family.
   * @throws DomainError `session_revoked`
   */
  rotate(refreshToken: string): Promise<Session>;
  /** Ends the token's family; safe to repeat, and with a token that is none (RFC 7009 §2.2). */
  end(refreshToken: string): Promise<void>;
}

export interface SessionsDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly accessTokens: AccessTokens;
  readonly secrets: SecretSource;
  readonly keyedHash: KeyedHash;
  readonly newId: () => string;
  readonly credentials: Pick<CredentialWatch, "look">;
}

/** How long a refresh token is good. */
export const SESSION_DAYS = 30;
const LIFETIME_MS = SESSION_DAYS * 86_400_000;
/** How long a token that was used is taken once more: a tab that waits for the answer of its own request, and retries. */
const GRACE_MS = 10_000;

/** Waits for a change of the password that is under way, which ends what began before it. */
const startStatement = `
INSERT INTO refresh_tokens (token_hash, family_id, user_id, created_at, expires_at, signed_in_at)
SELECT $1, $2, id, $3, $4, $3 FROM users WHERE id = $5 AND password_hash = $6 AND disabled_at IS NULL FOR SHARE
RETURNING family_id`;

/** Of two that use one token at once, the second waits for the row, and finds that the next token is there already. */
const rotateStatement = `
WITH used AS (
  UPDATE refresh_tokens t
  SET used_at = coalesce(t.used_at, $2)
  FROM users u
  WHERE t.token_hash = $1
    AND (t.used_at IS NULL OR t.used_at > $5)
    AND t.expires_at > $2
    AND u.id = t.user_id
    AND u.disabled_at IS NULL
  RETURNING t.family_id, t.signed_in_at, u.*
), issued AS (
  INSERT INTO refresh_tokens (token_hash, family_id, user_id, created_at, expires_at, signed_in_at)
  SELECT $3, family_id, id, $2, $4, signed_in_at FROM used
  ON CONFLICT (token_hash) DO NOTHING
)
SELECT * FROM used`;

export const createSessions = ({
  database,
  clock,
  accessTokens,
  secrets,
  keyedHash,
  newId,
  credentials,
}: SessionsDeps): Sessions => {
  const answer = (user: UserRow, sessionId: string, refreshToken: string): Session => {
    const { token, expiresIn } = accessTokens.sign({ userId: user.id, role: user.role, sessionId });
    return {
      access_token: token,
      token,
      token_type: "Bearer",
      expires_in: expiresIn,
      refresh_token: refreshToken,
      user: userFromRow(user),
    };
  };

  const endByToken = async (refreshToken: string): Promise<void> => {
    await endFamilyOf(database, secrets.hashOf(refreshToken));
    await credentials.look();
  };

  return {
    async start(user) {
      const now = clock.now();
      const refreshToken = secrets.create();
      const values = [
        secrets.hashOf(refreshToken),
        newId(),
        new Date(now),
        new Date(now + LIFETIME_MS),
        user.id,
        user.password_hash,
      ];
      const [started] = await database.prepared<{ family_id: string }>("start-session", startStatement, values);
      if (started === undefined) throw new DomainError("invalid_credentials", "e-mail and password do not match");
      return answer(user, started.family_id, refreshToken);
    },

    async rotate(refreshToken) {
      const now = clock.now();
      // Not random, so that a second answer gives the same token without the token being stored.
      const next = keyedHash.hash("refresh token", refreshToken).toString("base64url");
      const values = [
        secrets.hashOf(refreshToken),
        new Date(now),
        secrets.hashOf(next),
        new Date(now + LIFETIME_MS),
        new Date(now - GRACE_MS),
      ];
      const [user] = await database.prepared<UserRow & { family_id: string }>(
        "rotate-session",
        rotateStatement,
        values,
      );
      if (user !== undefined) return answer(user, user.family_id, next);
      await endByToken(refreshToken);
      throw new DomainError("session_revoked", "the refresh token has ended or was used before; sign in again");
    },

    end: endByToken,
  };
};

const endFamilyOf = async (database: Database, tokenHash: Buffer): Promise<void> => {
  const [token] = await database.prepared<{ family_id: string }>(
    "session-family",
    "SELECT family_id FROM refresh_tokens WHERE token_hash = $1",
    [tokenHash],
  );
  if (token === undefined) return;
  const text = "DELETE FROM refresh_tokens WHERE family_id = $1 RETURNING user_id";
  // A rotation that commits meanwhile leaves a token that the DELETE could not see yet: again, until there is none.
  for (;;) if ((await database.prepared("end-session", text, [token.family_id])).length === 0) return;
};

/** Ends every session of the user but one. The caller holds the user's row, so that none begins meanwhile. */
export const endOtherSessions = async (tx: Tx, userId: string, keptFamily: string | undefined): Promise<void> => {
  const others = sql`DELETE FROM refresh_tokens WHERE user_id = ${userId} AND family_id IS DISTINCT FROM ${keptFamily ?? null}`;
  // As above: a rotation that was under way may have left a token that the DELETE could not see yet.
  for (;;) if ((await others.execute(tx)).numAffectedRows === 0n) return;
};
