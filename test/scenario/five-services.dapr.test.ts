import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { until } from "../harness/until.ts";
import { deliveriesOf, untilJoined } from "../services/broadcast.ts";
import { openStream, range, sequences } from "../stream/event-stream.ts";
import { eachStory, type FiveServicesShape, fiveServices, shapeTest } from "./shapes.ts";

shapeTest("the stories, told to five services on Dapr, Kafka and PostgreSQL", fiveServices, async (t, shape) => {
  await eachStory(t, shape);
  await t.test("two replicas of the notification service, a client on each, and both see everything as it happens", () => bothReplicasSeeAll(t, shape));
});

async function bothReplicasSeeAll(t: TestContext, { services, client }: FiveServicesShape): Promise<void> {
  const replicas = [services.place("notification-service"), await services.addReplica("notification-service")];
  t.after(() => replicas[1]?.stop());
  await services.ready();
  const user = await client.register();
  const screens = await Promise.all(replicas.map(({ url }) => openStream(url, { token: user.token, since: 0 })));
  const write = (title: string) => user.api("POST", "/tasks", { title });
  const writes = await untilJoined(replicas, () => write("has it joined?"));
  const before = await Promise.all(replicas.map(deliveriesOf));
  await Promise.all(Array.from({ length: 50 }, (_none, index) => write(`both ${index}`)));
  for (const screen of screens) {
    const frames = await screen.received(writes + 50);
    assert.deepEqual(sequences(frames), range(1, writes + 50));
    screen.cut();
  }
  await until("each was given all 50 by the bus", async () => {
    const now = await Promise.all(replicas.map(deliveriesOf));
    return now.every((given, index) => given >= (before[index] ?? 0) + 50);
  });
}
