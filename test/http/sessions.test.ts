import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Session, User } from "../../src/contract/account.ts";
import type { Problem } from "../../src/contract/problem.ts";
import { createDatabase } from "../../src/adapters/db/database.ts";
import { deleteExpired } from "../../src/services/chat-api/accounts/expiry.ts";
import type { Api } from "../harness/client.ts";
import { duringTransaction } from "../harness/open-transaction.ts";
import { assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

/** Stands still but where a test moves it: the seconds of grace do not pass on a busy machine. */
const clock = { at: Date.now(), now: () => clock.at };
let taskflow: TaskFlow;

before(async () => {
  taskflow = await startTaskFlow({ clock });
});
after(() => taskflow.stop());

const anyone: Api = (...request) => taskflow.client.api()(...request);
const register = (...input: Parameters<TaskFlow["client"]["register"]>) => taskflow.client.register(...input);

describe("a session", () => {
  const refresh = (refresh_token: string) => anyone<Session & Problem>("POST", "/auth/refresh", { refresh_token });

  it("goes on with a new refresh token each time", async () => {
    const { session, userId } = await register();
    const second = await refresh(session.refresh_token);
    const third = await refresh(second.body.refresh_token);
    assert.deepEqual([second.status, third.status], [200, 200]);
    assert.equal(new Set([session.refresh_token, second.body.refresh_token, third.body.refresh_token]).size, 3);
    assert.equal((await taskflow.client.api(third.body.access_token)<User>("GET", "/auth/me")).body.id, userId);
  });

  it("ends, all of it, when a refresh token is used again after the seconds of grace", async () => {
    const user = await register();
    const second = await refresh(user.session.refresh_token);
    clock.at += 10_000;
    assertRefused(await refresh(user.session.refresh_token), 401, "session_revoked");
    assertRefused(await refresh(second.body.refresh_token), 401, "session_revoked");
    assert.equal((await anyone("POST", "/auth/login", user)).status, 422, "a login takes e-mail and password only");
    assert.equal((await anyone("POST", "/auth/login", { email: user.email, password: user.password })).status, 200);
  });

  it("goes on with one token for all who refresh with one token at once", async () => {
    const { session, userId } = await register();
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(session.refresh_token)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      Array.from({ length: 8 }, () => 200),
    );
    assert.equal(new Set(answers.map(({ body }) => body.refresh_token)).size, 1);
    for (const { body } of answers)
      assert.equal((await taskflow.client.api(body.access_token)<User>("GET", "/auth/me")).body.id, userId);
    assert.equal((await taskflow.query("SELECT FROM refresh_tokens WHERE user_id = $1", [userId])).length, 2);
    assert.equal((await refresh(answers[7]?.body.refresh_token ?? "")).status, 200);
  });

  it("counts the seconds of grace from the first use", async () => {
    const { session } = await register();
    await refresh(session.refresh_token);
    clock.at += 9_999;
    assert.equal((await refresh(session.refresh_token)).status, 200);
    clock.at += 1;
    assertRefused(await refresh(session.refresh_token), 401, "session_revoked");
  });

  it("has no grace once it was ended", async () => {
    const { session } = await register();
    const second = await refresh(session.refresh_token);
    await anyone("POST", "/auth/logout", { refresh_token: second.body.refresh_token });
    assertRefused(await refresh(session.refresh_token), 401, "session_revoked");
  });

  it("ends whole, also when its newest token is being rotated meanwhile", async () => {
    const { session, userId } = await register();
    const second = await refresh(session.refresh_token);
    clock.at += 10_000;
    const rotation = [
      ["UPDATE refresh_tokens SET used_at = now() WHERE user_id = $1 AND used_at IS NULL", [userId]],
      [
        "INSERT INTO refresh_tokens SELECT sha256('third'), family_id, user_id, now(), expires_at FROM refresh_tokens WHERE user_id = $1 LIMIT 1",
        [userId],
      ],
    ] as const;
    const reuse = await duringTransaction(taskflow.databaseUrl, rotation, () => refresh(session.refresh_token));
    assertRefused(reuse, 401, "session_revoked");
    assertRefused(await refresh(second.body.refresh_token), 401, "session_revoked");
    assert.deepEqual(await taskflow.query("SELECT FROM refresh_tokens WHERE user_id = $1", [userId]), []);
  });

  it("leaves the user's other sessions alone", async () => {
    const { session, email, password } = await register();
    const other = await anyone<Session>("POST", "/auth/login", { email, password });
    assert.equal((await anyone("POST", "/auth/logout", { refresh_token: session.refresh_token })).status, 204);
    assert.equal((await refresh(other.body.refresh_token)).status, 200);
  });

  it("ends with a logout by any of its tokens, which is safe to repeat", async () => {
    const { session } = await register();
    const second = await refresh(session.refresh_token);
    for (let times = 0; times < 2; times += 1) {
      const { status, body } = await anyone("POST", "/auth/logout", { refresh_token: session.refresh_token });
      assert.deepEqual([status, body], [204, undefined]);
    }
    assertRefused(await refresh(second.body.refresh_token), 401, "session_revoked");
  });

  it("is over after 30 days", async () => {
    const { session, userId } = await register();
    const [token] = await taskflow.query<{ days: number }>(
      "SELECT extract(day FROM expires_at - created_at)::int AS days FROM refresh_tokens WHERE user_id = $1",
      [userId],
    );
    assert.equal(token?.days, 30);
    await taskflow.query("UPDATE refresh_tokens SET expires_at = now() - interval '1 day' WHERE user_id = $1", [
      userId,
    ]);
    assertRefused(await refresh(session.refresh_token), 401, "session_revoked");
  });

  it("that is over is deleted in time, and no other", async () => {
    const [over, going] = [await register(), await register()];
    await taskflow.query("UPDATE refresh_tokens SET expires_at = now() - interval '1 day' WHERE user_id = $1", [
      over.userId,
    ]);
    const database = createDatabase({
      url: taskflow.databaseUrl,
      connections: 1,
      applicationName: "test",
      onConnectionError: assert.ifError,
    });
    await deleteExpired({
      database,
      clock: { now: () => Date.now() },
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    await database.close();
    const left = await taskflow.query("SELECT user_id FROM refresh_tokens WHERE user_id = ANY ($1)", [
      [over.userId, going.userId],
    ]);
    assert.deepEqual(left, [{ user_id: going.userId }]);
  });

  it("that never was is over too", async () => {
    assertRefused(await refresh(""), 401, "session_revoked");
    assertRefused(await refresh("\u0000é"), 401, "session_revoked");
    assertRefused(await refresh("x".repeat(201)), 422, "validation");
  });
});
