import assert from "node:assert/strict";
import { test } from "node:test";
import { asUnavailable, shortageOf } from "./unavailable.ts";

const failure = (code: string, message = "it failed"): Error => Object.assign(new Error(message), { code });

test("what the database's machine lacks is a refusal with words and a time to wait", () => {
  for (const [code, words] of [
    ["53100", /disk is full/],
    ["ENOSPC", /disk is full/],
    ["53200", /no memory/],
    ["53300", /no more connections/],
    ["53000", /SQLSTATE 53000/],
    ["53400", /SQLSTATE 53400/],
    ["58000", /SQLSTATE 58000/],
    ["58030", /SQLSTATE 58030/],
    ["58P01", /SQLSTATE 58P01/],
    ["58P02", /SQLSTATE 58P02/],
  ] as const) {
    const refusal = asUnavailable(failure(code));
    assert.equal(refusal?.code, "unavailable", code);
    assert.match(refusal.message, words);
    assert.match(refusal.message, /^[A-Z].*nothing was changed\.$/);
    assert.equal(refusal.extras.retryAfter, 10);
    assert.equal(shortageOf(refusal), shortageOf(failure(code)), "it is known from the refusal too");
  }
});

test("an input or output error that says why is a full disk", () => {
  const error = failure("58030", 'could not extend file "base/5/1": No space left on device');
  assert.match(asUnavailable(error)?.message ?? "", /disk is full/);
});

test("a database that is away is no shortage, and a mistake is neither", () => {
  for (const code of ["08006", "57P01", "57014", "ECONNREFUSED"]) {
    assert.equal(asUnavailable(failure(code))?.extras.retryAfter, 1);
    assert.equal(shortageOf(failure(code)), undefined);
  }
  for (const code of ["23505", "42601", "22P02"]) assert.equal(asUnavailable(failure(code)), undefined);
});
