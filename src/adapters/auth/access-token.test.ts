import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { createSigner } from "fast-jwt";
import { createAccessTokens } from "./access-token.ts";

const secret = "a secret of at least thirty-two bytes";
const person = {
  userId: "0198c6b2-0000-7000-8000-000000000001",
  role: "user",
  sessionId: "0198c6b2-0000-7000-8000-000000000002",
} as const;
const startedAt = Date.UTC(2026, 2, 1, 12, 0, 0);

const tokensAt = (moment: { ms: number }) => createAccessTokens({ secret, clock: { now: () => moment.ms } });

const payloadOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;

/** With our signature, whatever the payload is. */
const signRaw = (payload: string): string => {
  const encode = (text: string): string => Buffer.from(text).toString("base64url");
  const signed = `${encode('{"alg":"HS256","typ":"JWT"}')}.${encode(payload)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
};

describe("access tokens", () => {
  it("carry who, the role, the session, an id of their own, the issuer and 15 minutes", () => {
    const { token, expiresIn } = tokensAt({ ms: startedAt }).sign(person);
    const { jti, ...claims } = payloadOf(token);
    assert.deepEqual(claims, {
      sub: person.userId,
      role: "user",
      sid: person.sessionId,
      iss: "taskflow",
      iat: startedAt / 1000,
      exp: startedAt / 1000 + 900,
    });
    assert.match(String(jti), /^[0-9a-f-]{36}$/);
    assert.equal(expiresIn, 900);
  });

  it("are known again until their 15 minutes are over, also when the answer is remembered", () => {
    const moment = { ms: startedAt };
    const tokens = tokensAt(moment);
    const { token } = tokens.sign(person);
    assert.deepEqual(tokens.verify(token), person);
    moment.ms = startedAt + 900_000 - 1;
    assert.deepEqual(tokens.verify(token), person);
    moment.ms = startedAt + 900_000;
    assert.equal(tokens.verify(token), undefined);
  });

  it("of another secret, of another issuer, without an end or without a signature are none", () => {
    const exp = startedAt / 1000 + 60;
    const claims = { sub: person.userId, role: "admin", sid: "1", jti: "1" };
    const forged = [
      createSigner({ key: "another secret of thirty-two bytes!", algorithm: "HS256", iss: "taskflow" })({
        ...claims,
        exp,
      }),
      createSigner({ key: secret, algorithm: "HS256", iss: "someone" })({ ...claims, exp }),
      createSigner({ key: secret, algorithm: "HS256" })({ ...claims, exp }),
      createSigner({ key: secret, algorithm: "HS256", iss: "taskflow" })(claims),
      createSigner({ key: secret, algorithm: "HS512", iss: "taskflow" })({ ...claims, exp }),
      createSigner({ algorithm: "none", iss: "taskflow" })({ ...claims, exp }),
    ];
    for (const token of forged) assert.equal(tokensAt({ ms: startedAt }).verify(token), undefined);
  });

  it("of ours that claim something odd are none, and no fault", () => {
    const good = payloadOf(tokensAt({ ms: startedAt }).sign(person).token);
    const odd = [undefined, null, "", "x", "1e3", -1, 0.5, 1e300, true, [], {}, [good.exp], "__proto__", "admin\u0000"];
    const payloads: unknown[] = ["sub", "role", "sid", "iat", "exp", "iss"].flatMap((claim) =>
      odd.map((value) => ({ ...good, [claim]: value })),
    );
    payloads.push(null, [], "text", 1, {}, { ...good, exp: 1e15, iat: 0 }, { ...good, nbf: "x" });
    for (const role of ["root", "constructor", "Admin"]) payloads.push({ ...good, role });
    for (const payload of payloads)
      assert.equal(
        tokensAt({ ms: startedAt }).verify(signRaw(JSON.stringify(payload))),
        undefined,
        JSON.stringify(payload),
      );
    for (const text of ["", "{", "\u0000", '{"exp": 1}}'])
      assert.equal(tokensAt({ ms: startedAt }).verify(signRaw(text)), undefined);
  });

  it("are good for 15 minutes, whatever they say", () => {
    const good = payloadOf(tokensAt({ ms: startedAt }).sign(person).token);
    const long = signRaw(JSON.stringify({ ...good, exp: startedAt / 1000 + 86_400 }));
    assert.deepEqual(tokensAt({ ms: startedAt }).verify(long), person);
    assert.equal(tokensAt({ ms: startedAt + 900_000 }).verify(long), undefined);
  });

  it("with one changed claim, or none at all, are none", () => {
    const tokens = tokensAt({ ms: startedAt });
    const [header, , signature] = tokens.sign(person).token.split(".");
    const payload = Buffer.from(JSON.stringify({ ...payloadOf(tokens.sign(person).token), role: "admin" })).toString(
      "base64url",
    );
    for (const token of [`${header}.${payload}.${signature}`, "", ".", "..", "a.b.c", "{}", "é.é.é"])
      assert.equal(tokens.verify(token), undefined);
  });
});
