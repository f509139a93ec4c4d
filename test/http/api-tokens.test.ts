import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ApiToken, ApiTokenList, IssuedApiToken, NewApiToken, Session, User } from "../../src/contract/account.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { Api, TestUser } from "../harness/client.ts";
import { duringTransaction } from "../harness/open-transaction.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

let taskflow: TaskFlow;
let first: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  first = await taskflow.client.register();
});
after(() => taskflow.stop());

const anyone: Api = (...request) => taskflow.client.api()(...request);
const register = (...input: Parameters<TaskFlow["client"]["register"]>) => taskflow.client.register(...input);

describe("API tokens", () => {
  const issue = async (user: TestUser, wanted: Partial<NewApiToken> = {}): Promise<IssuedApiToken> => {
    const { status, body } = await user.api<IssuedApiToken>("POST", "/auth/tokens", {
      name: "script",
      scopes: ["read", "write"],
      ...wanted,
    });
    assert.equal(status, 201);
    return body;
  };

  it("are shown once, act as their user, and are the actor of what they do", async () => {
    const user = await register();
    const { token, ...shown } = await issue(user);
    assert.match(token, /^tf_[\w-]{43}$/);
    const { body: list } = await user.api<ApiTokenList>("GET", "/auth/tokens");
    assert.deepEqual(list, { tokens: [shown], next_cursor: null });
    assert.equal(shown.independent, false);
    const api = taskflow.client.api(token);
    assert.equal((await api<User>("GET", "/auth/me")).body.id, user.userId);
    assert.equal((await api("POST", "/tasks", { title: "by a script" })).status, 201);
    const [event] = await taskflow.events(user.userId);
    assert.deepEqual([event?.actor_kind, event?.actor_id], ["token", shown.id]);
  });

  it("are kept as a hash only", async () => {
    const user = await register();
    const { token } = await issue(user);
    const rows = await taskflow.query(
      "SELECT * FROM api_tokens a, refresh_tokens r, users u WHERE a.user_id = u.id AND r.user_id = u.id AND u.id = $1",
      [user.userId],
    );
    assert.equal(rows.length, 1);
    const stored = JSON.stringify(rows);
    for (const secret of [token, token.slice(3), user.session.refresh_token, user.password])
      assert.ok(!stored.includes(secret));
  });

  it("may do what their scopes say and no more", async () => {
    const user = await register();
    const reader = taskflow.client.api((await issue(user, { scopes: ["read"] })).token);
    assert.equal((await reader("GET", "/tasks")).status, 200);
    assertRefused(await reader<Problem>("POST", "/tasks", { title: "no" }), 403, "insufficient_scope");
    assertRefused(await reader<Problem>("DELETE", "/auth/me", { password: user.password }), 403, "insufficient_scope");
    const writer = taskflow.client.api((await issue(user, { scopes: ["write"] })).token);
    assert.equal((await writer("POST", "/tasks", { title: "yes" })).status, 201);
    assertRefused(await writer<Problem>("GET", "/tasks"), 403, "insufficient_scope");
  });

  it("have no scope that their maker lacks", async () => {
    const user = await register();
    const wanted = { name: "more", scopes: ["read", "admin"] };
    assertRefused(await user.api<Problem>("POST", "/auth/tokens", wanted), 403, "insufficient_scope");
    assert.deepEqual((await issue(first, { scopes: ["admin"] })).scopes, ["admin"]);
    const writer = taskflow.client.api((await issue(first, { scopes: ["write"] })).token);
    assertRefused(
      await writer<Problem>("POST", "/auth/tokens", { name: "more", scopes: ["read"] }),
      403,
      "insufficient_scope",
    );
    assert.equal((await writer("POST", "/auth/tokens", { name: "same", scopes: ["write"] })).status, 201);
  });

  it("made by a token end with it at the latest", async () => {
    const user = await register();
    const parent = await issue(user, { expires_in_days: 1 });
    const api = taskflow.client.api(parent.token);
    for (const expires_in_days of [undefined, null, 365]) {
      const { body } = await api<IssuedApiToken>("POST", "/auth/tokens", {
        name: "child",
        scopes: ["read"],
        expires_in_days,
      });
      assert.equal(body.expires_at, parent.expires_at);
    }
  });

  it("end with the token that made them, and with what made that", async () => {
    const user = await register();
    const parent = await issue(user);
    const child = await issue({ ...user, api: taskflow.client.api(parent.token) });
    const grandchild = await issue({ ...user, api: taskflow.client.api(child.token) });
    const other = await issue(user);
    assert.equal((await user.api("DELETE", `/auth/tokens/${parent.id}`)).status, 204);
    for (const { token } of [parent, child, grandchild])
      assertRefused(await taskflow.client.api(token)<Problem>("GET", "/auth/me"), 401, "unauthenticated");
    assert.equal((await taskflow.client.api(other.token)("GET", "/auth/me")).status, 200);
  });

  it("end with the session that made them, unless a person said that they are independent", async () => {
    const user = await register();
    const [bound, independent] = [await issue(user), await issue(user, { independent: true })];
    const child = await issue({ ...user, api: taskflow.client.api(bound.token) });
    assert.equal(independent.independent, true);
    await anyone("POST", "/auth/logout", { refresh_token: user.session.refresh_token });
    for (const { token } of [bound, child])
      assertRefused(await taskflow.client.api(token)<Problem>("GET", "/auth/me"), 401, "unauthenticated");
    const survivor = taskflow.client.api(independent.token);
    assert.equal((await survivor("GET", "/auth/me")).status, 200);
    const wanted = { name: "escape", scopes: ["read"], independent: true };
    assertInvalid(await survivor<Problem>("POST", "/auth/tokens", wanted), "independent");
  });

  it("of a session that is being ended meanwhile are not made, or end with it", async () => {
    const user = await register();
    const ending = [["DELETE FROM refresh_tokens WHERE user_id = $1", [user.userId]]] as const;
    const crossing = await duringTransaction(taskflow.databaseUrl, ending, () =>
      user.api<Problem>("POST", "/auth/tokens", { name: "late", scopes: ["read"], password: user.password }),
    );
    assertRefused(crossing, 401, "unauthenticated");
    assert.deepEqual(await taskflow.query("SELECT FROM api_tokens WHERE user_id = $1", [user.userId]), []);
  });

  it("are made after a sign-in of the last ten minutes, or with the password", async () => {
    const user = await register();
    const wanted = { name: "script", scopes: ["read"] };
    await taskflow.query("UPDATE refresh_tokens SET signed_in_at = now() - interval '11 minutes' WHERE user_id = $1", [
      user.userId,
    ]);
    const refreshed = await anyone<Session>("POST", "/auth/refresh", { refresh_token: user.session.refresh_token });
    const api = taskflow.client.api(refreshed.body.access_token);
    const refused = await api<Problem>("POST", "/auth/tokens", wanted);
    assertRefused(refused, 403, "password_required");
    assert.equal(refused.body.errors?.[0]?.field, "password");
    const wrong = await api<Problem>("POST", "/auth/tokens", { ...wanted, password: "wrong" });
    assertRefused(wrong, 403, "wrong_password");
    assert.equal((await api("POST", "/auth/tokens", { ...wanted, password: user.password })).status, 201);
    assert.equal((await (await taskflow.client.login(user)).api("POST", "/auth/tokens", wanted)).status, 201);
  });

  it("end their owner's other tokens not, but themselves and what they made", async () => {
    const user = await register();
    const [parent, other] = [await issue(user), await issue(user)];
    const api = taskflow.client.api(parent.token);
    const grandchild = await issue({
      ...user,
      api: taskflow.client.api((await issue({ ...user, api })).token),
    });
    assertRefused(await api<Problem>("DELETE", `/auth/tokens/${other.id}`), 403, "forbidden");
    assertRefused(
      await taskflow.client.api(grandchild.token)<Problem>("DELETE", `/auth/tokens/${parent.id}`),
      403,
      "forbidden",
    );
    assert.equal((await taskflow.client.api(other.token)("GET", "/auth/me")).status, 200);
    assert.equal((await api("DELETE", `/auth/tokens/${grandchild.id}`)).status, 204);
    assert.equal((await api("DELETE", `/auth/tokens/${parent.id}`)).status, 204);
    assertRefused(await api<Problem>("GET", "/auth/me"), 401, "unauthenticated");
  });

  it("lose the admin scope with their user's role", async () => {
    const user = await register();
    await taskflow.query("UPDATE users SET role = 'admin' WHERE id = $1", [user.userId]);
    const { body } = await anyone<Session>("POST", "/auth/login", { email: user.email, password: user.password });
    const issued = await taskflow.client.api(body.access_token)<IssuedApiToken>("POST", "/auth/tokens", {
      name: "admin",
      scopes: ["write", "admin"],
    });
    await taskflow.query("UPDATE users SET role = 'user' WHERE id = $1", [user.userId]);
    const again = await taskflow.client.api(issued.body.token)<Problem>("POST", "/auth/tokens", {
      name: "more",
      scopes: ["admin"],
    });
    assertRefused(again, 403, "insufficient_scope");
  });

  it("end when they were told to", async () => {
    const user = await register();
    const token = await issue(user, { expires_in_days: 30 });
    assert.equal(Date.parse(token.expires_at ?? "") - Date.parse(token.created_at), 30 * 86_400_000);
    assert.equal((await issue(user, { expires_in_days: null })).expires_at, null);
    const unsaid = await issue(user);
    assert.equal(Date.parse(unsaid.expires_at ?? "") - Date.parse(unsaid.created_at), 90 * 86_400_000);
    const api = taskflow.client.api(token.token);
    assert.equal((await api("GET", "/auth/me")).status, 200);
    await taskflow.query("UPDATE api_tokens SET expires_at = now() - interval '1 second' WHERE id = $1", [token.id]);
    assertRefused(await api<Problem>("GET", "/auth/me"), 401, "unauthenticated");
  });

  it("stop at once when revoked, by their own user only", async () => {
    const [user, stranger] = [await register(), await register()];
    const { id, token } = await issue(user);
    const api = taskflow.client.api(token);
    assertRefused(await stranger.api<Problem>("DELETE", `/auth/tokens/${id}`), 404, "not_found");
    assert.equal((await api("GET", "/auth/me")).status, 200);
    assert.equal((await user.api("DELETE", `/auth/tokens/${id}`)).status, 204);
    assertRefused(await api<Problem>("GET", "/auth/me"), 401, "unauthenticated");
    assertRefused(await user.api<Problem>("DELETE", `/auth/tokens/${id}`), 404, "not_found");
    assertRefused(await user.api<Problem>("DELETE", "/auth/tokens/none"), 404, "not_found");
  });

  it("tell when they were last used, noted at most once a minute", async () => {
    const user = await register();
    const { id, token, last_used_at } = await issue(user);
    const lastUsed = async (): Promise<string | null> =>
      (await user.api<ApiTokenList>("GET", "/auth/tokens")).body.tokens.find((shown: ApiToken) => shown.id === id)
        ?.last_used_at ?? null;
    const use = () => taskflow.client.api(token)("GET", "/auth/me");
    assert.equal(last_used_at, null);
    await use();
    const firstUse = await lastUsed();
    assert.ok(firstUse);
    await use();
    assert.equal(await lastUsed(), firstUse);
    await taskflow.query("UPDATE api_tokens SET last_used_at = now() - interval '61 seconds' WHERE id = $1", [id]);
    await use();
    assert.ok(((await lastUsed()) ?? "") >= firstUse);
  });

  it("are a hundred at most", async () => {
    const user = await register();
    await taskflow.query(
      "INSERT INTO api_tokens SELECT gen_random_uuid(), $1, n::text, sha256(n::text::bytea), '{read}', now() FROM generate_series(1, 99) n",
      [user.userId],
    );
    await issue(user);
    const another = () => user.api<Problem>("POST", "/auth/tokens", { name: "one more", scopes: ["read"] });
    assertRefused(await another(), 409, "conflict");
    await taskflow.query("UPDATE api_tokens SET expires_at = now() WHERE user_id = $1 AND name = '1'", [user.userId]);
    assert.equal((await another()).status, 201, "one that has ended takes no place");
  });

  it("need a name and known scopes", async () => {
    const { api } = await register();
    for (const [field, value] of Object.entries({ name: " ", scopes: [], expires_in_days: 0 })) {
      assertInvalid(
        await api<Problem>("POST", "/auth/tokens", { name: "script", scopes: ["read"], [field]: value }),
        field,
      );
    }
    assertRefused(await api<Problem>("POST", "/auth/tokens", { name: "script", scopes: ["root"] }), 422, "validation");
  });
});
