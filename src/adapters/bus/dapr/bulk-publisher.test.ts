import assert from "node:assert/strict";
import { test } from "node:test";
import { createBulkPublisher, type Message, type Outcomes } from "./bulk-publisher.ts";

const message = (key: string, topic = "t", cloudEvent = key): Message => ({ pubsub: "p", topic, key, cloudEvent });

/** A broker that answers each request when it is told to. */
const createBroker = () => {
  const requests: { keys: string[]; answer: (outcomes?: Outcomes) => void; fail: (error: Error) => void }[] = [];
  const publish = createBulkPublisher({
    send(messages) {
      const { promise, resolve, reject } = Promise.withResolvers<Outcomes>();
      requests.push({
        keys: messages.map(({ key }) => key),
        answer: (outcomes = messages.map(() => undefined)) => resolve(outcomes),
        fail: reject,
      });
      return promise;
    },
  });
  const sent = (): string[][] => requests.map(({ keys }) => keys);
  return { publish, requests, sent };
};

void test("a message is sent at once, and what comes while two requests are under way goes together", async () => {
  const { publish, requests, sent } = createBroker();
  const published = ["a", "b", "c", "d", "e"].map((key) => publish(message(key)));
  assert.deepEqual(sent(), [["a"], ["b"]]);
  requests[0]?.answer();
  await published[0];
  await Promise.resolve();
  assert.deepEqual(sent(), [["a"], ["b"], ["c", "d", "e"]]);
  requests[1]?.answer();
  requests[2]?.answer();
  await Promise.all(published);
});

void test("topics do not wait for each other", () => {
  const { publish, sent } = createBroker();
  for (const key of ["a", "b", "c"]) void publish(message(key, "one"));
  void publish(message("d", "two"));
  assert.deepEqual(sent(), [["a"], ["b"], ["d"]]);
});

void test("each message has its own outcome, and a request that fails fails for all of it", async () => {
  const { publish, requests } = createBroker();
  void publish(message("a"));
  const failing = publish(message("b"));
  const [good, bad] = [publish(message("c")), publish(message("d"))];
  requests[0]?.answer();
  requests[1]?.fail(new Error("no broker"));
  await assert.rejects(failing, /no broker/);
  requests[2]?.answer([undefined, new Error("too large")]);
  await good;
  await assert.rejects(bad, /too large/);
});

void test("a request holds a hundred messages and half a million characters at most, and one that is longer goes alone", async () => {
  const { publish, requests, sent } = createBroker();
  const all = [
    message("first"),
    message("second"),
    ...Array.from({ length: 101 }, () => message("k")),
    message("long", "t", "x".repeat(600_000)),
    message("last"),
  ].map(publish);
  requests[0]?.answer();
  await all[0];
  await Promise.resolve();
  requests[1]?.answer();
  await all[1];
  await Promise.resolve();
  assert.deepEqual(
    sent()
      .slice(2)
      .map(({ length }) => length),
    [100, 1],
  );
  requests[3]?.answer();
  await all[102];
  await Promise.resolve();
  assert.deepEqual(sent().at(-1), ["long"]);
});
