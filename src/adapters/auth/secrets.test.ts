import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { it } from "node:test";
import { secrets } from "./secrets.ts";

it("secrets are 256 random bits in letters that need no escaping, stored as their SHA-256", () => {
  const made = Array.from({ length: 100 }, () => secrets.create());
  assert.equal(new Set(made).size, 100);
  for (const secret of made) {
    assert.match(secret, /^[\w-]{43}$/);
    assert.equal(Buffer.from(secret, "base64url").length, 32);
    assert.deepEqual(secrets.hashOf(secret), createHash("sha256").update(secret).digest());
  }
});
