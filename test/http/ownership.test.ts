import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { IssuedApiToken } from "../../src/contract/account.ts";
import type { NotificationDelivery } from "../../src/contract/notification.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { TaskList, WrittenTask } from "../../src/contract/task.ts";
import { type OpenApiDocument, readOpenApi } from "../harness/answer-check.ts";
import type { TestUser } from "../harness/client.ts";
import { assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

/** What a stranger must never read in any answer. */
const SECRET = "the owner's secret";

let taskflow: TaskFlow;
let document: OpenApiDocument;
let owner: TestUser;
let stranger: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  document = await readOpenApi(taskflow.url);
  owner = await taskflow.client.register();
  stranger = await taskflow.client.register();
});
after(() => taskflow.stop());

const request = async (
  user: TestUser,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) => {
  const sent = {
    authorization: `Bearer ${user.token}`,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...headers,
  };
  const response = await fetch(`${taskflow.url}${path}`, {
    method,
    headers: sent,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.headers.get("content-type")?.startsWith("text/event-stream"))
    throw new Error(`${method} ${path} opened a stream`);
  return { status: response.status, headers: response.headers, text: await response.text() };
};

interface Owned {
  readonly task: WrittenTask;
  readonly trashed: WrittenTask;
  readonly tokenId: string;
  readonly notificationId: string;
  readonly deliveryId: string;
}

const ownThings = async (): Promise<Owned> => {
  const add = async (): Promise<WrittenTask> =>
    (
      await owner.api<WrittenTask>("POST", "/tasks", {
        title: SECRET,
        description: SECRET,
        due_date: "2999-01-01",
        reminder_offset: "P1D",
      })
    ).body;
  const [task, trashed] = [await add(), await add()];
  await owner.api("DELETE", `/tasks/${trashed.id}`);
  const { body } = await owner.api<IssuedApiToken>("POST", "/auth/tokens", { name: SECRET, scopes: ["read"] });
  const { body: delivery } = await owner.api<NotificationDelivery>("POST", "/notifications/test", { channel: "inbox" });
  return { task, trashed, tokenId: body.id, notificationId: delivery.notification_id, deliveryId: delivery.id };
};

/** Bodies that each route would take, so that nothing but the ownership can be what refuses. */
const bodyFor = (path: string, method: string, { task }: Owned): unknown => {
  if (path.endsWith("/tasks/bulk")) return { operations: [{ op: "delete", id: task.id }] };
  if (path.endsWith("/revert")) return { as_of: new Date().toISOString() };
  if (path.endsWith("/snooze")) return { minutes: 5 };
  if (path.includes("/reminder") && ["put", "post"].includes(method)) return { offset: "PT1H" };
  return ["put", "patch"].includes(method) && path.includes("/tasks/") ? { title: "taken over" } : undefined;
};

/** What a route must be asked with. */
const queryFor = (template: string): string => (template.endsWith("/diff") ? `?from=${new Date().toISOString()}` : "");

describe("another user's ids", () => {
  it("are a 404 on every route that takes one, and tell nothing and change nothing", async () => {
    const things = await ownThings();
    const ids: Record<string, readonly string[]> = {
      "/tasks/": [things.task.id, things.trashed.id],
      "/reminders/": things.task.reminders?.map(({ id }) => id) ?? [],
      "/auth/tokens/": [things.tokenId],
      "/notifications/": [things.notificationId],
      "/notification-deliveries/": [things.deliveryId],
      "/undo/": [things.task.undo ?? ""],
    };
    const tried: string[] = [];
    for (const [template, operations] of Object.entries(document.paths))
      for (const method of Object.keys(operations)) {
        const kind = Object.keys(ids).find((prefix) => template.includes(prefix));
        if (!template.includes("{") && !template.endsWith("/bulk")) continue;
        assert.ok(kind, `${template} takes an id that this test knows nothing of`);
        for (const id of ids[kind] ?? []) {
          const path = template.replace(/\{\w+\}/, id) + queryFor(template);
          const { status, text } = await request(
            stranger,
            method.toUpperCase(),
            path,
            bodyFor(template, method, things),
          );
          assert.equal(status, 404, `${method} ${path}: ${text}`);
          assert.ok(!text.includes(SECRET), `${method} ${path} tells what is not the caller's`);
          tried.push(`${method} ${template}`);
        }
      }
    assert.ok(tried.length >= 12, tried.join("\n"));
    const { body } = await owner.api<TaskList>("GET", "/tasks");
    assert.deepEqual(
      body.tasks.map(({ id, version, title }) => [id, version, title]),
      [[things.task.id, 1, SECRET]],
    );
    assert.equal((await owner.api<WrittenTask>("POST", `/tasks/${things.trashed.id}/restore`)).body.version, 3);
  });

  it("in a body's user_id are ignored", async () => {
    const { body } = await stranger.api<WrittenTask>("POST", "/tasks", { title: "x", user_id: owner.userId });
    assert.equal(body.user_id, stranger.userId);
  });

  it("never bring an event into the other's log", async () => {
    const { task } = await ownThings();
    const before = await taskflow.events(owner.userId);
    await stranger.api("PATCH", `/tasks/${task.id}`, { title: "x" });
    await stranger.api("POST", "/tasks/bulk", { operations: [{ op: "complete", id: task.id }] });
    assert.deepEqual(await taskflow.events(owner.userId), before);
  });
});

describe("lists", () => {
  it("hold one's own things only", async () => {
    await ownThings();
    const alone = await taskflow.client.register();
    for (const [template, operations] of Object.entries(document.paths)) {
      if (!("get" in operations) || template.includes("{") || template.endsWith("/stream")) continue;
      const { text } = await request(alone, "GET", template);
      assert.ok(!text.includes(SECRET), template);
    }
  });
});

describe("without a token", () => {
  it("every route that is not public is a 401, before anything else is looked at", async () => {
    const { task } = await ownThings();
    for (const [template, operations] of Object.entries(document.paths))
      for (const [method, { security }] of Object.entries(operations)) {
        if (security !== undefined) continue;
        const response = await fetch(taskflow.url + template.replace(/\{\w+\}/, task.id), {
          method: method.toUpperCase(),
        });
        assert.equal(response.status, 401, `${method} ${template}`);
        assert.equal(response.headers.get("www-authenticate"), "Bearer");
      }
  });

  it("a token that only reads writes nothing", async () => {
    const { task } = await ownThings();
    const {
      body: { token },
    } = await owner.api<IssuedApiToken>("POST", "/auth/tokens", { name: "reader", scopes: ["read"] });
    const reader = taskflow.client.api(token);
    assert.equal((await reader("GET", `/tasks/${task.id}`)).status, 200);
    for (const [method, path, body] of [
      ["POST", "/tasks", { title: "x" }],
      ["PATCH", `/tasks/${task.id}`, {}],
      ["DELETE", `/tasks/${task.id}`],
      ["POST", `/tasks/${task.id}/complete`],
      ["POST", `/undo/${task.undo}`],
    ] as const)
      assertRefused(await reader<Problem>(method, path, body), 403, "insufficient_scope");
  });
});

describe("the owner form /api/{user_id}/…", () => {
  it("is the same as /api/v1/… for the user whose token it is", async () => {
    const base = `/api/${owner.userId}`;
    const made = await request(owner, "POST", `${base}/tasks`, { title: "by owner" });
    assert.equal(made.status, 201);
    const task = JSON.parse(made.text) as WrittenTask;
    for (const [method, path, status, body] of [
      ["GET", `${base}/tasks`, 200],
      ["GET", `${base}/tasks?limit=1&status=all`, 200],
      ["GET", `${base}/tasks/${task.id}`, 200],
      ["PUT", `${base}/tasks/${task.id}`, 200, { completed: true }],
      ["POST", `/api/${owner.userId.toUpperCase()}/tasks/${task.id}/reopen`, 200],
      ["DELETE", `${base}/tasks/${task.id}`, 204],
    ] as const)
      assert.equal((await request(owner, method, path, body)).status, status, `${method} ${path}`);
    assert.equal(task.user_id, owner.userId);
  });

  it("of anyone else is a 404 on every route that needs a token", async () => {
    const { task } = await ownThings();
    for (const [template, operations] of Object.entries(document.paths))
      for (const [method, { security }] of Object.entries(operations)) {
        if (security !== undefined && !template.includes("/notifications/")) continue;
        const path = template.replace("/api/v1", `/api/${owner.userId}`).replace(/\{\w+\}/, task.id);
        const { status, text } = await request(stranger, method.toUpperCase(), path);
        assert.equal(status, 404, `${method} ${path}: ${text}`);
      }
  });

  it("of someone who is not there is the same 404", async () => {
    const nobody = "00000000-0000-4000-8000-000000000000";
    const [missing, foreign] = [
      await request(stranger, "GET", `/api/${nobody}/tasks`),
      await request(stranger, "GET", `/api/${owner.userId}/tasks`),
    ];
    const same = ({ text }: { text: string }) => ({ ...(JSON.parse(text) as object), correlation_id: "" });
    assert.deepEqual([missing.status, same(missing)], [404, same(foreign)]);
  });
});
