import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { until } from "../harness/until.ts";
import { openStream, range, sequences } from "../stream/event-stream.ts";
import { eachStory, type FiveServicesShape, fiveServices, shapeTest } from "./shapes.ts";

shapeTest("the stories, told to five services on Dapr, Kafka and PostgreSQL", fiveServices, async (t, shape) => {
  await eachStory(t, shape);
  await t.test("two replicas of the notification service, a client on each, and both see everything as it happens", () => bothReplicasSeeAll(t, shape));
});

async function bothReplicasSeeAll(t: TestContext, { services, client }: FiveServicesShape): Promise<void> {
  const replica = await services.addReplica("notification-service");
  t.after(replica.stop);
  await services.ready();
  const user = await client.register();
  const screens = await Promise.all([services.place("notification-service").url, replica.url].map((url) => openStream(url, { token: user.token, since: 0 })));
  const delivered = async (): Promise<readonly number[]> => Promise.all([services.place("notification-service").url, replica.url].map(deliveries));
  // A sidecar does not say when it has joined the broadcast: write until each replica was given an event.
  const before = await delivered();
  let writes = 0;
  await until("both replicas have joined the broadcast", async () => {
    await user.api("POST", "/tasks", { title: `task ${(writes += 1)}` });
    return (await delivered()).every((count, index) => count > (before[index] ?? 0));
  });
  const joined = await delivered();
  await Promise.all(Array.from({ length: 50 }, (_none, index) => user.api("POST", "/tasks", { title: `both ${index}` })));
  for (const screen of screens) {
    const frames = await screen.received(writes + 50);
    assert.deepEqual(sequences(frames), range(1, writes + 50));
    screen.cut();
  }
  await until("both were given all 50 by the bus", async () => (await delivered()).every((count, index) => count >= (joined[index] ?? 0) + 50));
}

/** How many events the bus gave to the service at this address. */
async function deliveries(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(/^taskflow_events_consumed_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}
