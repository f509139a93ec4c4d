import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { text as readText } from "node:stream/consumers";
import { after, before, beforeEach, describe, it } from "node:test";
import { type Problem, type ProblemCode, problems } from "../../src/contract/problem.ts";
import type { Task, TaskList, WrittenTask } from "../../src/contract/task.ts";
import { isBlank } from "../../src/domain/visible-text.ts";
import { type OpenApiDocument, type OpenApiOperation, readOpenApi } from "../harness/answer-check.ts";
import type { TestUser } from "../harness/client.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import {
  hostileBodies,
  hostileContentTypes,
  hostileHeaders,
  hostileTargets,
  hostileTexts,
  hostileValues,
} from "./hostile-values.ts";

let taskflow: TaskFlow;
let user: TestUser;
let task: WrittenTask;
/** Writes of one task wait for each other, so there are several. */
const victims: string[] = [];
let turn = 0;
let operations: readonly Operation[];

interface Operation extends OpenApiOperation {
  readonly method: string;
  readonly path: string;
}

before(async () => {
  taskflow = await startTaskFlow({ env: { TASKFLOW_LOG_LEVEL: "warn" } });
  user = await taskflow.client.register();
  const { body: made } = await user.api<WrittenTask>("POST", "/tasks", { title: "untouched" });
  // Changed once, so that no undo handle that is tried here is good for it.
  ({ body: task } = await user.api<WrittenTask>("PATCH", `/tasks/${made.id}`, { description: "" }));
  for (let count = 0; count < 16; count += 1)
    victims.push((await user.api<WrittenTask>("POST", "/tasks", { title: "victim" })).body.id);
  operations = operationsOf(await readOpenApi(taskflow.url));
});
after(() => taskflow.stop());
// All of it may take longer than an access token lives.
beforeEach(async () => {
  user = await taskflow.client.login(user);
});

/** Ends a test that hangs; a busy machine may take long for an answer. */
const LONGEST_MS = 120_000;

const operationsOf = ({ paths }: OpenApiDocument): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );

const propertiesOf = ({ requestBody }: OpenApiOperation): Readonly<Record<string, object>> => {
  const schema: { properties?: Readonly<Record<string, object>> } =
    requestBody?.content["application/json"]?.schema ?? {};
  return schema.properties ?? {};
};

interface Raw {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

interface RawRequest {
  readonly method: string;
  /** The request target, as it is written. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A request with nothing put right on the way, as fetch would. */
const send = async ({ method, target, headers = {}, body }: RawRequest): Promise<Raw> => {
  const { hostname, port } = new URL(taskflow.url);
  const sent = {
    authorization: `Bearer ${user.token}`,
    connection: "close",
    ...(body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const { promise, resolve, reject } = Promise.withResolvers<Raw>();
  const request = httpRequest({ hostname, port, method, path: target, headers: sent }, (response) => {
    const type = response.headers["content-type"] ?? "";
    if (type.startsWith("text/event-stream")) {
      response.destroy();
      return resolve({ status: response.statusCode ?? 0, type, text: "" });
    }
    readText(response).then((text) => resolve({ status: response.statusCode ?? 0, type, text }), reject);
  });
  request.on("error", reject);
  request.setTimeout(LONGEST_MS, () =>
    request.destroy(new Error(`${method} ${target.slice(0, 100)} was not answered`)),
  );
  request.end(body);
  return promise;
};

/** Anything but a fault: an answer, or a refusal with a code of the table that names the field where there is one. */
const assertHarmless = ({ status, type, text }: Raw, what: string): void => {
  assert.ok(status >= 100 && status < 500, `${what} was answered ${status}: ${text.slice(0, 500)}`);
  if (status < 400) return;
  assert.match(type, /^application\/problem\+json/, `${what} was answered ${status} ${type} ${text.slice(0, 200)}`);
  const problem = JSON.parse(text) as Problem;
  assert.equal(problems[problem.code as ProblemCode]?.status, status, what);
  if (problem.code === "validation")
    assert.ok(
      (problem.errors ?? []).length > 0 && problem.errors?.every(({ field }) => field !== ""),
      `${what} names no field: ${text.slice(0, 300)}`,
    );
};

const label = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 80);

/** Runs all, a few at a time. */
const inParallel = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const item of queue) await work(item);
    }),
  );
};

const targetOf = (path: string, hole: string): string =>
  path.replace(/\{\w+\}/, encodeURIComponent(hole.toWellFormed()));
/** A victim's id, but for what would take it away. */
const usualHole = ({ path, method }: Pick<Operation, "path" | "method">): string => {
  if (path.includes("/undo/")) return "MS0x";
  return method === "DELETE" ? randomUUID() : (victims[(turn += 1) % victims.length] ?? "");
};

