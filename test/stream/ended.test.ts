import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { IssuedApiToken, NewApiToken } from "../../src/contract/account.ts";
import type { StreamTicket } from "../../src/contract/stream.ts";
import type { TestUser } from "../harness/client.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import type { EventStream } from "./event-stream.ts";
import { transports } from "./transports.ts";

/** Two replicas with one database: what ends at one of them ends at the other. */
let first: TaskFlow;
let second: TaskFlow;
before(async () => {
  const env = { TASKFLOW_JWT_SECRET: "one secret for both of the replicas here" };
  first = await startTaskFlow({ env });
  second = await startTaskFlow({ env, databaseUrl: first.databaseUrl });
});
after(async () => {
  await second.stop();
  await first.stop();
});

const issue = async (user: Pick<TestUser, "api">, wanted: Partial<NewApiToken> = {}): Promise<IssuedApiToken> => {
  const { status, body } = await user.api<IssuedApiToken>("POST", "/auth/tokens", {
    name: "script",
    scopes: ["read", "write"],
    ...wanted,
  });
  assert.equal(status, 201);
  return body;
};

for (const { name, open } of transports)
  describe(`an open stream by ${name}`, () => {
    const openAtBoth = async (token: string): Promise<EventStream[]> => {
      const streams = await Promise.all([first, second].map(({ url }) => open(url, { token })));
      for (const stream of streams) await stream.received(1);
      return streams;
    };
    const ended = (streams: readonly EventStream[]): Promise<unknown> =>
      Promise.all(streams.map((stream) => stream.ended));
    const goesOn = async (streams: readonly EventStream[], user: TestUser): Promise<void> => {
      const { length } = streams[0]?.events ?? [];
      await user.api("POST", "/tasks", { title: "still here" });
      for (const stream of streams) await stream.received(length + 1);
      for (const stream of streams) stream.cut();
    };

    test("ends when its API token is revoked, and only that one's", async () => {
      const user = await first.client.register();
      const [token, other] = [await issue(user), await issue(user)];
      const streams = await openAtBoth(token.token);
      const others = await openAtBoth(other.token);
      assert.equal((await user.api("DELETE", `/auth/tokens/${token.id}`)).status, 204);
      await ended(streams);
      await goesOn(others, user);
    });

    test("ends with the token that made its token", async () => {
      const user = await first.client.register();
      const parent = await issue(user);
      const child = await issue({ api: first.client.api(parent.token) });
      const streams = await openAtBoth((await issue({ api: first.client.api(child.token) })).token);
      assert.equal((await user.api("DELETE", `/auth/tokens/${parent.id}`)).status, 204);
      await ended(streams);
    });

    test("ends with a logout, of its session and no other", async () => {
      const user = await first.client.register();
      const other = await first.client.login(user);
      const [streams, others] = [await openAtBoth(user.token), await openAtBoth(other.token)];
      await first.client.api()("POST", "/auth/logout", { refresh_token: user.session.refresh_token });
      await ended(streams);
      await goesOn(others, other);
    });

    test("ends when the password is changed on another device, and goes on here", async () => {
      const user = await first.client.register();
      const other = await first.client.login(user);
      const [streams, others] = [await openAtBoth(user.token), await openAtBoth(other.token)];
      const change = { current_password: user.password, new_password: "a new pass phrase" };
      assert.equal((await user.api("POST", "/auth/password", change)).status, 204);
      await ended(others);
      await goesOn(streams, user);
    });

    test("that a ticket opened ends with the session that asked for the ticket", async () => {
      const user = await first.client.register();
      const { body } = await user.api<StreamTicket>("POST", "/notifications/stream-ticket");
      const stream = await open(second.url, { ticket: body.ticket });
      await stream.received(1);
      await first.client.api()("POST", "/auth/logout", { refresh_token: user.session.refresh_token });
      await stream.ended;
    });

    test("ends when its user is disabled, whoever does it, by whatever it was opened", async () => {
      const user = await first.client.register();
      const [byToken] = await openAtBoth((await issue(user, { independent: true })).token);
      const bySession = await openAtBoth(user.token);
      await first.query("UPDATE users SET disabled_at = now() WHERE id = $1", [user.userId]);
      await ended([byToken as EventStream, ...bySession]);
    });

    test("ends when the account is closed", async () => {
      const user = await first.client.register();
      const streams = await openAtBoth(user.token);
      assert.equal((await user.api("DELETE", "/auth/me", { password: user.password })).status, 204);
      await ended(streams);
    });
  });

describe("a stream whose token has reached its time", () => {
  let beating: TaskFlow;
  before(async () => {
    beating = await startTaskFlow({ env: { TASKFLOW_STREAM_HEARTBEAT_SECONDS: "1" } });
  });
  after(() => beating.stop());

  for (const { name, open } of transports)
    test(`ends at a heartbeat by ${name}`, async () => {
      const user = await beating.client.register();
      const { id, token } = await issue(user);
      const stream = await open(beating.url, { token });
      await stream.received(1);
      await beating.query("UPDATE api_tokens SET expires_at = now() - interval '1 second' WHERE id = $1", [id]);
      await stream.ended;
    });
});
