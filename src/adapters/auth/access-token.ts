import { createSigner, createVerifier, TokenError } from "fast-jwt";
import { randomUUID } from "node:crypto";
import { type Static, Type } from "typebox";
import { Compile } from "typebox/compile";
import { User } from "../../contract/account.ts";
import { Uuid } from "../../contract/scalars.ts";
import type { AccessTokens, Clock, SignedInPerson } from "../../ports.ts";

export interface AccessTokenVerifier {
  /** Who the token was signed for; undefined when it was not signed here, was tampered with, or has ended. */
  verify(token: string): SignedInPerson | undefined;
}

/** As strict as for anything from outside: a token may be signed by another release, or by whoever has the secret. */
const AccessClaims = Type.Object({
  sub: Uuid,
  role: User.properties.role,
  /** The session (OpenID Connect Front-Channel Logout §3). */
  sid: Uuid,
  /** Seconds since the epoch (RFC 7519 §4.1.4). */
  iat: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  exp: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
});
type AccessClaims = Static<typeof AccessClaims>;
const claimsSchema = Compile(AccessClaims);

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
    requiredClaims: ["iss"],
    cache: MOST_CACHED,
    // The library has only the machine's clock; `exp` is compared below with ours.
    ignoreExpiration: true,
  }) as (token: string) => unknown;

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
      // A token is never good for longer than we sign one for, whatever it says.
      return claims === undefined || Math.min(claims.exp, claims.iat + LIFETIME_S) * 1000 <= clock.now()
        ? undefined
        : { userId: claims.sub, role: claims.role, sessionId: claims.sid };
    },
  };
};

const claimsOf = (check: (token: string) => unknown, token: string): AccessClaims | undefined => {
  try {
    const claims = check(token);
    return claimsSchema.Check(claims) ? claims : undefined;
  } catch (error) {
    if (error instanceof TokenError) return undefined;
    throw error;
  }
};