/** What ends the caller's account or is slow on purpose (argon2) is tried with a few values only. */
const isCostly = ({ path, method }: Operation): boolean =>
  /\/auth\/(register|signup|login|password|email|me$)/.test(path) && method !== "GET";
const some = <T>(values: readonly T[], operation: Operation, step = 12): readonly T[] =>
  isCostly(operation) ? values.filter((_value, index) => index % step === 0) : values;

describe("the hostile values", () => {
  it("are many", () => assert.ok(hostileTexts.length + hostileValues.length + hostileBodies.length >= 200));
});

describe("hostile texts and values", () => {
  it("in every field of every body", async () => {
    const tries = operations.flatMap((operation) => {
      const fields = Object.entries({ ...propertiesOf(operation), unknown: {} });
      const values = [...hostileTexts, ...hostileValues];
      // A field that is not read needs no more than a sample.
      return operation.requestBody === undefined
        ? []
        : fields.flatMap(([field, schema]) =>
            some(values, operation)
              .filter((_value, index) => "type" in schema || "anyOf" in schema || index % 10 === 0)
              .map((value) => ({ operation, field, value })),
          );
    });
    assert.ok(tries.length > 3_000);
    await inParallel(tries, async ({ operation, field, value }) => {
      const { method, path } = operation;
      const valid = {
        title: "x",
        email: `${randomUUID()}@example.org`,
        password: "long enough",
        name: "x",
        scopes: ["read"],
        refresh_token: "x",
      };
      const fitting = Object.fromEntries(Object.entries(valid).filter(([name]) => name in propertiesOf(operation)));
      const body = JSON.stringify({ ...fitting, [field]: value });
      assertHarmless(
        await send({ method, target: targetOf(path, usualHole({ path, method })), body }),
        `${method} ${path} ${field}=${label(value)}`,
      );
    });
  });

  it("in every field of bulk operations", async () => {
    const tries = [...hostileTexts, ...hostileValues].flatMap((value) =>
      ["op", "id", "version", "task", "patch", "unknown"]
        .map((field) => ({ operations: [{ op: "update", id: task.id, patch: {}, [field]: value }] }))
        .concat([
          { operations: [{ op: "create", task: { title: value } }] } as never,
          { operations: [value] } as never,
        ]),
    );
    await inParallel(tries, async (body) =>
      assertHarmless(
        await send({ method: "POST", target: "/api/v1/tasks/bulk", body: JSON.stringify(body) }),
        label(body),
      ),
    );
  });

  it("in every parameter of every query and path", async () => {
    const tries = operations.flatMap((operation) =>
      (operation.parameters ?? [])
        .filter((parameter) => parameter.in !== "header")
        .flatMap(({ name, in: place }) => hostileTexts.map((value) => ({ ...operation, name, place, value }))),
    );
    assert.ok(tries.length > 1_000);
    await inParallel(tries, async ({ method, path, name, place, value }) => {
      const target =
        place === "path"
          ? targetOf(path, value.slice(0, 3_000))
          : `${targetOf(path, usualHole({ path, method }))}?${name}=${encodeURIComponent(value.toWellFormed().slice(0, 3_000))}`;
      assertHarmless(await send({ method, target }), `${method} ${path} ${name}=${label(value)}`);
    });
  });

  it("in cursors that look right", async () => {
    const values = hostileTexts.flatMap((value) =>
      ["title", "created_at", "priority", "due_date"].map((sort) => ({ sort, value })),
    );
    await inParallel(values, async ({ sort, value }) => {
      const cursor = Buffer.from(
        JSON.stringify([sort, "asc", value.slice(0, 500), randomUUID(), 7, value.slice(0, 100)]),
      ).toString("base64url");
      assertHarmless(
        await send({ method: "GET", target: `/api/v1/tasks?sort_by=${sort}&sort_order=asc&cursor=${cursor}` }),
        `${sort} ${label(value)}`,
      );
    });
  });
});

