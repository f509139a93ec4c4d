import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { IssuedApiToken, Session, User } from "../../src/contract/account.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { Api, TestUser } from "../harness/client.ts";
import { duringTransaction } from "../harness/open-transaction.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

let taskflow: TaskFlow;

before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

const anyone: Api = (...request) => taskflow.client.api()(...request);
const register = (...input: Parameters<TaskFlow["client"]["register"]>) => taskflow.client.register(...input);
const login = (email: string, password: string) =>
  anyone<Session & Problem>("POST", "/auth/login", { email, password });
const refresh = ({ refresh_token }: Session) => anyone<Session & Problem>("POST", "/auth/refresh", { refresh_token });
const newPassword = "quite another one";

const assertWrongPassword = (answer: Parameters<typeof assertRefused>[0], field: string): void =>
  assert.deepEqual(
    assertRefused(answer, 403, "wrong_password").errors?.map((error) => error.field),
    [field],
  );

const issueToken = async ({ api }: TestUser): Promise<Api> => {
  const { body } = await api<IssuedApiToken>("POST", "/auth/tokens", { name: "script", scopes: ["read", "write"] });
  return taskflow.client.api(body.token);
};

describe("a change of the password", () => {
  const change = (user: Pick<TestUser, "api" | "password">, sent: object = {}) =>
    user.api<Problem>("POST", "/auth/password", {
      current_password: user.password,
      new_password: newPassword,
      ...sent,
    });

  it("is what one signs in with from then on", async () => {
    const user = await register();
    const { status, body } = await change(user);
    assert.deepEqual([status, body], [204, undefined]);
    assertRefused(await login(user.email, user.password), 401, "invalid_credentials");
    assert.equal((await login(user.email, newPassword)).status, 200);
    const [row] = await taskflow.query<{ password_hash: string }>("SELECT password_hash FROM users WHERE id = $1", [
      user.userId,
    ]);
    assert.match(row?.password_hash ?? "", /^\$argon2id\$/);
  });

  it("ends every other session, and neither the caller's own nor API tokens", async () => {
    const user = await register();
    const others = [(await login(user.email, user.password)).body, (await login(user.email, user.password)).body];
    const api = await issueToken(user);
    // Also a session that has been refreshed is known as the caller's.
    const mine = (await refresh(user.session)).body;
    assert.equal((await change({ api: taskflow.client.api(mine.access_token), password: user.password })).status, 204);
    for (const other of others) assertRefused(await refresh(other), 401, "session_revoked");
    assert.equal((await refresh(mine)).status, 200);
    assert.equal((await api("GET", "/auth/me")).status, 200);
  });

  it("ends nobody else's session", async () => {
    const [user, stranger] = [await register(), await register()];
    await change(user);
    assert.equal((await refresh(stranger.session)).status, 200);
  });

  it("asks for the present password, and a wrong one changes nothing", async () => {
    const user = await register();
    const other = (await login(user.email, user.password)).body;
    assertWrongPassword(await change(user, { current_password: "wrong" }), "current_password");
    assert.equal((await refresh(other)).status, 200);
    assert.equal((await login(user.email, user.password)).status, 200);
  });

  it("has the rules of registering", async () => {
    const user = await register();
    for (const new_password of ["short", "x".repeat(201), null])
      assertInvalid(await change(user, { new_password }), "new_password");
    assertInvalid(await change(user, { current_password: undefined }), "current_password");
    assertInvalid(await change(user, { name: "x" }), "name");
  });

  it("is made by one of two at once", async () => {
    const user = await register();
    const answers = await Promise.all(
      ["the first of two", "the second of two"].map((new_password) => change(user, { new_password })),
    );
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [204, 403]);
  });

  const underWay = (userId: string) =>
    [["UPDATE users SET password_hash = 'of another password' WHERE id = $1", [userId]]] as const;

  it("ends a session that is being refreshed meanwhile", async () => {
    const user = await register();
    const other = (await login(user.email, user.password)).body;
    const rotation = [
      [
        "UPDATE refresh_tokens SET used_at = now() WHERE token_hash = sha256($1::bytea)",
        [Buffer.from(other.refresh_token)],
      ],
      [
        "INSERT INTO refresh_tokens SELECT sha256('rotated'), family_id, user_id, now(), expires_at FROM refresh_tokens WHERE token_hash = sha256($1::bytea)",
        [Buffer.from(other.refresh_token)],
      ],
    ] as const;
    assert.equal((await duringTransaction(taskflow.databaseUrl, rotation, () => change(user))).status, 204);
    assert.equal(
      (await taskflow.query("SELECT FROM refresh_tokens WHERE user_id = $1", [user.userId])).length,
      1,
      "the caller's",
    );
  });

  it("lets no session begin with the password that it ends", async () => {
    const user = await register();
    const crossing = await duringTransaction(taskflow.databaseUrl, underWay(user.userId), () =>
      login(user.email, user.password),
    );
    assertRefused(crossing, 401, "invalid_credentials");
    assert.equal((await taskflow.query("SELECT FROM refresh_tokens WHERE user_id = $1", [user.userId])).length, 1);
  });

  it("gives way to another one that was faster", async () => {
    const user = await register();
    const other = (await login(user.email, user.password)).body;
    assertWrongPassword(
      await duringTransaction(taskflow.databaseUrl, underWay(user.userId), () => change(user)),
      "current_password",
    );
    assert.equal((await refresh(other)).status, 200);
  });
});

