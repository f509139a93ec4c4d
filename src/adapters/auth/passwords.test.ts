import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseOptions } from "@node-rs/argon2";
import { DomainError } from "../../contract/problem.ts";
import { createPasswords, parameters, unknownPassword } from "./passwords.ts";

describe("passwords", () => {
  it("are kept as argon2id with OWASP's parameters, each with a salt of its own", async () => {
    const passwords = createPasswords();
    const [one, other] = await Promise.all([passwords.hash("correct horse"), passwords.hash("correct horse")]);
    assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    assert.notEqual(one, other);
  });

  it("match themselves only", async () => {
    const passwords = createPasswords();
    const hash = await passwords.hash("correct horse");
    assert.equal(await passwords.verify(hash, "correct horse"), true);
    assert.equal(await passwords.verify(hash, "Correct horse"), false);
    assert.equal(await passwords.verify(hash, ""), false);
  });

  it("are the same however their accents are composed", async () => {
    const passwords = createPasswords();
    assert.equal(await passwords.verify(await passwords.hash("caf\u00e9 noir"), "cafe\u0301 noir"), true);
  });

  it("of nobody cost the same work and never match", async () => {
    const { algorithm, memoryCost, timeCost, parallelism } = parseOptions(unknownPassword);
    assert.deepEqual({ algorithm, memoryCost, timeCost, parallelism }, parameters);
    assert.equal(await createPasswords().verify(undefined, "correct horse"), false);
  });

  it("beyond the queue are refused, and those in it are answered", async () => {
    const passwords = createPasswords();
    const asked = await Promise.allSettled(
      Array.from({ length: 510 }, () =>
        passwords.verify("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", "x"),
      ),
    );
    const refused = asked.filter((result) => result.status === "rejected");
    assert.ok(refused.length > 0 && refused.length <= 10, `${refused.length} were refused`);
    for (const { reason } of refused)
      assert.ok(
        reason instanceof DomainError && reason.code === "unavailable" && reason.extras.retryAfter !== undefined,
      );
  });

  it("do not hold up the event loop", async () => {
    const passwords = createPasswords();
    let turns = 0;
    const turn = setInterval(() => (turns += 1), 0);
    await Promise.all(Array.from({ length: 4 }, () => passwords.hash("correct horse")));
    clearInterval(turn);
    assert.ok(turns > 0);
  });
});