describe("hostile requests", () => {
  it("bodies, to every route, with and without an idempotency key", async () => {
    const tries = operations.flatMap((operation) =>
      some(hostileBodies, operation, 5).flatMap(([what, body]) =>
        [true, false].map((keyed) => ({ ...operation, what, body, keyed })),
      ),
    );
    await inParallel(tries, async ({ method, path, what, body, keyed }) => {
      const headers: Record<string, string> = keyed ? { "idempotency-key": randomUUID() } : {};
      assertHarmless(
        await send({ method, target: targetOf(path, usualHole({ path, method })), body, headers }),
        `${method} ${path} with ${what}`,
      );
    });
  });

  it("content types", async () => {
    await inParallel(
      operations.flatMap((operation) =>
        some(hostileContentTypes, operation, 5).map((type) => ({ ...operation, type })),
      ),
      async ({ method, path, type }) =>
        assertHarmless(
          await send({
            method,
            target: targetOf(path, usualHole({ path, method })),
            body: '{"title":"x"}',
            headers: { "content-type": type },
          }),
          `${method} ${path} as ${type}`,
        ),
    );
  });

  it("headers", async () => {
    await inParallel(
      hostileHeaders.flatMap(([name, value]) =>
        [
          { method: "POST", target: "/api/v1/tasks", body: '{"title":"x"}' },
          { method: "PATCH", target: `/api/v1/tasks/${task.id}`, body: "{}" },
          { method: "GET", target: "/api/v1/tasks" },
          { method: "GET", target: "/api/v1/notifications/stream" },
        ].map((request) => ({ ...request, headers: { [name]: value } })),
      ),
      async (request) =>
        assertHarmless(await send(request), `${request.method} ${request.target} ${label(request.headers)}`),
    );
  });

  it("addresses", async () => {
    await inParallel(hostileTargets, async (target) =>
      assertHarmless(await sendLine(`GET ${target} HTTP/1.1`), target),
    );
  });

  it("what is no HTTP at all", async () => {
    for (const line of [
      "",
      "GET",
      "GET /",
      "GET / HTTP/9.9",
      "NOPE /api/v1/tasks HTTP/1.1",
      "GET /api/v1/tasks HTTP/1.1\r\nContent-Length: -1",
      "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3",
      "GET / HTTP/1.1\r\nX: \u0000",
      `GET / HTTP/1.1\r\nX: ${"y".repeat(100_000)}`,
      "\u0016\u0003\u0001",
    ])
      assertHarmless(await sendLine(line), label(line));
  });

  it("methods", async () => {
    await inParallel(
      operations
        .flatMap(({ path }) =>
          ["HEAD", "OPTIONS", "TRACE", "PROPFIND", "PUT", "DELETE"].map((method) => ({ method, path })),
        )
        .filter(({ method, path }) => !(method === "DELETE" && path.endsWith("/auth/me"))),
      async ({ method, path }) => {
        const { status } = await send({ method, target: targetOf(path, randomUUID()) });
        assert.ok(status < 500, `${method} ${path} was answered ${status}`);
      },
    );
  });
});

/** Writes a request line as it is, and reads the answer's head. */
const sendLine = async (line: string): Promise<Raw> => {
  const { hostname, port } = new URL(taskflow.url);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(LONGEST_MS, () => socket.destroy(new Error(`${label(line)} was not answered`)));
  socket.write(
    Buffer.from(`${line}\r\nHost: x\r\nAuthorization: Bearer ${user.token}\r\nConnection: close\r\n\r\n`, "latin1"),
  );
  const answer = await readText(socket);
  const [head = "", text = ""] = answer.split("\r\n\r\n", 2);
  return { status: Number(head.split(" ")[1]), type: /^content-type: (.*)$/im.exec(head)?.[1] ?? "", text };
};

describe("what was accepted", () => {
  const asKept = (text: string): string => text.toWellFormed();

  it("reads back as it was sent, in every field of a task", async () => {
    let accepted = 0;
    await inParallel(hostileTexts, async (text) => {
      for (const field of ["title", "description"] as const) {
        const { status, body } = await user.api<WrittenTask>("POST", "/tasks", { title: "x", [field]: text });
        if (status !== 201) continue;
        accepted += 1;
        const { body: read } = await user.api<Task>("GET", `/tasks/${body.id}`);
        assert.equal(read[field], field === "title" ? asKept(text).trim() : asKept(text), label(text));
      }
    });
    assert.ok(accepted > 250, `${accepted} accepted`);
  });

  it("is in the list, in its events and in the other fields' neighbours", async () => {
    const ada = await taskflow.client.register();
    const sent = hostileTexts.filter(
      (text) => !isBlank(asKept(text)) && !text.includes("\0") && [...asKept(text).trim()].length <= 255,
    );
    for (const text of sent) assert.equal((await ada.api("POST", "/tasks", { title: text })).status, 201, label(text));
    const titles: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const { body }: { body: TaskList } = await ada.api<TaskList>(
        "GET",
        `/tasks?sort_by=title&limit=7${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      titles.push(...body.tasks.map(({ title }) => title));
      cursor = body.next_cursor;
    }
    const expected = sent.map((text) => asKept(text).trim());
    assert.deepEqual(titles.toSorted(), expected.toSorted());
    assert.deepEqual(
      (await taskflow.events(ada.userId)).map(({ task: { title } }) => title),
      expected,
    );
  });

  it("did not touch anything else", async () => {
    const { body } = await user.api<Task>("GET", `/tasks/${task.id}`);
    assert.equal(body.title, task.title);
    assert.equal(Object.hasOwn(Object.prototype, "isAdmin"), false);
    assert.equal(
      taskflow
        .logged()
        .split("\n")
        .filter((line) => line.includes('"level":50')).length,
      0,
      "no fault was logged",
    );
  });
});
