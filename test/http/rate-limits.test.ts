import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import type { Answer, TestUser } from "../harness/client.ts";
import { assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

let taskflow: TaskFlow;
let users: readonly TestUser[];

before(async () => {
  taskflow = await startTaskFlow({
    env: {
      TASKFLOW_RATE_LIMITS: "on",
      TASKFLOW_RATE_LIMIT_LOGIN: "3",
      TASKFLOW_RATE_LIMIT_REGISTER: "3",
      TASKFLOW_RATE_LIMIT_API: "4",
    },
  });
  users = [await taskflow.client.register(), await taskflow.client.register()];
});
after(() => taskflow.stop());

const statuses = (answers: readonly Answer<unknown>[]): number[] => answers.map(({ status }) => status);

describe("a limit", () => {
  const anyone = () => taskflow.client.api();

  it("of logins holds by address, and says when to come again", async () => {
    const login = () => anyone()<Problem>("POST", "/auth/login", { email: "nobody@example.org", password: "x" });
    assert.deepEqual(statuses([await login(), await login(), await login()]), [401, 401, 401]);
    const refused = await login();
    assertRefused(refused, 429, "rate_limited");
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
  });

  it("of registrations holds by either name", async () => {
    const registration = { email: "third@example.org", password: "long enough" };
    assert.equal((await anyone()("POST", "/auth/signup", registration)).status, 201);
    for (const name of ["register", "signup"])
      assertRefused(await anyone()<Problem>("POST", `/auth/${name}`, registration), 429, "rate_limited");
  });

  it("of guesses at a password holds by user, wherever it is asked for", async () => {
    const guess = async ({ api }: TestUser) => [
      await api<Problem>("POST", "/auth/password", { current_password: "guessed", new_password: "long enough" }),
      await api<Problem>("POST", "/auth/email", { password: "guessed", email: "x@example.org" }),
      await api<Problem>("DELETE", "/auth/me", { password: "guessed" }),
      await api<Problem>("POST", "/auth/password", { current_password: "guessed", new_password: "long enough" }),
    ];
    for (const user of users) assert.deepEqual(statuses(await guess(user)), [403, 403, 403, 429]);
  });

  it("of requests holds by user, over all routes", async () => {
    const ask = async ({ api }: TestUser) =>
      statuses([
        await api("GET", "/auth/me"),
        await api("GET", "/tasks"),
        await api("POST", "/tasks", { title: "third" }),
        await api("GET", "/notifications"),
        await api("GET", "/activity-logs"),
      ]);
    for (const user of users) assert.deepEqual(await ask(user), [200, 200, 201, 200, 429]);
  });
});
