import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { after, before, describe, it } from "node:test";
import type { IssuedApiToken } from "../../src/contract/account.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { Api, TestUser } from "../harness/client.ts";
import { assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";

const env = { TASKFLOW_JWT_SECRET: "one secret for both of the replicas here" };
let taskflow: TaskFlow;
let replica: TaskFlow;

before(async () => {
  taskflow = await startTaskFlow({ env });
  replica = await startTaskFlow({ env, databaseUrl: taskflow.databaseUrl });
});
after(async () => {
  await replica.stop();
  await taskflow.stop();
});

const anyone: Api = (...request_) => taskflow.client.api()(...request_);
const logout = ({ session }: TestUser) => anyone("POST", "/auth/logout", { refresh_token: session.refresh_token });

const ways: Readonly<Record<string, (user: TestUser, other: TestUser) => Promise<unknown>>> = {
  "a logout": logout,
  "a change of the password on another device": (user, other) =>
    other.api("POST", "/auth/password", { current_password: user.password, new_password: "a new pass phrase" }),
  "a refresh token that is used twice": async (user) => {
    const { refresh_token } = user.session;
    await anyone("POST", "/auth/refresh", { refresh_token });
    await taskflow.query("UPDATE refresh_tokens SET used_at = used_at - interval '1 minute' WHERE user_id = $1", [
      user.userId,
    ]);
    return anyone("POST", "/auth/refresh", { refresh_token });
  },
  "the closing of the account": (user) => user.api("DELETE", "/auth/me", { password: user.password }),
};

describe("an access token", () => {
  for (const [name, end] of Object.entries(ways))
    it(`is refused at once after ${name}, and soon by every replica`, async () => {
      const user = await taskflow.client.register();
      const other = await taskflow.client.login(user);
      const elsewhere = replica.client.api(user.token);
      assert.equal((await elsewhere("GET", "/tasks")).status, 200);
      await end(user, other);
      assertRefused(await user.api<Problem>("POST", "/tasks", { title: "late" }), 401, "unauthenticated");
      await until("the replica knows", async () => (await elsewhere("GET", "/tasks")).status === 401);
    });

  it("is refused after its user was disabled, by whomever, and after the user is enabled again", async () => {
    const user = await taskflow.client.register();
    const { body } = await user.api<IssuedApiToken>("POST", "/auth/tokens", {
      name: "script",
      scopes: ["read"],
      independent: true,
    });
    await taskflow.query("UPDATE users SET disabled_at = now() WHERE id = $1", [user.userId]);
    await until("the session has ended", async () => (await user.api("GET", "/tasks")).status === 401);
    assertRefused(await taskflow.client.api(body.token)<Problem>("GET", "/tasks"), 401, "unauthenticated");
    await taskflow.query("UPDATE users SET disabled_at = NULL WHERE id = $1", [user.userId]);
    assertRefused(await user.api<Problem>("GET", "/tasks"), 401, "unauthenticated");
    assert.equal((await taskflow.client.api(body.token)("GET", "/tasks")).status, 200);
    assert.equal((await (await taskflow.client.login(user)).api("GET", "/tasks")).status, 200);
  });

  it("of a session that ended before the process began is refused by it", async () => {
    const user = await taskflow.client.register();
    await logout(user);
    const late = await startTaskFlow({ env, databaseUrl: taskflow.databaseUrl });
    try {
      assertRefused(await late.client.api(user.token)<Problem>("GET", "/tasks"), 401, "unauthenticated");
    } finally {
      await late.stop();
    }
  });

  it("stays good when another session of the user ends", async () => {
    const user = await taskflow.client.register();
    await logout(await taskflow.client.login(user));
    assert.equal((await user.api("GET", "/tasks")).status, 200);
  });
});

describe("a request that began before its token ended", () => {
  it("does nothing when its body comes after", async () => {
    const user = await taskflow.client.register();
    const sending = request(`${taskflow.url}/api/v1/tasks`, {
      method: "POST",
      headers: { authorization: `Bearer ${user.token}`, "content-type": "application/json" },
    });
    const answered = once(sending, "response");
    sending.write('{"title": ');
    // Another request on another connection: by its answer the first one's head was read.
    assert.equal((await user.api("GET", "/tasks")).status, 200);
    await logout(user);
    sending.end('"late"}');
    const [answer] = (await answered) as [{ statusCode: number }];
    assert.equal(answer.statusCode, 401);
    assert.deepEqual(await taskflow.events(user.userId), []);
  });

  it("gives no more of a long answer", async () => {
    const user = await taskflow.client.register();
    await taskflow.query(
      `INSERT INTO task_events (user_id, sequence, occurred_at, event_id, event_type, task_id, task_version, actor_kind, actor_id,
         correlation_id, task_title, changes, salt, hash)
       SELECT $1::uuid, n, date_trunc('milliseconds', now()), gen_random_uuid(), 'task.created', gen_random_uuid(), 1, 'person', $1::text, 'test', repeat('x', 255),
         '{}', '\\x00', '\\x00' FROM generate_series(1, 40000) n`,
      [user.userId],
    );
    const asked = request(`${taskflow.url}/api/v1/audit-logs?format=ndjson`, {
      headers: { authorization: `Bearer ${user.token}` },
      agent: false,
    }).end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    assert.equal(answer.statusCode, 200);
    await logout(user);
    answer.on("error", () => undefined).resume();
    await new Promise((closed) => answer.once("close", closed));
    assert.equal(answer.complete, false, "cut before its end");
  });
});
