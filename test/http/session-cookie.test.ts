import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Session, User } from "../../src/contract/account.ts";
import { cookieSession } from "../../src/contract/cookie-session.ts";
import type { StreamTicket } from "../../src/contract/stream.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { Answer, Api } from "../harness/client.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

let taskflow: TaskFlow;

before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

const anyone: Api = (...request) => taskflow.client.api()(...request);
const asBrowser = { [cookieSession.header]: cookieSession.value };

/** What a browser would keep of an answer and send again. */
const cookieOf = ({ headers }: Pick<Answer<unknown>, "headers">): string =>
  headers.get("set-cookie")?.split(";")[0] ?? assert.fail("no cookie was set");

const signIn = async (headers: Readonly<Record<string, string>> = {}) => {
  const { email, password } = await taskflow.client.register();
  return anyone<Session & Problem>("POST", "/auth/login", { email, password }, { ...asBrowser, ...headers });
};

const refresh = (headers: Readonly<Record<string, string>>, body: object = {}) =>
  anyone<Session & Problem>("POST", "/auth/refresh", body, headers);

describe("a browser's session", () => {
  it("has its refresh token in a cookie that no script can read, and not in the body", async () => {
    const answer = await signIn();
    assert.equal(answer.status, 200);
    assert.equal("refresh_token" in answer.body, false);
    const [pair, ...attributes] = (answer.headers.get("set-cookie") ?? "").split("; ");
    assert.match(pair ?? "", /^taskflow_refresh_\d+=[\w-]{43}$/);
    assert.deepEqual(attributes.toSorted(), ["HttpOnly", "Max-Age=2592000", "Path=/api/v1/auth", "SameSite=Strict"]);
    assert.equal((await taskflow.client.api(answer.body.access_token)<User>("GET", "/auth/me")).status, 200);
  });

  it("begins in the same way when an account is made", async () => {
    const registration = { email: `cookie-${Date.now()}@example.org`, password: "correct horse battery" };
    const { status, body, headers } = await anyone<Session>("POST", "/auth/register", registration, asBrowser);
    assert.deepEqual([status, "refresh_token" in body], [201, false]);
    assert.ok(headers.get("set-cookie"));
  });

  it("has a cookie for https only, when its page came by https", async () => {
    const answer = await signIn({ origin: `https://${new URL(taskflow.url).host}` });
    assert.match(answer.headers.get("set-cookie") ?? "", /^__Secure-taskflow_refresh_\d+=.*; Secure$/);
    const origin = `https://${new URL(taskflow.url).host}`;
    assert.equal((await refresh({ ...asBrowser, cookie: cookieOf(answer), origin })).status, 200);
  });

  it("takes by https no cookie that something without https has put there", async () => {
    const planted = cookieOf(await signIn());
    const origin = `https://${new URL(taskflow.url).host}`;
    assertRefused(await refresh({ ...asBrowser, cookie: planted, origin }), 401, "session_revoked");
  });

  it("goes on with the cookie alone, each time with a new one", async () => {
    const first = await signIn();
    const second = await refresh({ ...asBrowser, cookie: `other=1; ${cookieOf(first)}` });
    assert.deepEqual([second.status, "refresh_token" in second.body], [200, false]);
    assert.notEqual(cookieOf(second), cookieOf(first));
    assert.equal((await refresh({ ...asBrowser, cookie: cookieOf(second) })).status, 200);
  });

  it("takes over the refresh token that a release before kept in the page", async () => {
    const { session } = await taskflow.client.register();
    const moved = await refresh(asBrowser, { refresh_token: session.refresh_token });
    assert.deepEqual([moved.status, "refresh_token" in moved.body], [200, false]);
    assert.equal((await refresh({ ...asBrowser, cookie: cookieOf(moved) })).status, 200);
  });

  it("ends with a logout, which takes the cookie away", async () => {
    const answer = await signIn();
    const headers = { ...asBrowser, cookie: cookieOf(answer) };
    const { status, headers: sent } = await anyone("POST", "/auth/logout", {}, headers);
    assert.equal(status, 204);
    assert.match(sent.get("set-cookie") ?? "", /^taskflow_refresh_\d+=; Path=\/api\/v1\/auth; Max-Age=0; /);
    assertRefused(await refresh(headers), 401, "session_revoked");
    assertRefused(await refresh(asBrowser), 401, "session_revoked");
    assert.equal((await anyone("POST", "/auth/logout", {}, asBrowser)).status, 204, "again, without a cookie");
  });
});

describe("a page of another site", () => {
  it("cannot use the cookie without the header that it may not send", async () => {
    const cookie = cookieOf(await signIn());
    assertInvalid(await refresh({ cookie }), "refresh_token");
    assertInvalid(await anyone<Problem>("POST", "/auth/logout", {}, { cookie }), "refresh_token");
    assert.equal((await refresh({ ...asBrowser, cookie })).status, 200);
  });

  it("is given no leave to send it, whatever it asks", async () => {
    const answer = await fetch(`${taskflow.url}/api/v1/auth/refresh`, {
      method: "OPTIONS",
      headers: {
        origin: "https://evil.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": cookieSession.header,
      },
    });
    assert.equal(answer.headers.get("access-control-allow-origin"), null);
    assert.equal(answer.headers.get("access-control-allow-headers"), null);
  });

  for (const site of ["cross-site", "same-site", "none"])
    it(`is refused when the browser says that it is one: ${site}`, async () => {
      const cookie = cookieOf(await signIn());
      assertRefused(await refresh({ ...asBrowser, cookie, "sec-fetch-site": site }), 403, "forbidden");
      assertRefused(await signIn({ "sec-fetch-site": site }), 403, "forbidden");
      assert.equal((await refresh({ ...asBrowser, cookie, "sec-fetch-site": "same-origin" })).status, 200);
    });
});

describe("every other client", () => {
  it("has its refresh token in the body, and neither gets nor uses a cookie", async () => {
    const { session, email, password } = await taskflow.client.register();
    const login = await anyone<Session>("POST", "/auth/login", { email, password });
    const rotated = await refresh({}, { refresh_token: session.refresh_token });
    for (const { body, headers } of [login, rotated]) {
      assert.match(body.refresh_token, /^[\w-]{43}$/);
      assert.equal(headers.get("set-cookie"), null);
    }
  });

  it("is told when it sends none", async () => {
    assertInvalid(await refresh({}), "refresh_token");
  });
});

describe("an answer with a token in it", () => {
  it("is kept by nobody on the way, nor is a refusal", async () => {
    const user = await taskflow.client.register();
    const { refresh_token } = user.session;
    const answers = [
      await anyone("POST", "/auth/login", { email: user.email, password: user.password }),
      await anyone("POST", "/auth/login", { email: user.email, password: "wrong" }),
      await anyone("POST", "/auth/login", {}),
      await anyone("POST", "/auth/refresh", { refresh_token }),
      await user.api("GET", "/auth/me"),
      await anyone("GET", "/auth/me"),
      await user.api("GET", "/auth/tokens"),
      await user.api("POST", "/auth/tokens", { name: "script", scopes: ["read"] }),
      await user.api<StreamTicket>("POST", "/notifications/stream-ticket"),
    ];
    assert.deepEqual(
      answers.map(({ headers }) => headers.get("cache-control")),
      answers.map(() => "no-store"),
    );
  });
});
