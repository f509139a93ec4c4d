import assert from "node:assert/strict";
import { test } from "node:test";
import { v7 as uuidv7 } from "uuid";
import { type TaskFlowEvent, topics } from "../../src/contract/event.ts";
import type { DeadLetter, Subscription } from "../../src/ports.ts";
import { waitFor } from "../infra/process.ts";
import { taskEventOf } from "../outbox/events.ts";
import { appToken, createDaprHarness } from "./dapr-harness.ts";

const UPDATED = topics["task.updated"];
const ROUTE = `/events/${UPDATED}`;
const LETTERS = "taskflow.dead-letters.audit-logger";
const apiToken = "the-app-shows-this";

void test("deliveries of a sidecar: who may, what is refused, what is missing", { timeout: 580_000 }, async (t) => {
  const harness = await createDaprHarness(t);
  if (harness === undefined) return;
  const place = harness.place("audit-logger");
  const taken: TaskFlowEvent[] = [];
  const audit: Subscription = {
    consumer: "audit-logger",
    topics: Object.values(topics),
    handle: async (event) => void taken.push(event),
  };
  const app = harness.app(place, [audit]);
  await app.listen();
  t.after(() => app.stop());
  await place.sidecar.ready();

  const post = (headers: Readonly<Record<string, string>>, of = app) =>
    of.server.inject({
      method: "POST",
      url: ROUTE,
      headers: { "content-type": "application/cloudevents+json", ...headers },
      payload: { data: taskEventOf() },
    });
  const publish = async (topic: string, body: string, how: { type?: string; query?: string } = {}): Promise<void> => {
    const headers = { "content-type": how.type ?? "application/cloudevents+json", "dapr-api-token": apiToken };
    const { status } = await fetch(`${place.sidecar.url}/v1.0/publish/taskflow-pubsub/${topic}${how.query ?? ""}`, {
      method: "POST",
      headers,
      body,
    });
    assert.equal(status, 204);
  };
  const publishData = (topic: string, data: unknown) =>
    publish(topic, JSON.stringify({ specversion: "1.0", id: uuidv7(), source: "test", type: "task.updated", data }));
  const letter = (is: (letter: DeadLetter) => boolean) =>
    waitFor(async () => (await harness.deadLetters()).find(is), { what: "the dead letter" });
  const arrived = ({ event_id }: TaskFlowEvent) =>
    waitFor(() => taken.some((event) => event.event_id === event_id), { what: "the event" });

  await t.test(
    "without the sidecar's token, or by an invocation, a delivery is a 401 and changes nothing",
    async () => {
      const before = taken.length;
      const invoked = { "dapr-api-token": appToken, "dapr-caller-app-id": "reminder-service" };
      for (const headers of [{}, { "dapr-api-token": "another" }, { "dapr-api-token": `${appToken}x` }, invoked])
        assert.equal((await post(headers)).statusCode, 401);
      for (const url of ["/events/dead-letter", `/events/broadcast/${UPDATED}`])
        assert.equal((await app.server.inject({ method: "POST", url })).statusCode, 401);
      assert.equal(taken.length, before);
      assert.match(
        (await app.metrics.render()).body,
        /taskflow_events_refused_total\{consumer="audit-logger",reason="invocation"\} 1/,
      );
      assert.ok((await app.bus.missing()).includes("a delivery was refused: the sidecar's APP_API_TOKEN is not ours"));
    },
  );

  await t.test("without APP_API_TOKEN nobody may deliver, and readiness says so", async () => {
    const open = harness.app(place, [audit], { appToken: undefined });
    assert.equal((await post({ "dapr-api-token": appToken }, open)).statusCode, 401);
    assert.equal((await post({ "dapr-api-token": "" }, open)).statusCode, 401);
    assert.ok((await open.bus.missing()).includes("APP_API_TOKEN is not set, so deliveries are refused"));
    await open.stop();
  });

  await t.test("what is no valid event is kept with the reason, counted, and not delivered again", async () => {
    const invalid = { ...taskEventOf(), sequence: "first" };
    await publishData(UPDATED, invalid);
    const kept = await letter(of(invalid));
    assert.deepEqual(
      [kept.consumer, kept.reason, kept.attempts],
      ["audit-logger", "not a valid event: sequence must be integer", 1],
    );
    assert.match(
      (await app.metrics.render()).body,
      /taskflow_events_refused_total\{consumer="audit-logger",reason="invalid"\} 1/,
    );
    const elsewhere = taskEventOf();
    await publishData(topics["task.deleted"], elsewhere);
    assert.match((await letter(of(elsewhere))).reason, /task\.updated came on taskflow\.tasks\.deleted/);
    assert.ok(!taken.some(({ event_id }) => [invalid.event_id, elsewhere.event_id].includes(event_id)));
  });

  await t.test("an event with fields of a later minor version is taken", async () => {
    const later = { ...taskEventOf(), version: "1.42.0", mood: "good" };
    await publishData(UPDATED, later);
    await arrived(later);
  });

  await t.test("bytes that are no JSON are kept too, and hold up nothing", async () => {
    const bytes = `not {json ${uuidv7()}`;
    await publish(UPDATED, bytes, { type: "text/plain", query: "?metadata.rawPayload=true&metadata.partitionKey=k" });
    const behind = taskEventOf();
    await publishData(UPDATED, behind);
    await arrived(behind);
    assert.match((await letter(({ event }) => event === bytes)).reason, /^not a valid event: it is no object$/);
  });

  await t.test(
    "what the sidecar gave up on while the app was away is delivered again, and is no dead letter",
    async () => {
      const event = taskEventOf();
      await publishData(LETTERS, event);
      await arrived(event);
      assert.ok(!(await harness.deadLetters()).some(of(event)));
    },
  );

  await t.test("an event of a topic that nobody here consumes is kept with the reason", async () => {
    const event = taskEventOf();
    await publishData(LETTERS, event);
    await arrived(event);
    const idle = harness.app(place, []);
    await idle.bus.start();
    const answer = await idle.server.inject({
      method: "POST",
      url: ROUTE,
      headers: { "dapr-api-token": appToken },
      payload: JSON.stringify({ data: event }),
    });
    assert.equal(answer.statusCode, 200);
    assert.match((await letter(of(event))).reason, /audit-logger has no consumer for taskflow\.tasks\.updated/);
    await idle.stop();
  });

  await t.test("readiness names what is missing: sidecar, token, component, subscription, topic", async () => {
    // Only a superuser may listen there, and none does.
    const nobody = "http://127.0.0.1:1";
    const lacking = async (
      overrides: Parameters<typeof harness.app>[2],
      during: (bus: typeof app.bus) => Promise<unknown>,
    ) => {
      const other = harness.app(place, [audit], overrides);
      await during(other.bus);
      const missing = await other.bus.missing();
      await other.stop();
      return missing.join("; ");
    };
    /** Asked again and again, as readiness is: a sidecar that takes long for an answer is missing for that moment. */
    const lacks = (
      what: RegExp,
      overrides: Parameters<typeof harness.app>[2],
      during: (bus: typeof app.bus) => Promise<unknown> = () => Promise.resolve(),
    ) => {
      const isSaid = async (): Promise<true> => {
        assert.match(await lacking(overrides, during), what);
        return true;
      };
      return waitFor(isSaid, { what: `readiness to say ${what}` });
    };
    await lacks(/^$/, {});
    await lacks(/^the sidecar does not answer at http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)$/, { sidecarUrl: nobody });
    await lacks(/^the sidecar refuses our token \(DAPR_API_TOKEN\)$/, { apiToken: "wrong" });
    await lacks(/has not loaded the pub\/sub component nope; the sidecar has no subscription to/, { pubsub: "nope" });
    await harness.kafka.tool(
      "org.apache.kafka.tools.TopicCommand",
      "--bootstrap-server",
      harness.kafka.brokers,
      "--delete",
      "--topic",
      topics["task.completed"],
    );
    const completed = taskEventOf({ type: "task.completed" });
    const toNowhere = (bus: typeof app.bus) =>
      waitFor(
        () =>
          bus.publish(completed).then(
            () => false,
            () => true,
          ),
        { what: "a publish that is refused" },
      );
    await lacks(/^the topic taskflow\.tasks\.completed does not exist at the broker/, {}, toNowhere);
  });

  await t.test("a bus that has stopped takes nothing more, so the sidecar keeps it", async () => {
    await app.bus.stop();
    const { statusCode, body } = await post({ "dapr-api-token": appToken });
    assert.deepEqual([statusCode, body], [503, '{"status":"RETRY"}']);
  });
});

const of =
  ({ event_id }: { readonly event_id: string }) =>
  ({ event }: DeadLetter): boolean =>
    (event as TaskFlowEvent).event_id === event_id;