describe("a change of the e-mail", () => {
  const change = (user: TestUser, email: string, sent: object = {}) =>
    user.api<User & Problem>("POST", "/auth/email", { password: user.password, email, ...sent });

  it("answers the user, and is what one signs in with from then on", async () => {
    const user = await register({ name: "Ada" });
    const { status, body } = await change(user, "Ada.Lovelace@Example.org");
    assert.deepEqual([status, body], [200, { ...user.session.user, email: "ada.lovelace@example.org" }]);
    assert.equal((await login("ada.lovelace@example.org", user.password)).status, 200);
    assertRefused(await login(user.email, user.password), 401, "invalid_credentials");
    assert.equal((await register({ email: user.email })).email, user.email, "the old one is free");
  });

  it("leaves sessions and API tokens alone", async () => {
    const user = await register();
    const api = await issueToken(user);
    await change(user, "alone@example.org");
    assert.equal((await api("GET", "/auth/me")).status, 200);
    assert.equal((await refresh(user.session)).status, 200);
  });

  it("asks for the password", async () => {
    const user = await register();
    assertWrongPassword(await change(user, "new@example.org", { password: "wrong" }), "password");
    assert.equal((await user.api<User>("GET", "/auth/me")).body.email, user.email);
  });

  it("refuses one that another account has, in any case of letters, and takes one's own", async () => {
    const [user, other] = [await register(), await register()];
    assertRefused(await change(user, other.email.toUpperCase()), 409, "email_taken");
    assert.equal((await change(user, user.email.toUpperCase())).status, 200);
  });

  it("has the rules of registering", async () => {
    const user = await register();
    for (const email of ["nobody", "a\u0000b@example.org", `${"x".repeat(250)}@example.org`])
      assertInvalid(await change(user, email), "email");
  });
});

describe("who may change them", () => {
  const requests = [
    ["/auth/password", (user: TestUser) => ({ current_password: user.password, new_password: newPassword })],
    ["/auth/email", (user: TestUser) => ({ password: user.password, email: "by-token@example.org" })],
  ] as const;

  for (const [path, bodyFor] of requests) {
    it(`is a person who signed in, not an API token nor a service: ${path}`, async () => {
      const user = await register();
      assertRefused(await (await issueToken(user))<Problem>("POST", path, bodyFor(user)), 403, "forbidden");
      assertRefused(
        await taskflow.client.api(taskflow.config.serviceToken)<Problem>("POST", path, bodyFor(user)),
        403,
        "forbidden",
      );
      assertRefused(await anyone<Problem>("POST", path, bodyFor(user)), 401, "unauthenticated");
      assert.equal((await login(user.email, user.password)).status, 200);
    });

    it(`is nobody after the account was closed: ${path}`, async () => {
      const user = await register();
      await user.api("DELETE", "/auth/me", { password: user.password });
      assertRefused(await user.api<Problem>("POST", path, bodyFor(user)), 401, "unauthenticated");
    });
  }
});
