import assert from "node:assert/strict";
import { test } from "node:test";
import type { Subscription } from "../../../ports.ts";
import { createRecentFaults, missingIn } from "./readiness.ts";
import { refusalInWords } from "./sidecar.ts";

const created: Subscription = {
  consumer: "audit-logger",
  topics: ["taskflow.tasks.created"],
  handle: () => Promise.resolve(),
};
const expected = {
  pubsub: "taskflow-pubsub",
  broadcastPubsub: "taskflow-broadcast",
  subscriptions: [created, { ...created, broadcast: true }],
};
const components = ["taskflow-pubsub", "taskflow-broadcast"].map((name) => ({ name, type: "pubsub.kafka" }));
const subscriptions = components.map(({ name }) => ({ pubsubname: name, topic: "taskflow.tasks.created" }));

void test("nothing is missing where components and subscriptions are there", () => {
  assert.deepEqual(missingIn({ components, subscriptions }, expected), []);
});

void test("what a sidecar lacks is named", () => {
  assert.deepEqual(missingIn({}, expected), [
    "the sidecar has not loaded the pub/sub component taskflow-pubsub",
    "the sidecar has not loaded the pub/sub component taskflow-broadcast",
    "the sidecar has no subscription to taskflow.tasks.created on taskflow-pubsub",
    "the sidecar has no subscription to taskflow.tasks.created on taskflow-broadcast",
  ]);
  assert.deepEqual(
    missingIn(
      { components: [{ name: "taskflow-pubsub", type: "state.postgresql" }] },
      { ...expected, subscriptions: [] },
    ),
    ["the sidecar has not loaded the pub/sub component taskflow-pubsub"],
  );
});

void test("a fault stands until it is over, or was not seen for half a minute; the same words stand once", () => {
  let now = 0;
  const faults = createRecentFaults(() => now);
  faults.add("one", "the broker does not answer");
  faults.add("two", "the broker does not answer");
  assert.deepEqual(faults.list(), ["the broker does not answer"]);
  faults.clear("one");
  now = 29_999;
  assert.deepEqual(faults.list(), ["the broker does not answer"]);
  now = 30_000;
  assert.deepEqual(faults.list(), []);
});

const words: readonly (readonly [number, object, RegExp])[] = [
  [401, {}, /DAPR_API_TOKEN/],
  [
    404,
    { errorCode: "ERR_PUBSUB_NOT_FOUND", message: "pubsub taskflow-pubsub is not found" },
    /no such pub\/sub component: pubsub taskflow-pubsub/,
  ],
  [
    403,
    { errorCode: "ERR_PUBSUB_FORBIDDEN", message: "topic x is not allowed for app id y" },
    /does not allow it: topic x/,
  ],
  [
    500,
    {
      errorCode: "ERR_PUBSUB_PUBLISH_MESSAGE",
      message:
        "error when publish to topic taskflow.tasks.created in pubsub taskflow-pubsub: kafka server: Request was for a topic or partition that does not exist on this broker",
    },
    /^the topic taskflow\.tasks\.created does not exist at the broker/,
  ],
  [
    500,
    { errorCode: "ERR_PUBSUB_PUBLISH_MESSAGE", message: "circuit breaker is open" },
    /^the broker does not take events: circuit breaker is open$/,
  ],
];

void test("each refusal of the sidecar says in words what is wrong", () => {
  for (const [status, body, sentence] of words) assert.match(refusalInWords(status, JSON.stringify(body)), sentence);
  assert.match(refusalInWords(502, "<html>bad gateway</html>"), /<html>bad gateway/);
});
