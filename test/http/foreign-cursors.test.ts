import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import type { BulkAnswer, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";

const SECRET = "the owner's secret";

let taskflow: TaskFlow;
/** The first account: an administrator, who is recorded reading others' history. */
let owner: TestUser;
let stranger: TestUser;
let openedAt: string;
let asOf: string;

before(async () => {
  taskflow = await startTaskFlow();
  owner = await taskflow.client.register();
  stranger = await taskflow.client.register();
  openedAt = new Date().toISOString();
  for (const [user, title] of [
    [owner, SECRET],
    [stranger, "the stranger's own"],
  ] as const) {
    const task = { title, due_date: "2999-01-01", reminders: [{ offset: "PT1H" }, { offset: "PT2H" }] };
    await user.api("POST", "/tasks/bulk", {
      operations: Array.from({ length: 3 }, () => ({ op: "create", task })),
    });
    for (let told = 0; told < 3; told += 1) await user.api("POST", "/notifications/test", { channel: "inbox" });
    await owner.api("GET", `/audit-logs?user_id=${stranger.userId}`);
  }
  await until("everything to be learned", async () => {
    const [row] = await taskflow.query<{ learned: boolean }>(
      "SELECT (SELECT count(*) FROM task_events) >= 6 AND (SELECT count(*) FROM reminder_schedule) >= 12 AS learned",
    );
    return row?.learned === true;
  });
  asOf = new Date().toISOString();
});
after(() => taskflow.stop());

const lists = (): string[] => [
  ...["created_at", "completed_at", "due_date", "priority", "title"].map((by) => `/tasks?sort_by=${by}`),
  `/tasks?as_of=${asOf}`,
  `/tasks/diff?from=${openedAt}`,
  "/audit-logs?",
  "/audit-reads?",
  "/reminders?",
  "/notifications?",
  "/notification-deliveries?",
];

interface Page {
  readonly next_cursor?: string | null;
}

const read = async (user: TestUser, path: string) => {
  const { status, body } = await user.api<Page & Problem>("GET", path);
  return { status, cursor: body.next_cursor ?? null, code: body.code, text: JSON.stringify(body) };
};

/** Cursors that somebody made of a real one: each part of it replaced by what a list may not be able to compare with. */
const tampered = (cursor: string): string[] => {
  const text = Buffer.from(cursor, "base64url").toString();
  const values = [
    "2026-02-30T00:00:00.000Z",
    "0000-01-01T00:00:00.000Z",
    "2026-01-01 99:00:00",
    "99999999999999999999",
    "-1",
    "NaN",
    "\u0000",
    "' OR true --",
    owner.userId,
  ];
  const parts = text.match(/[\w:.-]+/g) ?? [];
  const replaced = parts.flatMap((part) => values.map((value) => text.replace(part, () => value)));
  const cut = [text.slice(0, -3), `${text}x`, text.slice(3), "[]", "null", '["id"]', "{}"];
  return [...replaced, ...cut].map((changed) => Buffer.from(changed).toString("base64url"));
};

describe("a cursor", () => {
  it("of someone else's list shows one's own, or is refused", async () => {
    for (const list of lists()) {
      const { cursor, text } = await read(owner, `${list}&limit=1`);
      assert.ok(cursor, `${list} has one page only: ${text}`);
      const answer = await read(stranger, `${list}&cursor=${cursor}`);
      assert.ok(answer.status === 200 || answer.code === "invalid_cursor", `${list}: ${answer.text}`);
      for (const secret of [SECRET, owner.userId, owner.email])
        assert.ok(!answer.text.includes(secret), `${list}: ${answer.text}`);
    }
  });

  it("that was tampered with shows one's own, or is refused", async () => {
    for (const list of lists()) {
      const { cursor } = await read(owner, `${list}&limit=1`);
      const attempts = [...new Set(tampered(cursor ?? ""))].map(async (changed) => {
        const answer = await read(stranger, `${list}&cursor=${changed}`);
        const what = `${list}&cursor=${changed} (${Buffer.from(changed, "base64url").toString()}): ${answer.text}`;
        assert.ok(answer.status === 200 || answer.code === "invalid_cursor", what);
        assert.ok(!answer.text.includes(SECRET), what);
      });
      await Promise.all(attempts);
    }
  });

  it("of another list is refused", async () => {
    const cursors = new Map<string, string>();
    for (const list of lists()) cursors.set(list, (await read(stranger, `${list}&limit=1`)).cursor ?? "");
    const sameKind = (one: string, other: string): boolean =>
      [one, other].every((list) => list.startsWith("/tasks?")) ||
      [one, other].every((list) => list.startsWith("/notification"));
    for (const [list] of cursors)
      for (const [other, cursor] of cursors) {
        if (list === other || cursor === "" || sameKind(list, other)) continue;
        const answer = await read(stranger, `${list}&cursor=${cursor}`);
        assert.deepEqual([answer.status, answer.code], [400, "invalid_cursor"], `${list} took that of ${other}`);
      }
  });
});

describe("someone else's", () => {
  it("Idempotency-Key is one of one's own", async () => {
    const write = (user: TestUser, title: string) =>
      user.api<WrittenTask>("POST", "/tasks", { title }, { "idempotency-key": "of both" });
    const [hers, his] = [await write(owner, SECRET), await write(stranger, "mine")];
    assert.deepEqual([hers.status, his.status, his.body.title], [201, 201, "mine"]);
    assert.notEqual(hers.body.id, his.body.id);
  });

  it("undo handle, made up or of the same sequences, takes nothing back", async () => {
    const operations = [{ op: "create", task: { title: SECRET } }];
    const { body } = await owner.api<BulkAnswer>("POST", "/tasks/bulk", { operations });
    const before = await taskflow.events(stranger.userId);
    const range = Buffer.from(body.undo ?? "", "base64url").subarray(16);
    for (const handle of [body.undo, range.toString("base64url"), Buffer.from("1-1").toString("base64url")])
      assert.equal((await stranger.api("POST", `/undo/${handle}`)).status, 404);
    assert.deepEqual(await taskflow.events(stranger.userId), before);
  });
});
