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

const dueDateForms =
  "must be a date (2026-03-01), a wall-clock time (2026-03-01T09:00) or an instant (2026-03-01T09:00:00Z)";
const range = "must lie between 1900-01-01 and 9999-12-31";
const operations = "must be one of create, update, delete, complete, reopen, restore, skip, detach";
const visible = "must have at least one character that can be seen";

describe("a field that is refused", () => {
  const cases: readonly (readonly [
    method: "GET" | "POST" | "PUT",
    path: string,
    body: object | undefined,
    field: string,
    sentence: string,
  ])[] = [
    ["GET", "/tasks?as_of=yesterday", undefined, "as_of", "must be an instant such as 2026-03-01T09:00:00Z"],
    ["GET", "/audit-logs?from=2026", undefined, "from", dueDateForms],
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
    ["POST", "/tasks/bulk", { operations: [{ op: "sing" }] }, "operations.0.op", operations],
    ["POST", "/tasks/bulk", { operations: [{ op: 1 }] }, "operations.0.op", operations],
    ["POST", "/tasks/bulk", { operations: [{}] }, "operations.0.op", "is missing"],
    ["POST", "/tasks", { title: "t", due_date: "soon" }, "due_date", dueDateForms],
    ["POST", "/tasks", { title: "t", due_date: "2026-02-30" }, "due_date", "2026-02-30 is no such day"],
    ["POST", "/tasks", { title: "t", due_date: "2026-13-01T09:00" }, "due_date", "2026-13-01 is no such day"],
    ["POST", "/tasks", { title: "t", due_date: "2026-02-29T09:00:00Z" }, "due_date", "2026-02-29 is no such day"],
    ["POST", "/tasks", { title: "t", due_date: "2026-03-01T24:00" }, "due_date", "24:00 is no such time"],
    ["POST", "/tasks", { title: "t", due_date: "1899-12-31" }, "due_date", `${range}, and 1899-12-31 does not`],
    [
      "POST",
      "/tasks",
      { title: "t", due_date: "1899-12-31T23:00:00Z" },
      "due_date",
      `${range}, and 1899-12-31 does not`,
    ],
    [
      "POST",
      "/tasks",
      { title: "t", reminders: [{ remind_at: "2026-02-30T09:00" }] },
      "reminders.0.remind_at",
      "2026-02-30 is no such day",
    ],
    [
      "POST",
      "/tasks",
      { title: "t", due_date: "2026-03-01", recurrence_pattern: "daily", recurrence_end_date: "2026-02-30" },
      "recurrence_end_date",
      "2026-02-30 is no such day",
    ],
    ["GET", "/tasks?due_date_start=2026-02-30", undefined, "due_date_start", "2026-02-30 is no such day"],
    ["GET", "/tasks?as_of=2026-02-30T00:00:00Z", undefined, "as_of", "2026-02-30 is no such day"],
    ["GET", "/tasks/diff?from=2026-02-28T25:00:00Z", undefined, "from", "25:00:00 is no such time"],
    [
      "GET",
      "/recurrence/preview?pattern=daily&due_date=2026-02-30",
      undefined,
      "due_date",
      "2026-02-30 is no such day",
    ],
    ["POST", "/tasks", undefined, "title", "is missing; the request has no body"],
    ["POST", "/tasks/bulk", undefined, "operations", "is missing; the request has no body"],
    ["POST", "/auth/login", undefined, "email", "is missing; the request has no body"],
    ["PUT", "/notification-preferences", undefined, "body", "is missing; the request has no body"],
    ["POST", "/auth/tokens", { name: "\u200b\u2060", scopes: ["read"] }, "name", visible],
    ...["\u200b", " \u3164 ", "\u2800", "\ufe0f\u{e0020}"].map(
      (title) => ["POST", "/tasks", { title }, "title", visible] as const,
    ),
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

  const send = (body: string, headers: Readonly<Record<string, string>> = { "content-type": "application/json" }) =>
    fetch(`${taskflow.url}/api/v1/tasks`, {
      method: "POST",
      headers: { authorization: `Bearer ${user.token}`, ...headers },
      // Not as a text, for which fetch would send a type.
      body: Buffer.from(body),
    }).then(async (response) => ({ status: response.status, problem: (await response.json()) as Problem }));

  it("is a name that could change a prototype, wherever and however it is written", async () => {
    for (const [body, field] of [
      ['{"title":"x","__proto__":{"isAdmin":true}}', "__proto__"],
      ['{"title":"x","\\u005f_proto__":1}', "__proto__"],
      ['{"title":"x","reminders":[{"offset":"PT1H","__proto__":null}]}', "reminders.0.__proto__"],
      ['{"title":"x","constructor":{"prototype":{}}}', "constructor"],
    ] as const) {
      const { status, problem } = await send(body);
      assert.deepEqual([status, problem.errors], [422, [{ field, message: "is not a field of this request" }]], body);
    }
    assert.equal((await send('{"title":"__proto__ and \\u005f constructor"}')).status, 201);
  });

  it("is not asked for where the body cannot be read, which says what to send", async () => {
    const wanted = "send JSON, with the header content-type: application/json";
    for (const [body, headers, status, detail] of [
      ['{"title":"x"}', {}, 415, `the body has no content-type; ${wanted}`],
      ["title=x", { "content-type": "text/plain" }, 415, `“text/plain” is not read here; ${wanted}`],
      ['{"title":"x",}', undefined, 400, "the body is not JSON from character 14 on"],
      ["\u00ff", undefined, 400, "the body is not JSON"],
    ] as const) {
      const answer = await send(body, headers);
      assert.deepEqual([answer.status, answer.problem.detail], [status, detail]);
    }
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
