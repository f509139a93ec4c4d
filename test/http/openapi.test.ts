import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { type OpenApiDocument, readOpenApi } from "../harness/answer-check.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

let taskflow: TaskFlow;
let document: OpenApiDocument & { readonly openapi: string };

before(async () => {
  taskflow = await startTaskFlow();
  document = (await readOpenApi(taskflow.url)) as typeof document;
});
after(() => taskflow.stop());

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    assert.match(document.openapi, /^3\.1\./);
    const { valid, errors } = await new Validator().validate(
      structuredClone(document) as object as Record<string, unknown>,
    );
    assert.ok(valid, JSON.stringify(errors, undefined, 2));
  });

  it("is the same below /api/v1", async () => {
    assert.deepEqual(await (await fetch(`${taskflow.url}/api/v1/openapi.json`)).json(), document);
  });

  it("has every route of the contract", () => {
    const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace("/api/v1", "")}`),
    );
    const wanted = [
      "POST /tasks",
      "GET /tasks",
      "GET /sync/tasks",
      "GET /tasks/{id}",
      "PUT /tasks/{id}",
      "PATCH /tasks/{id}",
      "DELETE /tasks/{id}",
      "POST /tasks/{id}/complete",
      "POST /tasks/{id}/reopen",
      "POST /tasks/{id}/restore",
      "POST /tasks/bulk",
      "POST /undo/{handle}",
      "GET /tasks/{id}/reminders",
      "POST /tasks/{id}/reminders",
      "GET /tasks/{id}/reminder",
      "POST /tasks/{id}/reminder",
      "PUT /tasks/{id}/reminder",
      "DELETE /tasks/{id}/reminder",
      "PUT /reminders/{id}",
      "DELETE /reminders/{id}",
      "POST /reminders/{id}/snooze",
      "POST /reminders/{id}/acknowledge",
      "GET /notifications/stream",
      "GET /ws",
      "GET /notifications",
      "POST /notifications/{id}/read",
      "POST /notifications/{id}/unread",
      "POST /notifications/read-all",
      "POST /notifications/test",
      "GET /notification-deliveries",
      "GET /notification-preferences",
      "PUT /notification-preferences",
      "POST /notifications/stream-ticket",
      "POST /auth/register",
      "POST /auth/signup",
      "POST /auth/login",
      "POST /auth/refresh",
      "POST /auth/logout",
      "GET /auth/me",
      "PATCH /auth/me",
      "DELETE /auth/me",
      "POST /auth/password",
      "POST /auth/email",
      "GET /auth/tokens",
      "POST /auth/tokens",
      "DELETE /auth/tokens/{id}",
    ];
    assert.deepEqual(
      wanted.filter((route) => !routes.includes(route)),
      [],
    );
  });

  it("says of every operation what it does, what it answers and how it refuses", () => {
    for (const [path, operations] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(operations)) {
        const { summary, tags, responses } = operation as typeof operation & { summary?: string; tags?: string[] };
        assert.ok(summary && tags?.length === 1, `${method} ${path}`);
        assert.ok(
          Object.keys(responses).some((status) => /^(2|101)/.test(status)) && "default" in responses,
          `${method} ${path}`,
        );
      }
  });

  it("has a page for people, which reaches nothing but this server", async () => {
    const page = await fetch(`${taskflow.url}/docs`);
    assert.equal(page.status, 200);
    const html = await page.text();
    assert.match(html, /swagger-ui/i);
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? "");
    assert.ok(assets.length > 2);
    for (const asset of assets) {
      const url = new URL(asset, page.url.endsWith("/") ? page.url : `${page.url}/`);
      assert.equal(url.origin, taskflow.url);
      assert.equal((await fetch(url)).status, 200, asset);
    }
    assert.match(page.headers.get("content-security-policy") ?? "", /default-src/);
  });
});
