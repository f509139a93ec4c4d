import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused, Unreachable } from "../api/http.ts";
import { formProblem } from "./problem-text.ts";
import { text } from "./messages.ts";

test("what the server says of a field stands at the field", () => {
  const error = new Refused(
    422,
    { errors: [{ field: "email", message: "is not an address" }], detail: "email: is not an address" },
    null,
  );
  assert.deepEqual(formProblem(error), { fields: { email: "is not an address" }, whole: null });
});

test("what it says of the whole stands above the form", () => {
  const error = new Refused(401, { code: "invalid_credentials", title: "E-mail and password do not match" }, null);
  assert.deepEqual(formProblem(error), { fields: {}, whole: "E-mail and password do not match" });
});

test("an e-mail that is taken is said at the e-mail", () => {
  const error = new Refused(409, { code: "email_taken", detail: "there is another account with this e-mail" }, null);
  assert.deepEqual(formProblem(error), { fields: { email: "there is another account with this e-mail" }, whole: null });
});

test("no answer is said plainly, and a fault is not hidden", () => {
  assert.equal(formProblem(new Unreachable(new Error("x"))).whole, text.unreachable);
  assert.throws(() => formProblem(new TypeError("bug")), /bug/);
});
