import assert from "node:assert/strict";
import type { Problem, ProblemCode } from "../../src/contract/problem.ts";
import type { Answer } from "./client.ts";

/** The answer refuses as a problem document (RFC 9457) with this status and code; answers the document. */
export const assertRefused = (
  { status, body, headers }: Answer<Problem>,
  expected: number,
  code: ProblemCode,
): Problem => {
  assert.deepEqual([status, body.code], [expected, code], body.detail);
  assert.match(headers.get("content-type") ?? "", /^application\/problem\+json/);
  return body;
};

/** The answer is a 422 that names this field and no other. */
export const assertInvalid = (answer: Answer<Problem>, field: string): void => {
  const { errors = [] } = assertRefused(answer, 422, "validation");
  assert.deepEqual([...new Set(errors.map((error) => error.field))], [field]);
};
