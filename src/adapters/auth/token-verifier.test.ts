import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Database } from "../db/database.ts";
import { createAccessTokens } from "./access-token.ts";
import { createTokenVerifier } from "./token-verifier.ts";

const jwtSecret = "a secret of at least thirty-two bytes";
const serviceToken = "the token that services show each other";
const userId = "0198c6b2-0000-7000-8000-000000000001";
const sessionId = "0198c6b2-0000-7000-8000-000000000002";
const clock = { now: () => Date.UTC(2026, 2, 1) };
const accessTokens = createAccessTokens({ secret: jwtSecret, clock });

/** What needs the database is tested through the server; here nothing may ask it. */
const database = new Proxy({} as Database, {
  get: (_target, name) => assert.fail(`asked the database: ${String(name)}`),
});
const ended = new Set<string>();
const credentials = { hasEnded: (id: string) => ended.has(id) };
const verifier = createTokenVerifier({ database, jwtSecret, clock, credentials, serviceToken });

describe("the token verifier", () => {
  it("gives a person the scopes of the role", async () => {
    const user = await verifier.verify(accessTokens.sign({ userId, role: "user", sessionId }).token);
    assert.deepEqual(user, {
      userId,
      actorKind: "person",
      actorId: userId,
      role: "user",
      sessionId,
      credentialId: sessionId,
      scopes: ["read", "write"],
    });
    const admin = await verifier.verify(accessTokens.sign({ userId, role: "admin", sessionId }).token);
    assert.deepEqual(admin.scopes, ["read", "write", "admin"]);
  });

  it("knows the services' own token as the system, who is no user", async () => {
    const identity = await verifier.verify(serviceToken);
    assert.equal(identity.actorKind, "system");
    assert.match(identity.userId, /^[0-]+$/);
    assert.ok(!identity.scopes.includes("admin"));
  });

  it("refuses everything else as unauthenticated", async () => {
    for (const token of [
      "",
      "x",
      serviceToken.slice(1),
      `${serviceToken}x`,
      serviceToken.toUpperCase(),
      "a.b.c",
      "ü".repeat(1000),
    ])
      await assert.rejects(verifier.verify(token), { name: "DomainError", code: "unauthenticated" });
  });

  it("refuses an access token of a session that has ended", async () => {
    const other = "0198c6b2-0000-7000-8000-000000000003";
    ended.add(other);
    const { token } = accessTokens.sign({ userId, role: "user", sessionId: other });
    await assert.rejects(verifier.verify(token), { code: "unauthenticated" });
  });

  it("has no system without a service token", async () => {
    const alone = createTokenVerifier({ database, jwtSecret, clock, credentials });
    for (const token of ["", "undefined", serviceToken])
      await assert.rejects(alone.verify(token), { code: "unauthenticated" });
  });
});
