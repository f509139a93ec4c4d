import { createSigner, createVerifier, TokenError } from "fast-jwt";
import { randomUUID } from "node:crypto";
import type { AccessTokens, Clock, SignedInPerson } from "../../ports.ts";

export interface AccessTokenVerifier {
  /** Who the token was signed for; undefined when it was not signed here, was tampered with, or has ended. */
  verify(token: string): SignedInPerson | undefined;
}

interface AccessClaims {
  readonly sub: string;
  readonly role: SignedInPerson["role"];
  /** The session (OpenID Connect Front-Channel Logout §3). */
  readonly sid: string;
  /** Seconds since the epoch (RFC 7519 §4.1.4). */
  readonly exp: number;
}

const LIFETIME_S = 15 * 60;
const ISSUER = "taskflow";
const MOST_CACHED = 10_000;

/**
 * Access tokens: JWTs signed with HMAC-SHA-256 that live for 15 minutes. What was verified once is not computed again.
 */
export const createAccessTokens = ({
  secret,
  clock,
}: {
  secret: string;
  clock: Clock;
}): AccessTokens & AccessTokenVerifier => {
  const sign = createSigner({ key: secret, algorithm: "HS256", iss: ISSUER });
  const check = createVerifier({
    key: secret,
    algorithms: ["HS256"],
    allowedIss: ISSUER,
    requiredClaims: ["iss", "sub", "role", "sid", "exp"],
    cache: MOST_CACHED,
    // The library has only the machine's clock; `exp` is compared below with ours.
    ignoreExpiration: true,
  }) as (token: string) => AccessClaims;

  return {
    sign({ userId, role, sessionId }) {
      const iat = Math.floor(clock.now() / 1000);
      return {
        token: sign({ sub: userId, role, sid: sessionId, jti: randomUUID(), iat, exp: iat + LIFETIME_S }),
        expiresIn: LIFETIME_S,
      };
    },
    verify(token) {
      const claims = claimsOf(check, token);
      return claims === undefined || claims.exp * 1000 <= clock.now()
        ? undefined
        : { userId: claims.sub, role: claims.role, sessionId: claims.sid };
    },
  };
};

const claimsOf = (check: (token: string) => AccessClaims, token: string): AccessClaims | undefined => {
  try {
    return check(token);
  } catch (error) {
    if (error instanceof TokenError) return undefined;
    throw error;
  }
};
