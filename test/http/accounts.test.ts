import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { IssuedApiToken, Session, User } from "../../src/contract/account.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { Api, TestUser } from "../harness/client.ts";
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
const registration = { email: "someone@example.org", password: "long enough" };

describe("registration", () => {
  it("answers a session and the account", async () => {
    const { status, body } = await anyone<Session>("POST", "/auth/register", {
      email: "Ada@Example.org",
      password: "long enough",
      name: " Ada ",
      time_zone: "europe/london",
    });
    assert.equal(status, 201);
    assert.equal(body.token, body.access_token);
    assert.equal(body.token_type, "Bearer");
    assert.equal(body.expires_in, 900);
    const { id: _id, created_at: _at, ...account } = body.user;
    assert.deepEqual(account, {
      email: "ada@example.org",
      name: "Ada",
      role: "user",
      time_zone: "Europe/London",
      week_start: "monday",
      all_day_hour: 9,
    });
    const me = await taskflow.client.api(body.access_token)<User>("GET", "/auth/me");
    assert.deepEqual(me.body, body.user);
  });

  it("is known as signup too, and its zone is UTC unless it says another", async () => {
    const { status, body } = await anyone<Session>("POST", "/auth/signup", {
      email: "signup@example.org",
      password: "long enough",
    });
    assert.deepEqual([status, body.user.time_zone], [201, "UTC"]);
  });

  it("makes the first account of the installation its administrator, and no other", async () => {
    assert.equal(first.session.user.role, "admin");
    assert.equal((await register()).session.user.role, "user");
  });

  it("refuses an e-mail that is taken, in any case of letters", async () => {
    const { email } = await register();
    assertRefused(
      await anyone<Problem>("POST", "/auth/register", { ...registration, email: email.toUpperCase() }),
      409,
      "email_taken",
    );
  });

  it("gives an e-mail to one of many who ask at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => anyone("POST", "/auth/register", { ...registration, email: "race@example.org" })),
    );
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409, 409, 409, 409]);
  });

  const bad: readonly (readonly [field: string, input: object])[] = [
    ["email", { password: "long enough" }],
    ["email", { ...registration, email: "nobody" }],
    ["email", { ...registration, email: "a\u0000b@example.org" }],
    ["email", { ...registration, email: 7 }],
    ["password", { ...registration, password: "short" }],
    ["password", { ...registration, password: "Password123" }],
    ["password", { ...registration, password: "someone@example.org" }],
    ["password", { ...registration, password: "x".repeat(201) }],
    ["name", { ...registration, name: "a\u0000b" }],
    ["time_zone", { ...registration, time_zone: "Mars/Olympus" }],
    ["time_zone", { ...registration, time_zone: "" }],
    ["role", { ...registration, role: "admin" }],
  ];
  for (const [field, input] of bad)
    it(`refuses ${JSON.stringify(input).slice(0, 90)} and names ${field}`, async () => {
      assertInvalid(await anyone<Problem>("POST", "/auth/register", input), field);
    });
});

describe("the first account", () => {
  it("is one, however many register at once", async (t) => {
    const empty = await startTaskFlow();
    t.after(() => empty.stop());
    const users = await Promise.all(Array.from({ length: 8 }, () => empty.client.register()));
    assert.equal(users.filter(({ session }) => session.user.role === "admin").length, 1);
  });

  it("cannot be made where registration is closed", async (t) => {
    const closed = await startTaskFlow({ env: { TASKFLOW_REGISTRATION: "closed" } });
    t.after(() => closed.stop());
    assertRefused(
      await closed.client.api()<Problem>("POST", "/auth/register", registration),
      403,
      "registration_closed",
    );
  });
});

describe("signing in", () => {
  it("takes the e-mail in any case of letters", async () => {
    const { email, password, userId } = await register();
    const { status, body } = await anyone<Session>("POST", "/auth/login", { email: email.toUpperCase(), password });
    assert.deepEqual([status, body.user.id], [200, userId]);
  });

  it("answers a wrong password and an unknown e-mail in the same words", async () => {
    const { email, password } = await register();
    const wrong = assertRefused(
      await anyone<Problem>("POST", "/auth/login", { email, password: `${password}!` }),
      401,
      "invalid_credentials",
    );
    const unknown = assertRefused(
      await anyone<Problem>("POST", "/auth/login", { email: "nobody@example.org", password }),
      401,
      "invalid_credentials",
    );
    assert.equal(wrong.detail, unknown.detail);
    assertRefused(await anyone<Problem>("POST", "/auth/login", { email: "a\u0000b", password }), 422, "validation");
  });
});

describe("a request", () => {
  it("without a token, or with one that is none, is answered 401", async () => {
    const forged = `${first.token.slice(0, -3)}${first.token.endsWith("AAA") ? "QQQ" : "AAA"}`;
    for (const token of [undefined, "nonsense", forged, "tf_nonsense"]) {
      const answer = await taskflow.client.api(token)<Problem>("GET", "/auth/me");
      assertRefused(answer, 401, "unauthenticated");
      assert.equal(answer.headers.get("www-authenticate"), "Bearer");
    }
  });
});

describe("the log", () => {
  it("holds no password, no token and no e-mail", async () => {
    const { session, password, email, token, api } = await register();
    const issued = await api<IssuedApiToken>("POST", "/auth/tokens", { name: "script", scopes: ["read"] });
    await anyone("POST", "/auth/login", { email, password: `${password}!` });
    await anyone("POST", "/auth/refresh", { refresh_token: session.refresh_token });
    await taskflow.client.api(`${token}x`)("GET", "/auth/me");
    for (const secret of [password, token, session.refresh_token, issued.body.token, email, taskflow.config.jwtSecret])
      assert.ok(!taskflow.logged().includes(secret));
  });
});
