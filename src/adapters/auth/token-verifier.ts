import { timingSafeEqual } from "node:crypto";
import { apiTokenPrefix, type Scope } from "../../contract/account.ts";
import { DomainError } from "../../contract/problem.ts";
import type { Clock, CredentialWatch, Identity, TokenVerifier } from "../../ports.ts";
import type { Database } from "../db/database.ts";
import { createAccessTokens } from "./access-token.ts";
import { secrets } from "./secrets.ts";

export interface TokenVerifierDeps {
  readonly database: Database;
  readonly jwtSecret: string;
  readonly clock: Clock;
  readonly credentials: Pick<CredentialWatch, "hasEnded">;
  /** What the services show to each other; without it there is no such caller. */
  readonly serviceToken?: string;
}

const scopesOf: Record<Identity["role"], readonly Scope[]> = {
  user: ["read", "write"],
  admin: ["read", "write", "admin"],
};

/** The services themselves. The nil UUID (RFC 9562 §5.9) is nobody's: the system owns no tasks. */
const system: Identity = {
  userId: "00000000-0000-0000-0000-000000000000",
  actorKind: "system",
  actorId: "service",
  scopes: ["read", "write"],
  role: "user",
  credentialId: null,
};

/** Knows access tokens by their signature, personal API tokens by their hash, and the services' own token. */
export const createTokenVerifier = ({
  database,
  jwtSecret,
  clock,
  credentials,
  serviceToken,
}: TokenVerifierDeps): TokenVerifier => {
  const accessTokens = createAccessTokens({ secret: jwtSecret, clock });

  const person = (token: string): Identity | undefined => {
    const claims = accessTokens.verify(token);
    if (claims === undefined || credentials.hasEnded(claims.sessionId)) return undefined;
    return {
      ...claims,
      credentialId: claims.sessionId,
      actorKind: "person",
      actorId: claims.userId,
      scopes: scopesOf[claims.role],
    };
  };

  const identify = async (token: string): Promise<Identity | undefined> => {
    if (token.startsWith(apiTokenPrefix)) return findApiToken(database, token, clock.now());
    return serviceToken !== undefined && equal(token, serviceToken) ? system : person(token);
  };

  return {
    async verify(token) {
      const identity = await identify(token);
      if (identity === undefined) throw new DomainError("unauthenticated", "the token is not valid, or has ended");
      return identity;
    },
  };
};

const USE_NOTED_EVERY_MS = 60_000;

/** Looked up each time, so that a revoked token stops at once; its use is noted at most once a minute. */
const apiTokenStatement = `
WITH presented AS (
  SELECT t.id, t.user_id, t.scopes, u.role FROM api_tokens t JOIN users u ON u.id = t.user_id
  WHERE t.token_hash = $1 AND (t.expires_at IS NULL OR t.expires_at > $2) AND u.disabled_at IS NULL
), noted AS (
  UPDATE api_tokens t SET last_used_at = $2 FROM presented
  WHERE t.id = presented.id AND (t.last_used_at IS NULL OR t.last_used_at <= $3)
)
SELECT * FROM presented`;

interface PresentedToken {
  readonly id: string;
  readonly user_id: string;
  readonly scopes: readonly Scope[];
  readonly role: Identity["role"];
}

const findApiToken = async (database: Database, token: string, now: number): Promise<Identity | undefined> => {
  const values = [secrets.hashOf(token), new Date(now), new Date(now - USE_NOTED_EVERY_MS)];
  const [row] = await database.prepared<PresentedToken>("verify-api-token", apiTokenStatement, values);
  // A role may have been taken away since the token was made.
  return (
    row && {
      userId: row.user_id,
      actorKind: "token",
      actorId: row.id,
      scopes: row.scopes.filter((scope) => scopesOf[row.role].includes(scope)),
      role: row.role,
      credentialId: row.id,
    }
  );
};

/** Takes the same time wherever two texts of one length differ. */
const equal = (given: string, expected: string): boolean => {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
};
