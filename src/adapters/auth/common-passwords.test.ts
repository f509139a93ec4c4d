import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createCommonPasswords } from "./common-passwords.ts";

describe("a password that is tried first", () => {
  const { has } = createCommonPasswords();
  for (const password of [
    "password",
    "12345678",
    "Password",
    "iloveyou",
    "ＰＡＳＳＷＯＲＤ",
    "ааааааааа",
    "Password123",
  ])
    it(`is ${password}`, async () => assert.equal(await has(password), true));
  for (const password of ["long enough", "correct horse", "Xk2!pq9vLm", "tr0ub4dor & 3", "2024-01-05 17:30"])
    it(`is not ${password}`, async () => assert.equal(await has(password), false));
});
