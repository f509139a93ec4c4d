import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import { formOf, unknownForm } from "../../src/main/http/refused-field.ts";
import type { TestUser } from "../harness/client.ts";
import { assertRefused } from "../harness/refusal.ts";
import { readOpenApi } from "../harness/answer-check.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

let taskflow: TaskFlow;
let user: TestUser;
before(async () => {
  taskflow = await startTaskFlow();
  user = await taskflow.client.register();
});
after(() => taskflow.stop());

interface TextSchema {
  readonly format?: string;
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
}

/** Every schema of a text in a document, however deep. A parameter has its schema's example beside it. */
function* textSchemas(part: unknown): Generator<TextSchema> {
  if (typeof part !== "object" || part === null) return;
  if ("pattern" in part || "format" in part) yield part as TextSchema;
  if ("schema" in part && "example" in part)
    yield* textSchemas({ ...(part.schema as object), examples: [part.example] });
  else for (const inner of Object.values(part)) yield* textSchemas(inner);
}

describe("a field that a schema refuses", () => {
  const cases: readonly (readonly [
    method: "GET" | "POST" | "PUT",
    path: string,
    body: object | undefined,
    field: string,
    sentence: string,
  ])[] = [
    ["GET", "/tasks?as_of=yesterday", undefined, "as_of", "must be an instant such as 2026-03-01T09:00:00Z"],
    ["GET", "/audit-logs?from=2026", undefined, "from", "must be an instant such as 2026-03-01T09:00:00Z"],
    [
      "GET",
      "/audit-logs?task_id=1",
      undefined,
      "task_id",
      "must be an id such as 0198c6b2-0000-7000-8000-000000000001, in lower case",
    ],
    ["GET", "/tasks?limit=0", undefined, "limit", "must be at least 1"],
    ["GET", "/tasks?status=done", undefined, "status", "must be one of all, pending, completed, overdue, deleted"],
    ["GET", "/tasks?colour=red", undefined, "colour", "is not a field of this request"],
    [
      "PUT",
      "/notification-preferences",
      { quiet_hours: { start: "25:00", end: "06:00" } },
      "quiet_hours.start",
      "must be written like 22:00",
    ],
    [
      "POST",
      "/tasks",
      { title: "t", recurrence_end_date: "soon" },
      "recurrence_end_date",
      "must be written like 2026-03-01",
    ],
    ["POST", "/tasks", { title: "a\u0000b" }, "title", "must not have the character U+0000"],
    ["POST", "/tasks", { title: "" }, "title", "must not be empty"],
    ["POST", "/tasks", { title: 1 }, "title", "must be a text"],
    ["POST", "/tasks", {}, "title", "is missing"],
    ["POST", "/tasks/bulk", { operations: [{ op: "sing" }] }, "operations.0.op", "is none of those there are"],
    [
      "POST",
      "/auth/register",
      { email: "ada", password: "a long enough one", name: "Ada" },
      "email",
      "must be an e-mail address such as ada@example.org",
    ],
  ];
  for (const [method, path, body, field, sentence] of cases)
    it(`${method} ${path} ${JSON.stringify(body) ?? ""}: ${sentence}`, async () => {
      const problem = assertRefused(await user.api<Problem>(method, path, body), 422, "validation");
      assert.deepEqual([problem.errors, problem.detail], [[{ field, message: sentence }], `${field}: ${sentence}`]);
    });

  it("is told in a sentence whatever it is: each pattern and format of a request has one", async () => {
    const { paths } = await readOpenApi(taskflow.url);
    const requests = Object.values(paths)
      .flatMap((operations) =>
        Object.values(operations as Record<string, { parameters?: unknown; requestBody?: unknown }>),
      )
      .map(({ parameters, requestBody }) => ({ parameters, requestBody }));
    const schemas = [...textSchemas(requests)];
    assert.ok(schemas.length > 20);
    assert.deepEqual(
      schemas.filter((schema) => formOf(schema) === unknownForm),
      [],
    );
  });
});
