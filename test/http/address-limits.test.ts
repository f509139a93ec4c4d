import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

/** The tests stand where a proxy does, and say which address a request came from. */
let taskflow: TaskFlow;

before(async () => {
  taskflow = await startTaskFlow({
    env: {
      TASKFLOW_TRUST_PROXY: "on",
      TASKFLOW_RATE_LIMITS: "on",
      TASKFLOW_RATE_LIMIT_ADDRESS: "3",
      TASKFLOW_RATE_LIMIT_REFUSED: "3",
      TASKFLOW_RATE_LIMIT_LOGIN: "2",
    },
  });
});
after(() => taskflow.stop());

const ask = async (
  path: string,
  from: string,
  headers: Readonly<Record<string, string>> = {},
  init: RequestInit = {},
) => (await fetch(`${taskflow.url}${path}`, { ...init, headers: { ...headers, "x-forwarded-for": from } })).status;

const askOften = async (times: number, one: () => Promise<number>): Promise<number[]> => {
  const statuses: number[] = [];
  for (let time = 0; time < times; time += 1) statuses.push(await one());
  return statuses;
};

describe("a limit by address", () => {
  it("holds for documents, files and addresses where nothing is, and never for probes", async () => {
    const paths = ["/openapi.json", "/nothing", "/docs", "/api/v1/openapi.json"];
    const statuses: number[] = [];
    for (const path of paths) statuses.push(await ask(path, "198.51.100.1"));
    assert.deepEqual(statuses, [200, 404, 200, 429]);
    assert.equal(await ask("/health/live", "198.51.100.1"), 200);
    assert.equal(await ask("/health/ready", "198.51.100.1"), 200);
    assert.equal(await ask("/openapi.json", "198.51.100.2"), 200);
  });

  it("takes a /64 of IPv6 for one", async () => {
    const addresses = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::", "2001:0db8:0001:0002:0:0:0:9", "2001:db8:1:2::abcd"];
    const statuses: number[] = [];
    for (const address of addresses) statuses.push(await ask("/", address));
    assert.deepEqual(statuses, [200, 200, 200, 429]);
    assert.equal(await ask("/", "2001:db8:1:3::1"), 200);
  });

  it("counts what the proxy says, not what the client said to the proxy", async () => {
    const body = JSON.stringify({ email: "nobody@example.org", password: "guessed" });
    let guess = 0;
    const login = () => {
      guess += 1;
      return ask(
        "/api/v1/auth/login",
        `203.0.113.${guess}, 198.51.100.3`,
        { "content-type": "application/json" },
        { method: "POST", body },
      );
    };
    assert.deepEqual(await askOften(4, login), [401, 401, 429, 429]);
  });
});

describe("wrong tokens", () => {
  const me = (token: string, from: string) => ask("/api/v1/auth/me", from, { authorization: `Bearer ${token}` });

  it("are limited by address; one that was good goes on, and so does who is signed in", async () => {
    const user = await taskflow.client.register();
    const issue = await user.api<{ token: string }>("POST", "/auth/tokens", { name: "agent", scopes: ["read"] });
    assert.equal(issue.status, 201);
    const from = "198.51.100.4";
    assert.equal(await me(issue.body.token, from), 200);
    assert.deepEqual(await askOften(4, () => me(`tf_${"x".repeat(43)}`, from)), [401, 401, 401, 429]);
    assert.equal(await me(issue.body.token, from), 200);
    assert.equal(await me(user.token, from), 200);
    assert.equal(await me(`tf_${"x".repeat(43)}`, "198.51.100.5"), 401);
  });
});

describe("forwarded headers", () => {
  it("of a peer that is not trusted change nothing, and are said once", async () => {
    const alone = await startTaskFlow({
      databaseUrl: taskflow.databaseUrl,
      env: { TASKFLOW_RATE_LIMITS: "on", TASKFLOW_RATE_LIMIT_ADDRESS: "2" },
    });
    try {
      const statuses: number[] = [];
      for (const from of ["198.51.100.7", "198.51.100.8", "198.51.100.9"])
        statuses.push((await fetch(`${alone.url}/`, { headers: { "x-forwarded-for": from } })).status);
      assert.deepEqual(statuses, [200, 200, 429]);
      assert.equal(alone.logged().split("TASKFLOW_TRUST_PROXY").length - 1, 1);
    } finally {
      await alone.stop();
    }
  });

  it("of the nearest proxy that is trusted are no news", () =>
    assert.ok(!taskflow.logged().includes("TASKFLOW_TRUST_PROXY")));
});

describe("a refusal by a limit", () => {
  it("is a problem document that says when to come again", async () => {
    const headers = { "x-forwarded-for": "198.51.100.1" };
    const answer = await fetch(`${taskflow.url}/openapi.json`, { headers });
    assert.equal(((await answer.json()) as Problem).code, "rate_limited");
    assert.ok(Number(answer.headers.get("retry-after")) > 0);
  });
});
